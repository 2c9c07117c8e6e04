#include "workflow/doubt/perhaps_sent_look.h"

#include "util/failure.h"
#include "workflow/steps/answer_cache.h"
#include "workflow/steps/same_person.h"
#include "workflow/steps/step_arguments.h"
#include "workflow/steps/step_kinds.h"

#include <algorithm>
#include <optional>

namespace domspool {

namespace {

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

// What the registrar shows may be a later order's doing.
bool has_later_order(const OrderRecord& order, const Ledger& ledger) {
    OrderFilter same_domain;
    same_domain.domain = order.domain.ascii();
    const auto orders = ledger.orders(same_domain);
    return std::any_of(orders.begin(), orders.end(), [&](const OrderRecord& other) {
        const bool came_to_nothing = other.state == OrderState::failed ||
                                     other.state == OrderState::cancelled ||
                                     other.state == OrderState::skipped;
        return other.id > order.id && !came_to_nothing;
    });
}

// The number of a contact made since the copy is not known: its data is compared. Who was made by
// this ledger before it was copied is no one made since.
bool may_be_new_owner(const std::string& shown_owner, const ContactData& ordered,
                      RegistrarQueries& queries, const Ledger& ledger) {
    if (!ledger.is_made_here(shown_owner)) return true;
    try {
        return is_whole_person(ordered, queries.contact(shown_owner).data);
    } catch (const QueryFailure& failure) {
        if (failure.why() != QueryFailure::Why::refused) throw;
        return true;  // Nobody shows who it is.
    }
}

bool may_be_traded(const Order& order, const std::optional<DomainRecord>& record,
                   RegistrarQueries& queries, const Ledger& ledger) {
    if (!record) return true;
    switch (order.owner.how) {
        case ContactChoice::How::id:
            return is_same_id(record->id_owner, order.owner.id);
        case ContactChoice::How::inline_data:
            return may_be_new_owner(record->id_owner, order.owner.data, queries, ledger);
        case ContactChoice::How::not_given:
        case ContactChoice::How::automatic:
        case ContactChoice::How::reseller:
            return true;
    }
    our_bug("a contact choice without a name", __FILE__, __LINE__);
}

bool may_be_executed(const OrderRecord& record, const Order& order,
                     const std::optional<DomainRecord>& shown, RegistrarQueries& queries,
                     const Ledger& ledger) {
    switch (entry_of(order.kind).shown_by) {
        case ShownBy::arrival:
            return shown && shown->is_in_account();
        case ShownBy::owner:
            return has_later_order(record, ledger) || may_be_traded(order, shown, queries, ledger);
        case ShownBy::nameservers:
            // If they are so already, the order is skipped by itself.
            return has_later_order(record, ledger);
    }
    our_bug("what shows an order without a name", __FILE__, __LINE__);
}

// Nothing: no operation is known, or what is told of it is not about the order.
std::optional<PerhapsSentLook> look_at_operation(const OrderRecord& order,
                                                 RegistrarQueries& queries) {
    const StepKind* kind = step_kind(entry_of(order.kind).main_call);
    if (!order.operation || kind == nullptr) return std::nullopt;
    OperationRecord told;
    try {
        told = queries.operation(*order.operation);
    } catch (const QueryFailure& failure) {
        if (failure.why() != QueryFailure::Why::refused) throw;
        return std::nullopt;
    }
    const bool is_of_domain =
        told.target.empty() || is_same_target(told.target, order.domain.ascii());
    if (!tells_of(told, *kind, order.domain, {}) || !is_of_domain) return std::nullopt;
    const std::string evidence = "operation " + std::to_string(told.id) + " is " + told.status +
                                 (told.message.empty() ? "" : ": " + told.message);
    switch (final_status_of(told.status)) {
        case FinalStatus::not_final:
            return PerhapsSentLook{PerhapsSentLook::What::not_known, evidence};
        case FinalStatus::done:
            return PerhapsSentLook{PerhapsSentLook::What::executed, evidence};
        case FinalStatus::failed:
        case FinalStatus::cancelled:
            return PerhapsSentLook{PerhapsSentLook::What::failed, evidence};
    }
    our_bug("a final status without a name", __FILE__, __LINE__);
}

}  // namespace

PerhapsSentLook look_for_perhaps_sent(const OrderRecord& order, const PendingList& list,
                                      RegistrarQueries& queries, const Ledger& ledger) {
    if (auto told = look_at_operation(order, queries)) return std::move(*told);
    if (const auto trouble = trouble_in(list, order.domain, ledger)) {
        return {PerhapsSentLook::What::not_known, *trouble};
    }
    const ReadOrder read = read_order(order.kind, order.fields);
    if (!read.order)
        return {PerhapsSentLook::What::perhaps_there, "the ledger's fields of it cannot be read"};
    const auto record = queries.domain(order.domain);
    const bool is_perhaps_there = may_be_executed(order, *read.order, record, queries, ledger);
    return {is_perhaps_there ? PerhapsSentLook::What::perhaps_there
                             : PerhapsSentLook::What::nothing_there,
            shown(record)};
}

}  // namespace domspool
