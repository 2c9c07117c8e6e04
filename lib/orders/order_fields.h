// The names of an order's fields, as order files spell them.
#pragma once

#include "orders/order_kind.h"

#include <optional>
#include <string>
#include <string_view>

namespace domspool::order_fields {

// The one spelling of a field's name, found in any letter case: "domain", "ns1", "owner.firstName",
// "additional.EU_CITIZENSHIP" (keys in upper case). Nothing if there is no such field.
std::optional<std::string> canonical(std::string_view name);

// "is no field; did you mean 'auth_code'?"
std::string unknown_reason(std::string_view name);

// The field that is meant by an unknown name: what other systems call so, or the nearest; "".
std::string probably_meant(std::string_view name);

// Requires a canonical name.
bool belongs_to(std::string_view field, OrderKind kind);
// "is not for trade orders; it belongs to register, transfer"
std::string foreign_reason(std::string_view field, OrderKind kind);

}  // namespace domspool::order_fields
