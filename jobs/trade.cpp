#include "jobs/trade.h"

namespace domspool {

std::vector<PlannedStep> plan_trade(const PlanRequest& request) {
    PlanBuilder plan(request);

    // "Before updating the domain registrant, you need to know": the process, the restriction, the
    // additional information. workflow/checks/preflight asks and holds them against the order.

    // "Create a new contact ID for the domain name registrant ... isOwner = 1"; the additional
    // information goes to it, "as the new domain name holder must fulfil the registration rules".
    // "Change the registrant with domainTransferOwner function."
    plan.main_step(plan.owner_only());

    // "Try / catch the SOAP errors": whatever comes back is one of five answers
    // (registrar/outcome). "Get the domainTransferOwner result": DONE goes on below, ERROR ends the
    // order with the registrar's words, PENDING keeps the operation number for jobs/pending_check.

    plan.read_back();
    plan.preferences();
    return std::move(plan).steps();
}

}  // namespace domspool
