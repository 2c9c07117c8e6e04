// Orders of a ledger that was put back, each perhaps sent in a run it does not know, settled in a
// pass one after the other by workflow/doubt/perhaps_sent_look. What surely was not sent goes on
// where it stood; what may be there is a person's to decide.
#pragma once

#include "workflow/pending/pending_pass.h"

#include <chrono>

namespace domspool {

// `look_gap`: between the two looks that find nothing. QueryFailure: the registrar is out of reach;
// what was settled stands.
void settle_perhaps_sent(PendingPass& pass, std::chrono::seconds look_gap);

}  // namespace domspool
