// A spilled outcome as text, and back.
#pragma once

#include "ledger/runs/spill_file.h"

#include <optional>
#include <string>
#include <string_view>

namespace domspool {

// Long words of the registrar are cut: the room is small, and the outcome is what counts.
std::string write_spilled(const SpilledOutcome& outcome);
// Nothing where write_spilled would not have written it.
std::optional<SpilledOutcome> read_spilled(std::string_view text);

}  // namespace domspool
