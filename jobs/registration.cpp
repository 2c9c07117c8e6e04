#include "jobs/registration.h"

namespace domspool {

std::vector<PlannedStep> plan_registration(const PlanRequest& request) {
    const Order& order = request.order;
    PlanBuilder plan(request);

    // "Before registering a domain name, you need to know": the periods, the minimum of name
    // servers, whether a DNS test is required, the process, restrictions and additional
    // information. workflow/checks/preflight asks all that and holds it against the order, the DNS
    // test with it; there is no plan before it went well.

    // "Create a new contact ID for the domain name registrant ... Ensure it is defined with
    // isOwner = 1", with the extension's additional information; "the necessary contacts for
    // administrative / technical / billing ... Ensure they are defined with isOwner = 0".
    FieldMap arguments = plan.contacts_with_owner();

    // "Create the domain name with domainCreate function with the minimum number of nameservers
    // required, a duration (matching the registration delay range)"; "you can provide a DNS
    // template number so that the zone will be initialized with your DNS settings".
    arguments.merge(plan.nameservers());
    arguments["years"] = std::to_string(order.years);
    if (order.zone_template) arguments["template"] = std::to_string(*order.zone_template);
    plan.main_step(std::move(arguments));

    // "Try / catch the SOAP errors": whatever comes back is one of five answers
    // (registrar/outcome). "Get the domainCreate result": DONE goes on below, ERROR ends the order
    // with the registrar's words, PENDING keeps the operation number for jobs/pending_check.

    // "As a final step, if the request is DONE, you can: Activate DNSSec ...; Set domain settings
    // with domainSetPreference function such as registrar lock, Whois privacy, auto renewal".
    plan.read_back();
    plan.dnssec();
    plan.preferences();
    return std::move(plan).steps();
}

}  // namespace domspool
