#include "jobs/order_kinds.h"

#include "jobs/nameserver_change.h"
#include "jobs/registration.h"
#include "jobs/trade.h"
#include "jobs/transfer.h"
#include "util/failure.h"

namespace domspool {

namespace {

constexpr OrderKindEntry kKinds[] = {
    {OrderKind::register_domain, "domain-register", plan_registration},
    {OrderKind::transfer, "domain-transfer", plan_transfer},
    {OrderKind::trade, "domain-trade", plan_trade},
    {OrderKind::nameservers, "domain-nameservers", plan_nameserver_change},
};

}  // namespace

const OrderKindEntry& order_kind_entry(OrderKind kind) {
    for (const OrderKindEntry& entry : kKinds) {
        if (entry.kind == kind) return entry;
    }
    our_bug("an order kind without an entry", __FILE__, __LINE__);
}

std::vector<PlannedStep> plan_order(const PlanRequest& request) {
    return order_kind_entry(request.order.kind).plan(request);
}

}  // namespace domspool
