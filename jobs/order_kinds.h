// The plan of each kind of order (orders/order_kind has the rest of its entry).
#pragma once

#include "workflow/moves/plan_builder.h"

namespace domspool {

std::vector<PlannedStep> plan_order(const PlanRequest& request);

}  // namespace domspool
