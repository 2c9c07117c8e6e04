#include "workflow/perhaps_sent_look.h"

#include "workflow/step_arguments.h"

#include <optional>

namespace domspool {

namespace {

using What = PerhapsSentLook::What;

std::optional<std::string> trouble_in(const PendingList& list, const DomainName& domain,
                                      const Ledger& ledger) {
    if (!list.whole) return "queryOpePending could not be read whole";
    for (const PendingRow& row : list.rows) {
        const bool may_be_its_own = !row.target && !ledger.owner_of(row.id);
        if (!may_be_its_own && row.target != domain.ascii()) continue;
        return "operation " + std::to_string(row.id) + " (" + row.code +
               ") is pending and may be its own";
    }
    return std::nullopt;
}

std::string shown(const std::optional<DomainRecord>& record) {
    if (!record) return "the domain is not in the account";
    return "domainInfo shows status '" + record->status + "', owner " + record->id_owner;
}

bool is_in_account(const std::optional<DomainRecord>& record) {
    if (!record) return false;
    const std::string status = record->main_status();
    return status != "ERROR" && status != "DELETED" && status != "TRANSFERRED OUT";
}

// A new contact's number is not known: whoever is shown may be the new owner.
bool may_have_new_owner(const std::optional<DomainRecord>& record, const ContactChoice& owner) {
    if (!record || owner.how != ContactChoice::How::id) return true;
    return is_same_id(record->id_owner, owner.id);
}

bool may_be_executed(const Order& order, const std::optional<DomainRecord>& record) {
    switch (order.kind) {
        case OrderKind::register_domain:
        case OrderKind::transfer:
            return is_in_account(record);
        case OrderKind::trade:
            return may_have_new_owner(record, order.owner);
        case OrderKind::nameservers:
            return false;  // If they are so already, the order is skipped by itself.
    }
    return true;
}

}  // namespace

PerhapsSentLook look_for_perhaps_sent(const OrderRecord& order, const PendingList& list,
                                      RegistrarView& view, const Ledger& ledger) {
    if (const auto trouble = trouble_in(list, order.domain, ledger)) {
        return {What::not_known, *trouble};
    }
    const ReadOrder read = read_order(order.kind, order.fields);
    if (!read.order) return {What::perhaps_there, "the ledger's fields of it cannot be read"};
    const auto record = view.domain(order.domain);
    const bool is_perhaps_there = may_be_executed(*read.order, record);
    return {is_perhaps_there ? What::perhaps_there : What::nothing_there, shown(record)};
}

}  // namespace domspool
