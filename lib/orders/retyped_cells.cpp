#include "orders/retyped_cells.h"

#include "orders/order_values.h"
#include "orders/spreadsheet_dates.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace domspool::retyped_cells {

using namespace order_values;

namespace {

constexpr std::string_view kDigits = "0123456789";
// A number with more is shown, and saved, as 1.23457E+11.
constexpr std::size_t kDigitsShown = 11;
// A number with more keeps only so many of them.
constexpr std::size_t kDigitsKept = 15;

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

bool is_formula(std::string_view text) {
    return std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

bool is_truth(std::string_view text) {
    const std::string lower = folded(std::string(text));
    return lower == "true" || lower == "false";
}

std::string_view without_currency(std::string_view text) {
    for (const std::string_view sign : {"$", "\u20ac", "\u00a3"}) {
        if (text.starts_with(sign)) text.remove_prefix(sign.size());
        if (text.ends_with(sign)) text.remove_suffix(sign.size());
    }
    return text;
}

// 1.50, 3/4, 12:30, 75 001, 5 %, (12), 2026-03-01: whatever it is in which country.
bool is_digits_and_signs(std::string_view text) {
    const bool has_others =
        text.find_first_not_of("0123456789 .,:/-'%()") != std::string_view::npos;
    return !has_others && text.find_first_of(kDigits) != std::string_view::npos;
}

// ---- Numbers.

// 0.DIGITS times ten to the power of `point`; the digits without zeros at either end.
struct Number {
    bool is_negative = false;
    std::string digits;
    int point = 0;
    bool may_be_rounded = false;  // it has an exponent, or more digits than are kept
    friend bool operator==(const Number& a, const Number& b) {
        return a.is_negative == b.is_negative && a.digits == b.digits && a.point == b.point;
    }
};

Number trimmed_number(Number number) {
    const std::size_t zeros = std::min(number.digits.find_first_not_of('0'), number.digits.size());
    number.digits.erase(0, zeros);
    number.point -= static_cast<int>(zeros);
    while (number.digits.ends_with('0')) number.digits.pop_back();
    if (number.digits.empty()) number.point = 0;
    return number;
}

std::optional<int> exponent_of(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    const std::optional<int> value = text.size() > 3 ? std::nullopt : number_of(text);
    if (!value) return std::nullopt;
    return is_negative ? -*value : *value;
}

// 0071, +1.50, 1,5, 1.23457E+11.
std::optional<Number> number_in(std::string_view text) {
    Number number;
    number.is_negative = text.starts_with('-');
    if (number.is_negative || text.starts_with('+')) text.remove_prefix(1);
    int exponent = 0;
    if (const auto at = text.find_first_of("eE"); at != std::string_view::npos) {
        const std::optional<int> stated = exponent_of(text.substr(at + 1));
        if (!stated) return std::nullopt;
        exponent = *stated;
        number.may_be_rounded = true;
        text = text.substr(0, at);
    }
    const std::size_t mark = std::min(text.find_first_of(".,"), text.size());
    const std::string_view whole = text.substr(0, mark);
    const std::string_view fraction = text.substr(std::min(mark + 1, text.size()));
    const bool has_fraction = mark < text.size();
    if (!is_digits(whole) || (has_fraction && !is_digits(fraction))) return std::nullopt;
    number.digits = std::string(whole) + std::string(fraction);
    number.point = static_cast<int>(whole.size()) + exponent;
    number = trimmed_number(std::move(number));
    number.may_be_rounded |= number.point > static_cast<int>(kDigitsKept);
    return number;
}

// The digits behind the first few cut off, or rounded away.
Number shortened(Number number, std::size_t kept, bool is_rounded) {
    if (number.digits.size() <= kept) return number;
    const bool goes_up = is_rounded && number.digits[kept] >= '5';
    number.digits.resize(kept);
    for (std::size_t at = kept; goes_up && at-- > 0;) {
        if (number.digits[at] != '9') {
            ++number.digits[at];
            return trimmed_number(std::move(number));
        }
        number.digits[at] = '0';
        if (at > 0) continue;
        number.digits.insert(0, 1, '1');
        ++number.point;
    }
    return trimmed_number(std::move(number));
}

// Of a number with many digits some spreadsheets save six, some fifteen, a format of their own
// three.
bool is_shortened(const Number& whole, const Number& saved) {
    if (!saved.may_be_rounded) return false;
    for (const std::size_t kept : {std::size_t{3}, std::size_t{6}, kDigitsKept}) {
        if (shortened(whole, kept, true) == saved) return true;
    }
    return shortened(whole, kDigitsKept, false) == saved;
}

bool is_same_number(std::string_view a, std::string_view b) {
    const std::optional<Number> first = number_in(a), second = number_in(b);
    if (!first || !second) return false;
    return *first == *second || is_shortened(*first, *second) || is_shortened(*second, *first);
}

// ---- Texts.

// Typographic quotes as plain ones, blanks and line breaks as one blank, no ' that marks a text.
std::string tidied(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, char>, 8> kSigns = {{{"\u2018", '\''},
                                                                                 {"\u2019", '\''},
                                                                                 {"\u201a", '\''},
                                                                                 {"\u201c", '"'},
                                                                                 {"\u201d", '"'},
                                                                                 {"\u201e", '"'},
                                                                                 {"\u00a0", ' '},
                                                                                 {"\u202f", ' '}}};
    std::string tidy;
    while (!text.empty()) {
        char sign = text.front();
        std::size_t length = 1;
        for (const auto& [written, plain] : kSigns) {
            if (!text.starts_with(written)) continue;
            sign = plain;
            length = written.size();
        }
        text.remove_prefix(length);
        if (sign == '\n' || sign == '\r' || sign == '\t') sign = ' ';
        const bool is_surplus = sign == ' ' && (tidy.empty() || tidy.back() == ' ');
        if (!is_surplus) tidy += sign;
    }
    if (tidy.ends_with(' ')) tidy.pop_back();
    return tidy.substr(std::min(tidy.find_first_not_of('\''), tidy.size()));
}

std::string_view behind_marks(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of('\''), text.size()));
}

}  // namespace

bool may_be_retyped(std::string_view text) {
    if (text.empty()) return false;
    if (is_formula(text)) return true;
    const std::string tidy = trimmed(text);
    if (tidy.empty()) return false;
    if (is_digits(tidy)) {
        return tidy.size() > kDigitsShown || (tidy.size() > 1 && tidy.front() == '0');
    }
    return is_formula(tidy) || is_truth(tidy) || number_in(tidy).has_value() ||
           is_digits_and_signs(without_currency(tidy)) || spreadsheet_dates::is_date(tidy) ||
           spreadsheet_dates::is_time(tidy);
}

std::string guarded(std::string_view text) {
    return may_be_retyped(behind_marks(text)) ? "'" + std::string(text) : std::string(text);
}

std::string unguarded(std::string text) {
    const std::string_view rest = behind_marks(text);
    if (rest.size() < text.size() && may_be_retyped(rest)) text.erase(0, 1);
    return text;
}

bool may_be_the_same(std::string_view a, std::string_view b) {
    if (a == b) return true;
    const std::string first = tidied(a), second = tidied(b);
    return first == second || is_same_number(first, second) ||
           (is_truth(first) && folded(first) == folded(second)) ||
           spreadsheet_dates::is_same_date(first, second) ||
           spreadsheet_dates::is_same_time(first, second);
}

}  // namespace domspool::retyped_cells
