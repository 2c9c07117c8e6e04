#include "workflow/checks/contact_checks.h"

#include "orders/order_fields.h"

namespace domspool {

namespace {

void require_contact(const std::string& role, const std::string& id, bool as_owner,
                     const PreflightParts& parts) {
    if (id.empty() || id == "reseller" || id == parts.settings.reseller_id || is_lent_contact(id))
        return;
    const auto answer = parts.cache.contact(id, parts.queries);
    if (const auto* unknown = std::get_if<Unknown>(&answer)) {
        not_possible(role + " '" + id + "' cannot be read at the registrar: " + unknown->text,
                     unknown->code);
    }
    const auto& is_owner = std::get<KnownContact>(answer).is_owner;
    if (!is_owner) {
        throw QueryFailure(QueryFailure::Why::unreadable, "",
                           "contactInfo does not say of '" + id + "' whether it is an owner");
    }
    if (*is_owner == as_owner) return;
    not_possible(role + " '" + id + "' is " +
                 (as_owner ? "no owner contact (isOwner=0); an owner needs isOwner=1"
                           : "an owner contact (isOwner=1); this role needs isOwner=0"));
}

const std::string& id_of(const ContactChoice& choice, const std::string& by_default) {
    static const std::string none;
    switch (choice.how) {
        case ContactChoice::How::id:
            return choice.id;
        case ContactChoice::How::not_given:
            return by_default;
        case ContactChoice::How::automatic:
        case ContactChoice::How::reseller:
        case ContactChoice::How::inline_data:
            return none;
    }
    our_bug("a contact choice without a name", __FILE__, __LINE__);
}

// What the order brings and, for a contact that exists, what it shows.
bool has_owner_field(const Order& order, const ContactData& owner, const std::string& name) {
    constexpr std::string_view kAdditional = "additional.";
    if (!name.starts_with(kAdditional)) return !field_of(owner.fields, name).empty();
    const std::string key = name.substr(kAdditional.size());
    const auto bound = owner.bound.find(key);
    return !field_of(order.additional, key).empty() || !field_of(owner.additional, key).empty() ||
           (bound != owner.bound.end() && !field_of(bound->second, order.domain.ascii()).empty());
}

}  // namespace

void require_contacts(const PreflightParts& parts) {
    const Order& order = parts.order;
    require_contact("owner", id_of(order.owner, ""), true, parts);
    if (!order_fields::belongs_to("admin", order.kind)) return;
    const auto& defaults = parts.settings.contacts;
    require_contact("admin", id_of(order.admin, defaults.admin), false, parts);
    require_contact("tech", id_of(order.tech, defaults.tech), false, parts);
    require_contact("billing", id_of(order.billing, defaults.billing), false, parts);
}

void require_owner_data(const PreflightParts& parts, const ExtensionRules& rules) {
    const Order& order = parts.order;
    const bool is_read = order.owner.how == ContactChoice::How::id;
    if (!entry_of(order.kind).needs_owner || rules.required_owner_fields.empty() ||
        (is_read ? is_lent_contact(order.owner.id)
                 : order.owner.how != ContactChoice::How::inline_data)) {
        return;
    }
    const ContactData owner =
        is_read ? std::get<KnownContact>(parts.cache.contact(order.owner.id, parts.queries)).data
                : order.owner.data;
    std::string missing;
    for (const std::string& name : rules.required_owner_fields) {
        if (!has_owner_field(order, owner, name)) {
            missing += (missing.empty() ? "" : ", ") + name;
        }
    }
    if (missing.empty()) return;
    not_possible("'." + rules.extension + "' wants more data of the owner: " + missing);
}

}  // namespace domspool
