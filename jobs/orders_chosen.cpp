#include "jobs/orders_chosen.h"

#include "jobs/retry.h"
#include "util/failure.h"
#include "workflow/moves/decision_moves.h"

#include <functional>
#include <set>

namespace domspool {

namespace {

using IsMeant = std::function<bool(const OrderRecord&)>;

IsMeant meant_to_dismiss(const Ledger& ledger, UtcTime now) {
    std::set<OrderId> told;
    for (const OrderForAPerson& each : ledger.orders_for_a_person(now)) {
        if (may_be_dismissed(each.attention.reason)) told.insert(each.order.id);
    }
    return [told](const OrderRecord& order) { return told.contains(order.id); };
}

IsMeant meant_by(const std::string& verb, const Ledger& ledger, UtcTime now) {
    if (verb == "hold") {
        return [](const OrderRecord& order) {
            return !is_end(order.state) && order.state != OrderState::held;
        };
    }
    if (verb == "release") {
        return [](const OrderRecord& order) { return order.state == OrderState::held; };
    }
    if (verb == "cancel") return [](const OrderRecord& order) { return !is_end(order.state); };
    if (verb == "retry") {
        return [&ledger](const OrderRecord& order) { return may_be_repeated(ledger, order); };
    }
    if (verb == "resolve") {
        return [&ledger](const OrderRecord& order) {
            return step_at_stake(order).step != nullptr ||
                   (!is_end(order.state) && ledger.perhaps_sent(order.id));
        };
    }
    if (verb == "dismiss") return meant_to_dismiss(ledger, now);
    our_bug("a decision without its orders", __FILE__, __LINE__);
}

}  // namespace

std::vector<OrderId> orders_chosen(const Ledger& ledger, const std::string& verb,
                                   OrderFilter filter, UtcTime now) {
    filter.oldest_first = true;
    const IsMeant is_meant = meant_by(verb, ledger, now);
    std::vector<OrderId> chosen;
    for (const OrderRecord& order : ledger.orders(filter)) {
        if (is_meant(order)) chosen.push_back(order.id);
    }
    return chosen;
}

}  // namespace domspool
