// The registrar's tutorial, "Transfer a domain name", as a plan.
#pragma once

#include "workflow/moves/plan_builder.h"

namespace domspool {

std::vector<PlannedStep> plan_transfer(const PlanRequest& request);

}  // namespace domspool
