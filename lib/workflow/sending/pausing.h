// Holding an order and letting it go on: what a person's decision does with it as it stands, and
// how its history tells it. Asks the ledger, writes nothing.
#pragma once

#include "ledger/ledger.h"

#include <string>

namespace domspool {

struct OrderDecision {
    OrderMove move;
    std::string event;                            // as its history tells the decision
    std::string refusal;                          // "": the move may be made
    ExitCode code = ExitCode::some_orders_wrong;  // of the refusal; all_well: nothing is to be done
};

// `reason`: in words, or "".
OrderDecision decision_to_hold(const OrderRecord& order, const std::string& person,
                               const std::string& reason);
// An order perhaps sent after the ledger was copied is looked for first.
OrderDecision decision_to_release(const Ledger& ledger, const OrderRecord& order,
                                  const std::string& person, const std::string& reason);

}  // namespace domspool
