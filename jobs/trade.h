// The registrar's tutorial, "Change the ownership of a domain name", as a plan.
#pragma once

#include "workflow/moves/plan_builder.h"

namespace domspool {

std::vector<PlannedStep> plan_trade(const PlanRequest& request);

}  // namespace domspool
