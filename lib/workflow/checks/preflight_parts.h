// What the checks of the preflight work with, and how one ends it. Only for its sources.
#pragma once

#include "workflow/checks/preflight.h"

#include <string>

namespace domspool {

struct PreflightParts {
    const Order& order;
    const PreflightSettings& settings;
    AnswerCache& cache;
    RegistrarQueries& queries;
};

// Thrown by a check that does not let the order go, and caught in preflight().
struct PreflightEnd {
    Verdict::What what;
    std::string code, reason;
};

[[noreturn]] inline void not_possible(const std::string& reason, const std::string& code = "") {
    throw PreflightEnd{Verdict::What::not_possible, code, reason};
}

}  // namespace domspool
