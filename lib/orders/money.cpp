#include "orders/money.h"

#include <algorithm>
#include <limits>

namespace domspool {

namespace {

constexpr std::size_t kMostDigits = 15;  // Cents then stay far inside 64 bits.

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t value_of(std::string_view digits) {
    std::int64_t number = 0;
    for (const char digit : digits) number = number * 10 + (digit - '0');
    return number;
}

// Cents of the digits after the point; whatever stands beyond two digits counts as one cent more,
// so that a bill is never lower than the registrar's.
std::int64_t cents_of_fraction(std::string_view digits) {
    std::string two(digits.substr(0, 2));
    while (two.size() < 2) two += '0';
    const bool more = digits.find_first_not_of('0', 2) != std::string_view::npos;
    return value_of(two) + (digits.size() > 2 && more ? 1 : 0);
}

}  // namespace

std::optional<std::int64_t> parse_cents(std::string_view decimal) {
    const bool negative = !decimal.empty() && decimal.front() == '-';
    if (negative) decimal.remove_prefix(1);
    const std::size_t point = decimal.find('.');
    const std::string_view whole = decimal.substr(0, point);
    if (!is_digits(whole) || whole.size() > kMostDigits) return std::nullopt;
    std::int64_t cents = value_of(whole) * 100;
    if (point != std::string_view::npos) {
        const std::string_view fraction = decimal.substr(point + 1);
        if (!is_digits(fraction)) return std::nullopt;
        cents += cents_of_fraction(fraction);
    }
    return negative ? -cents : cents;
}

std::optional<Money> parse_money(std::string_view text) {
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    const std::string_view amount = text.substr(0, blank);
    const std::string_view currency = text.substr(blank + 1);
    const bool is_code =
        currency.size() == 3 &&
        std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!is_code || amount.empty() || amount.front() == '-') return std::nullopt;
    const std::size_t point = amount.find('.');
    if (point != std::string_view::npos && amount.size() - point > 3) return std::nullopt;
    const std::optional<std::int64_t> cents = parse_cents(amount);
    if (!cents) return std::nullopt;
    return Money{*cents, std::string(currency)};
}

std::string to_text(const Money& money) {
    const std::uint64_t size = money.cents < 0 ? 0 - static_cast<std::uint64_t>(money.cents)
                                               : static_cast<std::uint64_t>(money.cents);
    const std::string cents = std::to_string(size % 100);
    return (money.cents < 0 ? "-" : "") + std::to_string(size / 100) + "." +
           (cents.size() == 1 ? "0" : "") + cents + " " + money.currency;
}

}  // namespace domspool
