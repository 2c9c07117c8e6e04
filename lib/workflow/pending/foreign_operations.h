// Operations on the account that nobody here asked for: each blocks new orders for its domain, and
// is told about once a later pass sees it again (SAFETY, "The pending list").
#pragma once

#include "workflow/pending/pending_pass.h"

namespace domspool {

// Compares the pass's list with what is open here and with every attempt without outcome, of live
// runs and in doubt: what one of those may have made is not foreign. Asks nothing. One that is no
// longer in a whole list is forgotten.
void record_foreign_operations(PendingPass& pass);

}  // namespace domspool
