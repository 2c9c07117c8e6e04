// The four kinds of order.
#pragma once

#include <optional>
#include <string_view>

namespace domspool {

enum class OrderKind { register_domain, transfer, trade, nameservers };

// The words of the `order` field: register, transfer, trade, nameservers.
std::string_view to_word(OrderKind kind);
std::optional<OrderKind> order_kind_of(std::string_view word);

}  // namespace domspool
