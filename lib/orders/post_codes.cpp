#include "orders/post_codes.h"

#include <algorithm>
#include <array>

namespace domspool::post_codes {

namespace {

// Only countries of which some codes begin with 0, as the Universal Postal Union lists them.
struct Fixed {
    std::string_view country;
    std::size_t digits;
    std::size_t least;  // that are left when the zeros are gone
};
constexpr std::array<Fixed, 37> kFixed = {{
    {"AM", 4, 1}, {"AU", 4, 3}, {"BR", 8, 7}, {"CN", 6, 5}, {"CO", 6, 5}, {"DE", 5, 4},
    {"DK", 4, 3}, {"DZ", 5, 4}, {"EC", 6, 5}, {"ES", 5, 4}, {"FI", 5, 1}, {"FR", 5, 4},
    {"GE", 4, 3}, {"GT", 5, 4}, {"IT", 5, 2}, {"JP", 7, 5}, {"KR", 5, 4}, {"KZ", 6, 5},
    {"LK", 5, 3}, {"LT", 5, 4}, {"MX", 5, 4}, {"MY", 5, 4}, {"NO", 4, 1}, {"NZ", 4, 3},
    {"PE", 5, 4}, {"PH", 4, 3}, {"PL", 5, 3}, {"PR", 5, 3}, {"RO", 6, 5}, {"SG", 6, 5},
    {"SK", 5, 4}, {"TR", 5, 4}, {"UA", 5, 4}, {"US", 5, 3}, {"VA", 5, 3}, {"VI", 5, 3},
    {"ZA", 4, 1},
}};

// The others that certainly have codes; of a country in neither list nothing is said.
constexpr std::string_view kWithCodes =
    "AT BE BG BY CH CR CY CZ EE GB GR HR HU ID IL IN IS LI LU LV MA MC MD ME MK MT NL PK PT RS RU "
    "SE SI SM TH TN UY VE VN ";

const Fixed* fixed_of(std::string_view country) {
    const auto found = std::ranges::find(kFixed, country, &Fixed::country);
    return found == kFixed.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> with_lost_zeros(std::string_view country, std::string_view code) {
    const Fixed* fixed = fixed_of(country);
    const bool is_number = code.find_first_not_of("0123456789") == std::string_view::npos;
    if (fixed == nullptr || !is_number) return std::nullopt;
    if (code.size() < fixed->least || code.size() >= fixed->digits) return std::nullopt;
    return std::string(fixed->digits - code.size(), '0') + std::string(code);
}

bool is_placeholder(std::string_view country, std::string_view code) {
    if (code.empty() || code.find_first_not_of("-0") != std::string_view::npos) return false;
    return fixed_of(country) != nullptr ||
           (country.size() == 2 && kWithCodes.find(country) != std::string_view::npos);
}

}  // namespace domspool::post_codes
