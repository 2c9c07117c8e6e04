// What is many in a pass, shared among its lanes.
#pragma once

#include "workflow/pending/pending_pass.h"

#include <cstddef>
#include <functional>

namespace domspool {

// Calls `work` once for each index below `count`, each in one lane: in this one alone where the
// pass has one lane, or there is one thing to do. An order that two of them want is one lane's; the
// other cannot claim it, as if another run had it. What the lanes brought is the pass's, whatever
// ended them. What the first to fail threw is thrown again once all have ended; none begins
// anything after it.
void share_among_lanes(PendingPass& pass, std::size_t count,
                       const std::function<void(PendingPass& lane, std::size_t index)>& work);

}  // namespace domspool
