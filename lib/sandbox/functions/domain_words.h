// What the functions about domains share: names, servers, contacts of an order, dates.
#pragma once

#include "sandbox/functions/function.h"
#include "sandbox/model/extensions.h"
#include "sandbox/model/state.h"

#include <string>
#include <vector>

namespace domspool::sandbox {

// The domain of a call in lower case and its extension. Refusal E13-M1305 if it is none we sell.
struct NamedDomain {
    std::string name;
    const Extension& extension;
};
NamedDomain named_domain(const Arguments& arguments);

// A domain of the account. Refusal E15-M1502 if it is not there.
Domain own_domain(CallScene& scene, const std::string& name);
// The same, registered and neither expired nor blocked; else Refusal.
Domain working_domain(CallScene& scene, const std::string& name);

// Whether the account has it: an order that came to nothing, and a domain that left, do not count.
bool is_held(const Domain& domain);
// Whether anybody has it, so that it cannot be created.
bool is_registered(const Domain& domain);

// ns1 to ns5, lower case, blank-separated. Refusal if one is no host name or comes twice.
std::string nameservers_of(const Arguments& arguments);
std::vector<std::string> split_words(const std::string& text);
bool uses_registrar_servers(const std::string& nameservers);
// What the extension's test of these servers will say; "" if all is well.
std::string nameserver_problem(const Extension& extension, const std::string& nameservers);

// idAdmin, idTech, idBilling: simple contacts or the reseller id. Refusal else.
Fields other_contacts_of(CallScene& scene, const Arguments& arguments);
// An owner contact. Refusal if unknown or of the wrong kind.
Contact owner_contact(CallScene& scene, const std::string& id);

// "2026-03-02", and a date moved by years or days.
std::string wire_date(Millis time);
std::string date_plus(const std::string& date, int years, int days);

// "DELEGATED" follows from the servers.
std::string active_status(const std::string& nameservers);
std::string new_auth_code();

// A zone on our servers: stored as text, made from a template by number (Refusal if there is none).
struct ZoneRecord {
    std::string subdomain, type, value;
};
constexpr std::int64_t kMostTemplates = 9;
std::string zone_of_template(std::int64_t number);
std::vector<ZoneRecord> zone_records_of(const std::string& zone);
// The fee of one year, or of a transfer, as asked at this moment.
std::int64_t fee_now(const CallScene& scene, const NamedDomain& domain);

Part domain_part();
std::vector<Part> nameserver_parts();

}  // namespace domspool::sandbox
