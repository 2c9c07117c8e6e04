#include "orders/extension_rules.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr int kMostYears = 100;

std::optional<int> years_of(std::string_view digits) {
    if (digits.empty() || digits.size() > 3) return std::nullopt;
    int years = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return std::nullopt;
        years = years * 10 + (digit - '0');
    }
    if (years < 1 || years > kMostYears) return std::nullopt;
    return years;
}

bool add_period(std::set<int>& years, std::string_view period) {
    const std::size_t dash = period.find('-');
    const std::optional<int> first = years_of(period.substr(0, dash));
    const std::optional<int> last =
        dash == std::string_view::npos ? first : years_of(period.substr(dash + 1));
    if (!first || !last || *first > *last) return false;
    for (int year = *first; year <= *last; ++year) years.insert(year);
    return true;
}

}  // namespace

std::optional<std::set<int>> parse_periods(std::string_view text) {
    std::string packed;
    std::copy_if(text.begin(), text.end(), std::back_inserter(packed),
                 [](char c) { return c != ' ' && c != '\t'; });
    std::replace(packed.begin(), packed.end(), ':', ';');
    std::set<int> years;
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = packed.find(';', begin);
        const auto length = end == std::string::npos ? std::string::npos : end - begin;
        if (!add_period(years, std::string_view(packed).substr(begin, length))) return std::nullopt;
        if (end == std::string::npos) return years;
        begin = end + 1;
    }
}

}  // namespace domspool
