#include "jobs/transfer.h"

namespace domspool {

std::vector<PlannedStep> plan_transfer(const PlanRequest& request) {
    PlanBuilder plan(request);

    // "Before transferring a domain name, you need to know": whether there is an EPP code, the
    // minimum of name servers, whether a DNS test is required, the process.
    // workflow/checks/preflight asks all that and holds it against the order, the DNS test with it.

    // "Create a new contact ID for the domain name registrant ... isOwner = 1"; "the necessary
    // contacts for administrative / technical / billing ... isOwner = 0".
    FieldMap arguments = plan.contacts_with_owner();

    // "Transfer the domain name with domainTransferIn function with the minimum number of
    // nameservers required and the EPP code if any." The code itself stays in the ledger.
    arguments.merge(plan.nameservers());
    plan.main_step(std::move(arguments));

    // "Try / catch the SOAP errors": whatever comes back is one of five answers
    // (registrar/outcome). "Get the domainTransferIn result": DONE goes on below, ERROR ends the
    // order with the registrar's words, PENDING keeps the operation number for jobs/pending_check.

    // "Once the request is DONE, you must change the EPP code with domainAuthID function."
    plan.read_back();
    plan.new_auth_code();

    // "As a final step, if the request is DONE, you can: Apply a DNS template ... with
    // domainZoneInit function; Activate DNSSec ...; Set domain settings ...".
    plan.zone_template();
    plan.dnssec();
    plan.preferences();
    return std::move(plan).steps();
}

}  // namespace domspool
