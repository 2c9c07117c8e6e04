// A person has failed orders repeated (SAFETY, "Decisions by a person").
#pragma once

#include "workflow/sending/order_in_hand.h"

#include <optional>
#include <vector>

namespace domspool {

struct Retried {
    std::optional<BatchId> batch;  // of the new orders, to be submitted
    std::vector<BatchId> unsent;   // of new orders made before, not sent yet
    std::vector<Decided> decided;  // of the failed ones
};

// New orders with the same wish, each instead of a failed one, as one batch: accepted, not sent. An
// order that was repeated already and whose new order is still to be sent only names its batch.
Retried retry_orders(const DecisionParts& parts, const std::vector<OrderId>& orders);

// It failed, and no newer order is there for the same wish but one in its place, still to be sent.
bool may_be_repeated(const Ledger& ledger, const OrderRecord& order);

}  // namespace domspool
