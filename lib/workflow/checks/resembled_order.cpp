#include "workflow/checks/resembled_order.h"

#include "orders/order.h"
#include "util/failure.h"
#include "workflow/moves/order_steps.h"
#include "workflow/steps/same_person.h"
#include "workflow/steps/step_arguments.h"

#include <algorithm>

namespace domspool {

namespace {

enum class StillShown { still, no_longer, not_known };

struct Seen {
    StillShown shown = StillShown::not_known;
    std::string evidence;
};

// What the earlier one brought may be gone by the later one, although it is shown again. Of name
// servers what is shown says all.
bool may_undo(OrderKind later, OrderKind earlier) {
    if (is_told_by_what_is_shown(earlier)) return false;
    return is_arrival(later) || later == earlier;
}

// Then the wish may be to have it as it was before that one.
bool has_been_undone(const OrderRecord& done, std::optional<OrderId> own, const Ledger& ledger) {
    OrderFilter same_domain;
    same_domain.domain = done.domain.ascii();
    const auto others = ledger.orders(same_domain);
    return std::any_of(others.begin(), others.end(), [&](const OrderRecord& other) {
        const bool is_between = other.id > done.id && (!own || other.id < *own);
        const bool is_done =
            other.state == OrderState::done || other.state == OrderState::done_open_ends;
        return is_between && is_done && may_undo(other.kind, done.kind);
    });
}

// The number of the owner it brought; "": not known any more, or made by nobody here.
std::string owner_brought(const OrderRecord& done, const Order& wish) {
    if (wish.owner.how == ContactChoice::How::id) return wish.owner.id;
    const StepRecord* main_step = main_step_of(done);
    if (main_step == nullptr) return "";
    const std::string owner = field_of(resolved(main_step->arguments, done.steps), "owner");
    return owner.starts_with("step:") ? "" : owner;
}

// The same person under another number is the owner all the same.
Seen look_at_owner(const OrderRecord& done, const Order& wish, const std::string& shown,
                   const ResemblanceParts& parts) {
    if (shown.empty()) return {StillShown::not_known, "domainInfo shows no owner"};
    const std::string evidence = "owner " + shown;
    const std::string brought = owner_brought(done, wish);
    if (!brought.empty() && is_same_id(brought, shown)) return {StillShown::still, evidence};
    const bool has_data = wish.owner.how == ContactChoice::How::inline_data;
    if (!has_data) return {StillShown::no_longer, evidence};
    const auto answer = parts.cache.contact(shown, parts.queries);
    const auto* contact = std::get_if<KnownContact>(&answer);
    if (contact == nullptr) {
        return {brought.empty() ? StillShown::not_known : StillShown::no_longer,
                evidence + ", whose data cannot be read"};
    }
    const bool is_the_person = is_whole_person(wish.owner.data, contact->data);
    return {is_the_person ? StillShown::still : StillShown::no_longer, evidence};
}

Seen look_at_domain(const OrderRecord& done, const ResemblanceParts& parts) {
    const auto record = parts.queries.domain(done.domain);
    if (!record || !record->is_in_account()) {
        return {StillShown::no_longer, "the domain is not in the account"};
    }
    if (is_arrival(done.kind)) return {StillShown::still, "domain in the account"};
    const ReadOrder read = read_order(done.kind, done.fields);
    if (!read.order)
        return {StillShown::not_known, "the ledger's fields of that order cannot be read"};
    if (is_told_by_what_is_shown(done.kind)) {
        const std::string servers = joined_sorted(record->nameservers);
        const bool are_so = servers == joined_sorted(read.order->nameservers);
        return {are_so ? StillShown::still : StillShown::no_longer, "name servers " + servers};
    }
    return look_at_owner(done, *read.order, record->id_owner, parts);
}

}  // namespace

Resemblance resemblance_to(OrderId resembled, std::optional<OrderId> own,
                           const ResemblanceParts& parts) {
    const OrderRecord done = parts.ledger.order(resembled);
    if (has_been_undone(done, own, parts.ledger)) return {};
    const Seen seen = look_at_domain(done, parts);
    const std::string number = "order " + std::to_string(resembled);
    switch (seen.shown) {
        case StillShown::no_longer:
            return {};
        case StillShown::not_known:
            return {Resemblance::What::not_known,
                    "whether it is " + number +
                        ", which says the same, is not known: " + seen.evidence};
        case StillShown::still:
            return {Resemblance::What::same,
                    number + " says the same and is " + std::string(to_word(done.state)) +
                        ", and the registrar still shows it (" + seen.evidence +
                        "); the file with --again orders it all the same"};
    }
    our_bug("a sight without a name", __FILE__, __LINE__);
}

}  // namespace domspool
