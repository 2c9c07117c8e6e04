#include "jobs/transfer.h"

namespace domspool {

std::vector<PlannedStep> plan_transfer(const PlanRequest& request) {
    PlanBuilder plan(request);

    // "Create a new contact ID for the domain name registrant ... isOwner = 1"; "the necessary
    // contacts for administrative / technical / billing ... isOwner = 0".
    FieldMap arguments = plan.contacts_with_owner();

    // "Transfer the domain name with domainTransferIn function with the minimum number of
    // nameservers required and the EPP code if any." The code itself stays in the ledger.
    arguments.merge(plan.nameservers());
    plan.main_step("domainTransferIn", std::move(arguments));

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
