// All attempts in doubt, settled in a pass one after the other: each by workflow/doubt/doubt,
// whereupon its order goes on from where that leaves it.
#pragma once

#include "workflow/doubt/doubt.h"
#include "workflow/pending/pending_pass.h"

#include <chrono>
#include <optional>

namespace domspool {

// One about which the registrar answers nothing stays in doubt, with a warning. QueryFailure: the
// registrar is out of reach; what was settled stands.
void settle_doubts(PendingPass& pass, const DoubtSettings& settings);
// Those of one run only.
void settle_doubts_of(RunId run, PendingPass& pass, const DoubtSettings& settings);
// In how long the next of them can be looked at, no less than zero; nothing: there is none.
std::optional<std::chrono::milliseconds> time_to_next_look(const Ledger& ledger, RunId run,
                                                           const Moment& now,
                                                           const DoubtSettings& settings);

}  // namespace domspool
