// The lists of the control channel: tab-separated, a header line first, cells escaped.
#pragma once

#include "sandbox/model/state.h"

#include <cstdint>
#include <string>

namespace domspool::sandbox {

// Calls with a number above `after`.
std::string table_of_calls(State& state, std::int64_t after);
// All domains, also those of others.
std::string table_of_domains(State& state);
std::string table_of_operations(State& state);

}  // namespace domspool::sandbox
