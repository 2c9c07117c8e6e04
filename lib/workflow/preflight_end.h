// How a check ends the preflight. Only for the sources of the preflight.
#pragma once

#include <string>

#include "workflow/preflight.h"

namespace domspool {

// Thrown by a check that does not let the order go, and caught in preflight().
struct PreflightEnd {
    Verdict::What what;
    std::string code, reason;
};

[[noreturn]] inline void not_possible(const std::string& reason, const std::string& code = "") {
    throw PreflightEnd{Verdict::What::not_possible, code, reason};
}

}  // namespace domspool
