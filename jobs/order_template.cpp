#include "jobs/order_template.h"

#include "orders/contact.h"
#include "orders/order_fields.h"

#include <algorithm>
#include <array>
#include <vector>

namespace domspool {

namespace {

// A contact's fields that most people fill in; the others an extension wants.
constexpr std::array<std::string_view, 13> kOwner = {
    "firstName", "lastName", "bodyName", "address1", "address2", "zipCode",      "area",
    "city",      "country",  "phone",    "email",    "language", "companyNumber"};

void add_owner(const ExtensionRules& rules, std::vector<std::string>& fields) {
    const auto add = [&](const std::string& field) {
        if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
    };
    for (const std::string_view name : kOwner) add("owner." + std::string(name));
    for (const std::string& wanted : rules.required_owner_fields) {
        const bool is_additional = wanted.starts_with("additional.");
        add(is_additional ? wanted : "owner." + wanted);
    }
}

}  // namespace

std::string order_template(OrderKind kind, const ExtensionRules& rules) {
    std::vector<std::string> fields = {"reference", "domain"};
    const OrderKindEntry& entry = entry_of(kind);
    if (entry.has_years) fields.emplace_back("years");
    if (entry.needs_epp_code) fields.emplace_back("auth_code");
    if (entry.needs_owner) add_owner(rules, fields);
    for (const char* field : {"nameservers", "max_price", "tag", "note"}) {
        if (order_fields::belongs_to(field, kind)) fields.emplace_back(field);
    }
    std::string line;
    for (const std::string& field : fields) line += (line.empty() ? "" : ",") + field;
    return line + "\n";
}

}  // namespace domspool
