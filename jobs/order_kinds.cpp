#include "jobs/order_kinds.h"

#include "jobs/nameserver_change.h"
#include "jobs/registration.h"
#include "jobs/trade.h"
#include "jobs/transfer.h"
#include "util/failure.h"

namespace domspool {

std::vector<PlannedStep> plan_order(const PlanRequest& request) {
    switch (request.order.kind) {
        case OrderKind::register_domain:
            return plan_registration(request);
        case OrderKind::transfer:
            return plan_transfer(request);
        case OrderKind::trade:
            return plan_trade(request);
        case OrderKind::nameservers:
            return plan_nameserver_change(request);
    }
    our_bug("an order kind without a plan", __FILE__, __LINE__);
}

}  // namespace domspool
