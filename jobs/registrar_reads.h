// One harmless read per shape of parameters: whether the registrar understands what we send, and we
// what it answers.
#pragma once

#include "registrar/registrar.h"
#include "report/terminal/finding.h"

#include <functional>

namespace domspool {

// A read that fails does not stop the others.
void check_reads(RegistrarQueries& queries, const std::function<void(const Finding&)>& tell);

}  // namespace domspool
