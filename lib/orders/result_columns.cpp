#include "orders/result_columns.h"

#include "orders/order_values.h"

#include <algorithm>

namespace domspool::result_columns {

namespace {

constexpr std::size_t kMostDigits = 15;

bool is_nought(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

bool is_one(std::string_view name) {
    return name == kPrevious ||
           std::find(kOfEachRow.begin(), kOfEachRow.end(), name) != kOfEachRow.end();
}

// "3,000" may be three thousand: only one or two digits are surely a fraction.
std::optional<OrderId> order_number_in(std::string_view cell) {
    std::string text = order_values::trimmed(cell);
    text.erase(0, std::min(text.find_first_not_of('\''), text.size()));
    text = order_values::trimmed(text);
    if (const auto mark = text.find_first_of(".,"); mark != std::string::npos) {
        const std::size_t decimals = text.size() - mark - 1;
        const bool is_whole = is_nought(std::string_view(text).substr(mark + 1));
        if (decimals < 1 || decimals > 2 || !is_whole) return std::nullopt;
        text.resize(mark);
    }
    text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
    if (text.empty() || text.size() > kMostDigits) return std::nullopt;
    OrderId number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

}  // namespace domspool::result_columns
