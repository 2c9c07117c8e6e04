#include "orders/order_kind.h"

namespace domspool {

std::string_view to_word(OrderKind kind) {
    switch (kind) {
        case OrderKind::register_domain:
            return "register";
        case OrderKind::transfer:
            return "transfer";
        case OrderKind::trade:
            return "trade";
        case OrderKind::nameservers:
            return "nameservers";
    }
    return "";
}

std::optional<OrderKind> order_kind_of(std::string_view word) {
    for (const OrderKind kind : {OrderKind::register_domain, OrderKind::transfer, OrderKind::trade,
                                 OrderKind::nameservers}) {
        if (to_word(kind) == word) return kind;
    }
    return std::nullopt;
}

}  // namespace domspool
