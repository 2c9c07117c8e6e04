// The registrar's tutorial, "Register a domain name", as a plan.
#pragma once

#include "workflow/moves/plan_builder.h"

namespace domspool {

std::vector<PlannedStep> plan_registration(const PlanRequest& request);

}  // namespace domspool
