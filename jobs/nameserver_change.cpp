#include "jobs/nameserver_change.h"

namespace domspool {

std::vector<PlannedStep> plan_nameserver_change(const PlanRequest& request) {
    PlanBuilder plan(request);

    // "Before updating nameservers, you need to know": the minimum of name servers and whether a
    // DNS test is required; "ensure that the domain name is installed on the new nameservers".
    // workflow/checks/preflight asks, tests, and holds it against the order.

    // The tutorial does not say it: a signed domain that is to be unsigned must be so everywhere
    // before it has other servers.
    plan.unsign_first();

    // "Update the domain name with domainChangeDNS function with the minimum number of nameservers
    // required."
    plan.main_step(plan.nameservers());

    // "Try / catch the SOAP errors": whatever comes back is one of five answers
    // (registrar/outcome). "Get the domainChangeDNS result": DONE goes on below, ERROR ends the
    // order with the registrar's words, PENDING keeps the operation number for jobs/pending_check.

    // "As a final step, if the request is DONE, you can: Apply a DNS template ... with
    // domainZoneInit function; Activate DNSSec with domainSetDNSSec function or
    // domainSetDNSSecExt function."
    plan.read_back();
    plan.zone_template();
    plan.dnssec();
    plan.preferences();
    return std::move(plan).steps();
}

}  // namespace domspool
