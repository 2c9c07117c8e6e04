// What a person decides of an order (SAFETY, "Decisions by a person"): paused, let go on or
// cancelled. Each decision claims its order first, says why where the order's state does not allow
// it, and is an event in the order's history.
#pragma once

#include "workflow/sending/order_in_hand.h"

namespace domspool {

Decided hold_order(const DecisionParts& parts, OrderId order, const std::string& reason = "");
Decided release_order(const DecisionParts& parts, OrderId order, const std::string& reason = "");
// What goes on with an order that was released: which program, when.
std::string what_goes_on(const Ledger& ledger, const OrderRecord& order);

// Not sent: cancelled at once. Pending: the registrar is asked to cancel the operation, and asked
// what became of it; only a Cancelled that was read ends the order. In doubt: refused.
Decided cancel_order(const DecisionParts& parts, OrderId order);

// Its entry in reports is settled, until that day or until it moves; nothing else of it is. A doubt
// and a hold end by their own verbs only.
Decided dismiss_order(const DecisionParts& parts, OrderId order, const std::string& reason,
                      std::optional<UtcTime> until);

}  // namespace domspool
