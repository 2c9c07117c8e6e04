// One run of the registrar on loopback, from its options to the signal that ends it.
#pragma once

#include "sandbox/control/run_options.h"

#include <functional>
#include <string>

namespace domspool::sandbox {

// `announce`: given the address once it is served. A private state goes with the run, the port file
// too. RunFailure, store::StoreError.
void serve(RunOptions options, const std::function<void(const std::string& address)>& announce);

}  // namespace domspool::sandbox
