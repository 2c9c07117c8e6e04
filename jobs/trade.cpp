#include "jobs/trade.h"

namespace domspool {

std::vector<PlannedStep> plan_trade(const PlanRequest& request) {
    PlanBuilder plan(request);

    // "Create a new contact ID for the domain name registrant ... isOwner = 1"; the additional
    // information goes to it, "as the new domain name holder must fulfil the registration rules".
    // "Change the registrant with domainTransferOwner function."
    plan.main_step("domainTransferOwner", plan.owner_only());

    plan.read_back();
    plan.preferences();
    return std::move(plan).steps();
}

}  // namespace domspool
