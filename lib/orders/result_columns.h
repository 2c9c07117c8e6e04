// The columns a result file has besides the input's, and what they say when the file comes in
// again. Pure.
#pragma once

#include "orders/order.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace domspool::result_columns {

inline constexpr std::string_view kOrderId = "order_id";
inline constexpr std::string_view kLedger = "ledger";
inline constexpr std::string_view kPrevious = "previous_nameservers";
// In the order they stand; kPrevious behind them, for orders of nameservers.
inline constexpr std::array<std::string_view, 7> kOfEachRow = {
    "state", kOrderId, "operation_id", "code", "message", "price", kLedger};

// The name in lower case.
bool is_one(std::string_view name);

// The number in a cell of `order_id`, whatever a spreadsheet made of it: "3", "003", "3.0", "'3".
// Nothing: it is none.
std::optional<OrderId> order_number_in(std::string_view cell);

// What every refusal of such a row advises.
inline constexpr std::string_view kToOrderAnew =
    "delete the columns order_id and ledger to order anew";

}  // namespace domspool::result_columns
