#include "workflow/doubt/newer_order.h"

#include <algorithm>

namespace domspool {

bool newer_order_has_begun(const Ledger& ledger, const OrderRecord& order) {
    OrderFilter same_domain;
    same_domain.domain = order.domain.ascii();
    const auto others = ledger.orders(same_domain);
    return std::any_of(others.begin(), others.end(), [&](const OrderRecord& other) {
        const bool has_begun = other.keeps_domain || other.state == OrderState::done ||
                               other.state == OrderState::done_open_ends;
        return other.id > order.id && has_begun;
    });
}

}  // namespace domspool
