#include "orders/spreadsheet_dates.h"

#include "orders/order_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <vector>

namespace domspool::spreadsheet_dates {

using namespace order_values;

namespace {

// By month, from January: the names English, German, French, Spanish, Italian and Dutch
// spreadsheets read, in lower case, blanks around each.
constexpr std::array<std::string_view, 12> kMonths = {
    " jan january januar janv janvier jän ene enero gen gennaio januari ",
    " feb february februar févr février fév fev febrero febbraio februari ",
    " mar march mrz mär märz mars marzo mrt maart ",
    " apr april avr avril abr abril aprile ",
    " may mai mayo mag maggio mei ",
    " jun june juni juin junio giu giugno ",
    " jul july juli juil juillet julio lug luglio ",
    " aug august août aout ago agosto augustus ",
    " sep sept september septembre septiembre set settembre ",
    " oct october okt oktober octobre octubre ott ottobre ",
    " nov november novembre noviembre ",
    " dec december dez dezember déc décembre dic diciembre dicembre ",
};
constexpr std::string_view kBetweenParts = " -/.,";

// 1 to 12; 0: no month's name.
int month_of(const std::string& word) {
    const std::string wanted = " " + word + " ";
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
        if (kMonths[i].find(wanted) != std::string_view::npos) return static_cast<int>(i) + 1;
    }
    return 0;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 ||
           (static_cast<unsigned char>(c) & 0x80);
}

// Runs of digits and runs of letters, in lower case; nothing where other signs than `between` stand
// among them.
std::optional<std::vector<std::string>> parts_of(std::string_view text, std::string_view between) {
    std::vector<std::string> parts;
    const std::string lower = folded(std::string(text));
    for (std::size_t at = 0; at < lower.size();) {
        const bool is_number = is_digit(lower[at]);
        if (!is_number && !is_letter(lower[at])) {
            if (between.find(lower[at++]) == std::string_view::npos) return std::nullopt;
            continue;
        }
        std::size_t end = at;
        while (end < lower.size() && (is_number ? is_digit(lower[end]) : is_letter(lower[end])))
            ++end;
        parts.push_back(lower.substr(at, end - at));
        at = end;
    }
    return parts;
}

// The numbers of a date as they stand, a month's name as its number; nothing where it is none.
std::optional<std::vector<int>> date_in(std::string_view text) {
    const auto parts = parts_of(text, kBetweenParts);
    if (!parts || parts->size() < 2 || parts->size() > 3) return std::nullopt;
    std::vector<int> numbers;
    int names = 0;
    for (const std::string& part : *parts) {
        const bool is_number = is_digit(part.front());
        if (is_number && part.size() != 1 && part.size() != 2 && part.size() != 4) {
            return std::nullopt;
        }
        const int number = is_number ? number_of(part).value_or(0) : month_of(part);
        if (!is_number && (number == 0 || ++names > 1)) return std::nullopt;
        numbers.push_back(number);
    }
    return numbers;
}

bool is_same_part(int a, int b) {
    const auto is_short_for = [](int two_digits, int year) {
        return two_digits < 100 && (year == two_digits + 1900 || year == two_digits + 2000);
    };
    return a == b || is_short_for(a, b) || is_short_for(b, a);
}

// Hour, minute, second; nothing where it is no time.
std::optional<std::vector<int>> time_in(std::string_view text) {
    auto parts = parts_of(text, " :.");
    if (!parts || parts->empty() || !is_digit(parts->front().front())) return std::nullopt;
    const std::string last = is_letter(parts->back().front()) ? parts->back() : "";
    if (!last.empty()) parts->pop_back();
    const bool is_half_day = last == "am" || last == "pm" || last == "a" || last == "p";
    const bool has_colon = text.find(':') != std::string_view::npos;
    if ((!last.empty() && !is_half_day) || (last.empty() && !has_colon)) return std::nullopt;
    std::vector<int> numbers(3, 0);
    if (parts->empty() || parts->size() > numbers.size()) return std::nullopt;
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const auto number = is_digit((*parts)[i].front()) ? number_of((*parts)[i]) : std::nullopt;
        if (!number) return std::nullopt;
        numbers[i] = *number;
    }
    if (is_half_day) numbers[0] = numbers[0] % 12 + (last.front() == 'p' ? 12 : 0);
    return numbers;
}

}  // namespace

bool is_date(std::string_view text) {
    return date_in(text).has_value();
}

bool is_time(std::string_view text) {
    return time_in(text).has_value();
}

bool is_same_date(std::string_view a, std::string_view b) {
    auto longer = date_in(a), shorter = date_in(b);
    if (!longer || !shorter) return false;
    if (longer->size() < shorter->size()) std::swap(longer, shorter);
    std::sort(longer->begin(), longer->end());
    do {
        if (std::equal(shorter->begin(), shorter->end(), longer->begin(), is_same_part))
            return true;
    } while (std::next_permutation(longer->begin(), longer->end()));
    return false;
}

bool is_same_time(std::string_view a, std::string_view b) {
    const auto first = time_in(a), second = time_in(b);
    return first && second && *first == *second;
}

}  // namespace domspool::spreadsheet_dates
