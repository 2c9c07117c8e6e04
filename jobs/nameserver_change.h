// The registrar's tutorial, "Update nameservers of domain name", as a plan.
#pragma once

#include "workflow/moves/plan_builder.h"

namespace domspool {

std::vector<PlannedStep> plan_nameserver_change(const PlanRequest& request);

}  // namespace domspool
