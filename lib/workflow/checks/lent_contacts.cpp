#include "workflow/checks/lent_contacts.h"

namespace domspool {

namespace {

bool is_trustee(const ContactChoice& choice) {
    return choice.id.starts_with("TRUST4");
}

bool is_local_contact(const ContactChoice& choice) {
    return choice.id.starts_with("NETIM4");
}

std::string trouble_with_owner(const Order& order, const ExtensionRules& rules) {
    if (is_local_contact(order.owner)) {
        return "owner '" + order.owner.id + "' is a local contact, which stands as admin only";
    }
    if (!is_trustee(order.owner)) return "";
    if (entry_of(order.kind).may_take_owner_from_registry) {
        return "a transfer to the trustee '" + order.owner.id +
               "' would change the owner at once, which is no order; transfer the domain with its "
               "present owner, then trade it";
    }
    if (rules.has_trustee_service) return "";
    return "'." + rules.extension + "' offers no trustee, and the owner is '" + order.owner.id +
           "'";
}

}  // namespace

std::string trouble_with_lent_contacts(const Order& order, const ExtensionRules& rules) {
    if (const std::string trouble = trouble_with_owner(order, rules); !trouble.empty()) {
        return trouble;
    }
    if (is_local_contact(order.admin) && !rules.has_local_contact_service) {
        return "'." + rules.extension + "' offers no local contact, and the admin is '" +
               order.admin.id + "'";
    }
    for (const ContactChoice* choice : {&order.admin, &order.tech, &order.billing}) {
        const bool is_at_its_place = choice == &order.admin && is_local_contact(*choice);
        if ((is_trustee(*choice) || is_local_contact(*choice)) && !is_at_its_place) {
            return "'" + choice->id +
                   "' is the registrar's own contact: a trustee stands as "
                   "owner only, a local contact as admin only";
        }
    }
    return "";
}

}  // namespace domspool
