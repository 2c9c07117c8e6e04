#include "jobs/order_lookup.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <variant>

namespace domspool {

namespace {

std::optional<std::int64_t> number_in(const std::string& word) {
    std::int64_t number = 0;
    const char* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc() || rest != end || number < 1) return std::nullopt;
    return number;
}

std::optional<OrderRecord> order_with_id(const Ledger& ledger, OrderId id) {
    try {
        return ledger.order(id);
    } catch (const std::out_of_range&) {
        return std::nullopt;
    }
}

}  // namespace

std::vector<OrderRecord> find_orders(const Ledger& ledger, const std::string& word) {
    if (const auto number = number_in(word)) {
        if (const auto order = order_with_id(ledger, *number)) return {*order};
        OrderFilter by_operation;
        by_operation.operation = *number;
        if (auto found = ledger.orders(by_operation); !found.empty()) return found;
    }
    const auto domain = DomainName::parse(word);
    if (const auto* name = std::get_if<DomainName>(&domain)) {
        OrderFilter by_domain;
        by_domain.domain = name->ascii();
        if (auto found = ledger.orders(by_domain); !found.empty()) return found;
    }
    if (word.empty()) return {};
    OrderFilter by_reference;
    by_reference.reference = word;
    return ledger.orders(by_reference);
}

std::string words_of_no_order(const std::string& word) {
    return "no order has the number, operation, domain or reference '" + word + "'";
}

std::vector<OrderId> orders_named(Console& console, const Ledger& ledger,
                                  const std::vector<std::string>& words) {
    std::vector<OrderId> orders;
    for (const std::string& word : words) {
        const std::vector<OrderRecord> found = find_orders(ledger, word);
        std::string numbers;
        for (const OrderRecord& order : found) numbers += " " + std::to_string(order.id);
        if (found.size() != 1) {
            console.complain(
                ExitCode::some_orders_wrong,
                found.empty()
                    ? words_of_no_order(word)
                    : "'" + word + "' fits several orders, name one by its number:" + numbers);
        } else if (std::ranges::find(orders, found.front().id) == orders.end()) {
            orders.push_back(found.front().id);
        }
    }
    return orders;
}

}  // namespace domspool
