// All attempts in doubt, settled in a pass one after the other: each by workflow/doubt, whereupon
// its order goes on from where that leaves it.
#pragma once

#include "workflow/doubt.h"
#include "workflow/pending_pass.h"

namespace domspool {

// One about which the registrar answers nothing stays in doubt, with a warning. QueryFailure: the
// registrar is out of reach; what was settled stands.
void settle_doubts(PendingPass& pass, const DoubtSettings& settings);

}  // namespace domspool
