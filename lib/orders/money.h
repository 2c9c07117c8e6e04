// An amount in one currency, in cents. Never a floating number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domspool {

struct Money {
    std::int64_t cents = 0;
    std::string currency;  // ISO 4217, upper case, e.g. "EUR"
    friend bool operator==(const Money&, const Money&) = default;
};

// "12.50 EUR" or "12 EUR", currency in upper case. "12,50 EUR", more than two decimals and amounts
// below 0 are refused.
std::optional<Money> parse_money(std::string_view text);
// A registrar's decimal such as "1093.00", "12.5", "12", "-3.20" (a balance): cents; beyond two
// digits the amount counts as the next larger cent.
std::optional<std::int64_t> parse_cents(std::string_view decimal);
std::string to_text(const Money& money);  // "12.50 EUR"

}  // namespace domspool
