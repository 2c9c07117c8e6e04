#pragma once

#include "sandbox/model/sandbox_settings.h"
#include "sandbox/model/state.h"

namespace domspool::sandbox {

// Where a call is answered: the state, the rules of this run, the moment, the caller's session.
struct CallScene {
    State& state;
    const Settings& settings;
    Millis now = 0;
    Session session{};  // without id in functions that need none
};

}  // namespace domspool::sandbox
