// When the registrar was last asked for its list of pending operations in a pass: it wants to be
// asked no more often than every so many minutes, by all programs together.
#pragma once

#include "ledger/ledger.h"
#include "util/clock.h"

#include <optional>

namespace domspool {

std::optional<Moment> last_pass_begun(const Ledger& ledger);
void note_pass_begun(Ledger& ledger, const Moment& now);

}  // namespace domspool
