#include "orders/contact_rules.h"

#include "orders/country_codes.h"
#include "orders/domain_name.h"
#include "orders/latin_text.h"
#include "orders/order_values.h"
#include "orders/place_names.h"
#include "util/utf8.h"
#include "util/visible_text.h"

#include <algorithm>
#include <chrono>

namespace domspool::contact_rules {

namespace {

constexpr std::string_view kDigits = "0123456789";

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

Reason must_be_short(const std::string& value, std::size_t most) {
    const std::size_t length = utf8::length(value);
    if (length <= most) return "";
    return "has " + std::to_string(length) + " characters; at most " + std::to_string(most) +
           " are accepted";
}

Reason must_consist_of(const std::string& value, std::string_view also, std::string_view shown,
                       std::size_t most) {
    const std::string stranger = latin_text::first_stranger(value, also);
    if (stranger == "\n" || stranger == "\r") return "holds a line break; one line is accepted";
    if (!stranger.empty()) {
        return "holds '" + visible_text(stranger) + "'; accepted are Latin letters" +
               std::string(shown);
    }
    return must_be_short(value, most);
}

Reason name_rule(const std::string& value) {
    return must_consist_of(value, " -'", ", blank - '", 30);
}

Reason address_like(const std::string& value, std::size_t most) {
    return must_consist_of(value, "0123456789& -,.'/", ", digits, blank & - , . ' /", most);
}
Reason organisation_rule(const std::string& value) {
    return address_like(value, 100);
}
Reason address_rule(const std::string& value) {
    return address_like(value, 80);
}
Reason city_rule(const std::string& value) {
    return address_like(value, 30);
}

Reason body_form_rule(const std::string& value) {
    if (value == "IND" || value == "ORG") return "";
    return "must be IND (a person) or ORG (a legal entity)";
}

Reason zip_code_rule(const std::string& value) {
    constexpr std::string_view kAccepted =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -";
    if (value.find_first_not_of(kAccepted) != std::string::npos) {
        return "must consist of letters A to Z, digits, blanks and -";
    }
    return must_be_short(value, 10);
}

Reason country_rule(const std::string& value) {
    if (country_codes::is_country(value)) return "";
    const std::string meant = place_names::country_named(value);
    return "must be a country's two letters (ISO 3166-1) such as FR" +
           (meant.empty() ? "" : "; is " + meant + " meant?");
}

Reason phone_rule(const std::string& value) {
    constexpr std::string_view kRight =
        "; must be + country code, one blank and digits, such as '+33 303030303'";
    const std::size_t blank = value.find(' ');
    if (!value.starts_with('+') || blank == std::string::npos ||
        !is_digits(std::string_view(value).substr(1, blank - 1)) ||
        !is_digits(std::string_view(value).substr(blank + 1))) {
        return "cannot be read without guessing" + std::string(kRight);
    }
    const std::string digits = value.substr(1, blank - 1) + value.substr(blank + 1);
    if (country_codes::calling_code_length(digits) != blank - 1) {
        return "begins with no country code" + std::string(kRight);
    }
    if (value.size() - blank - 1 < 4) return "is too short" + std::string(kRight);
    return must_be_short(value, 17);
}

bool is_atom(std::string_view text) {
    constexpr std::string_view kAccepted =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~.-";
    return !text.empty() && text.find_first_not_of(kAccepted) == std::string_view::npos &&
           text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

Reason email_rule(const std::string& value) {
    const std::size_t at = value.rfind('@');
    if (at == std::string::npos || !is_atom(std::string_view(value).substr(0, at))) {
        return "must be an address such as name@example.com";
    }
    const auto host = DomainName::parse(std::string_view(value).substr(at + 1));
    if (const auto* refusal = std::get_if<DomainName::Refusal>(&host)) {
        return "is no address: behind the @, " + refusal->reason;
    }
    return must_be_short(value, 128);
}

Reason language_rule(const std::string& value) {
    return value == "FR" || value == "EN" ? "" : "must be FR or EN";
}

Reason date_rule(const std::string& value) {
    namespace chrono = std::chrono;
    constexpr const char* kRight = "must be a date that exists, as YYYY-MM-DD";
    const std::string_view text = value;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return kRight;
    if (!is_digits(text.substr(0, 4)) || !is_digits(text.substr(5, 2)) ||
        !is_digits(text.substr(8, 2))) {
        return kRight;
    }
    const chrono::year_month_day date(
        chrono::year(std::stoi(value.substr(0, 4))),
        chrono::month(static_cast<unsigned>(std::stoi(value.substr(5, 2)))),
        chrono::day(static_cast<unsigned>(std::stoi(value.substr(8, 2)))));
    return date.ok() ? "" : kRight;
}

Reason trademark_type_rule(const std::string& value) {
    if (value == "INPI" || value == "OHIM" || value == "WIPO") return "";
    return "must be INPI (national), OHIM (European) or WIPO (international)";
}

template <std::size_t most>
Reason text_rule(const std::string& value) {
    return text_reason(value, most);
}

std::string as_given(std::string text) {
    return text;
}

// Separators away, 00 for +, one blank behind the country code. What is no international number
// stays as it is, and is refused afterwards.
std::string phone_form(std::string text) {
    if (text.starts_with('\'')) text.erase(0, 1);  // A spreadsheet's mark of a text.
    std::string packed;
    for (std::size_t i = 0; i < text.size(); ++i) {
        // What "(0)" means differs between countries.
        if (text.compare(i, 3, "(0)") == 0) return text;
        if (std::string_view(" -.()").find(text[i]) == std::string_view::npos) packed += text[i];
    }
    if (packed.starts_with("00")) packed.replace(0, 2, "+");
    if (!packed.starts_with('+') || !is_digits(std::string_view(packed).substr(1))) return text;
    const std::size_t code = country_codes::calling_code_length(packed.substr(1));
    if (code == 0) return text;
    return packed.insert(code + 1, " ");
}

// The part behind the @ as it is stored everywhere else: lower case, A-labels.
std::string email_form(std::string text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string::npos) return text;
    const auto host = DomainName::parse(std::string_view(text).substr(at + 1));
    const auto* name = std::get_if<DomainName>(&host);
    return name == nullptr ? text : text.substr(0, at + 1) + name->ascii();
}

}  // namespace

const std::vector<Rule>& all() {
    static const std::vector<Rule> rules = {
        {"firstName", true, as_given, name_rule},
        {"lastName", true, as_given, name_rule},
        {"bodyForm", false, order_values::raised, body_form_rule},
        {"bodyName", false, as_given, organisation_rule},
        {"address1", true, as_given, address_rule},
        {"address2", false, as_given, address_rule},
        {"zipCode", true, as_given, zip_code_rule},
        {"area", false, order_values::raised, text_rule<50>},
        {"city", true, as_given, city_rule},
        {"country", true, order_values::raised, country_rule},
        {"phone", true, phone_form, phone_rule},
        {"fax", false, phone_form, phone_rule},
        {"email", true, email_form, email_rule},
        {"language", true, order_values::raised, language_rule},
        {"tmName", false, as_given, text_rule<50>},
        {"tmDate", false, as_given, date_rule},
        {"tmNumber", false, as_given, text_rule<20>},
        {"tmType", false, order_values::raised, trademark_type_rule},
        {"companyNumber", false, as_given, text_rule<20>},
        {"vatNumber", false, as_given, text_rule<20>},
        {"birthDate", false, as_given, date_rule},
        {"birthZipCode", false, as_given, zip_code_rule},
        {"birthCity", false, as_given, text_rule<50>},
        {"birthCountry", false, order_values::raised, country_rule},
        {"idNumber", false, as_given, text_rule<20>},
    };
    return rules;
}

const Rule* named(std::string_view name) {
    const auto found = std::find_if(all().begin(), all().end(),
                                    [&](const Rule& rule) { return rule.name == name; });
    return found == all().end() ? nullptr : &*found;
}

Reason text_reason(const std::string& value, std::size_t most) {
    if (!utf8::first_unprintable(value).empty()) {
        return "holds a line break or a character that cannot be printed";
    }
    return must_be_short(value, most);
}

}  // namespace domspool::contact_rules
