// The end of a program that sends: it stays for its own doubts, and says so to a person.
#pragma once

#include "app/program.h"
#include "app/run_setup.h"
#include "bin/outcome_telling.h"

#include <functional>

namespace domspool {

// `send_again`: what is accepted, as the program has sent it.
void stay_for_doubts(Program& program, RunSetup& setup, OutcomeTelling& telling,
                     const std::function<void()>& send_again);

}  // namespace domspool
