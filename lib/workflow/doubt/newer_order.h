// Whether a domain has gone on to a newer order: what is shown of it then may be that order's
// doing, and what is left open of an older one is not tried any more (SAFETY, "One domain, one
// order").
#pragma once

#include "ledger/ledger.h"

namespace domspool {

// A newer one for the same domain keeps the domain, or went well. Costs one question to the ledger.
bool newer_order_has_begun(const Ledger& ledger, const OrderRecord& order);

}  // namespace domspool
