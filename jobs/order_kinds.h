// The one table of order kinds: the program, the plan.
#pragma once

#include "orders/order_kind.h"
#include "workflow/moves/plan_builder.h"

#include <string_view>

namespace domspool {

struct OrderKindEntry {
    OrderKind kind;
    std::string_view program;
    Planner plan;
};

const OrderKindEntry& order_kind_entry(OrderKind kind);
std::vector<PlannedStep> plan_order(const PlanRequest& request);

}  // namespace domspool
