// Operations that had failed and that the registrar's support has started again: they stand in the
// list of pending ones once more (SAFETY, "The pending list").
#pragma once

#include "workflow/pending/pending_pass.h"

namespace domspool {

// Of each operation in the list that was not open here, is of a failed order, and for which
// queryOpe says that it is pending: the order waits for it again. It is held instead if it was sent
// once more since; if another order stands in its place or has its domain, that one is held, unless
// it has ended. What a person said to have failed is left to the watch over such words. What was
// done is among the pass's warnings, one line an order; each is told once. QueryFailure: the
// registrar is out of reach; what was written stands.
void take_restarted_operations(PendingPass& pass);

}  // namespace domspool
