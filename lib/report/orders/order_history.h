// The history of one order: what was ordered, each step, each attempt and the registrar's own
// words.
#pragma once

#include "ledger/ledger.h"
#include "report/terminal/appearance.h"

#include <string>
#include <vector>

namespace domspool {

struct OrderHistory {
    OrderRecord order;
    std::string batch_name;
    std::vector<AttemptRecord> attempts;
    std::vector<EventRecord> events;
};

// std::out_of_range if there is no such order.
OrderHistory history_of(const Ledger& ledger, OrderId order);

// What was ordered; of an EPP code only "(kept)" or, once it is gone, "(wiped)".
FieldMap fields_as_they_stand(const OrderRecord& order);

// For a person; ends with a line break.
std::string to_text(const OrderHistory& history, const Look& look);

}  // namespace domspool
