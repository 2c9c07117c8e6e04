#include "orders/damaged_values.h"

#include "orders/contact_rules.h"
#include "orders/encoded_twice.h"
#include "orders/invisible_signs.h"
#include "orders/latin_text.h"
#include "orders/order.h"
#include "orders/order_values.h"
#include "orders/phone_numbers.h"
#include "orders/post_codes.h"
#include "util/utf8.h"

#include <algorithm>
#include <array>

namespace domspool {

using namespace order_values;

namespace {

using Reason = std::string;  // "": nothing is wrong

std::string_view last_name(std::string_view field) {
    return field.substr(field.rfind('.') + 1);
}

template <typename List>
bool is_one_of_words(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

// ---- What stands for nothing.

// Letter case counts: there are people called Null and Nan.
bool is_nothing_everywhere(std::string_view text) {
    constexpr std::array<std::string_view, 8> kWords = {"NULL", "null",   "\\N",  "nan",
                                                        "NaN",  "(null)", "<NA>", "<null>"};
    return is_one_of_words(kWords, text);
}

// What a spreadsheet shows in place of a formula's value.
bool is_spreadsheet_error(std::string_view text) {
    constexpr std::array<std::string_view, 15> kErrors = {
        "#N/A",   "#NAME?",  "#REF!", "#VALUE!",  "#DIV/0!", "#NUM!",   "#NULL!", "#NV",
        "#WERT!", "#BEZUG!", "#NOM?", "#VALEUR!", "#ZAHL!",  "#SPILL!", "#CALC!"};
    return is_one_of_words(kErrors, text) ||
           (text.starts_with("####") && text.find_first_not_of('#') == std::string_view::npos);
}

// Where anything may stand, and only there.
bool is_nothing_in_text(std::string_view text) {
    const std::string word = folded(std::string(text));
    return word == "0" || word == "n/a" || word == "none" ||
           word.find_first_not_of('-') == std::string::npos;
}

bool is_free_text(std::string_view name) {
    return name == "bodyName" || name == "tag" || name == "note";
}

Reason placeholder_reason(std::string_view name, const std::string& text) {
    if (is_spreadsheet_error(text)) {
        return "is what a spreadsheet shows for a mistake in a formula; write the value itself, "
               "or leave it empty";
    }
    if (is_nothing_everywhere(text) || (is_free_text(name) && is_nothing_in_text(text))) {
        return "stands for nothing; leave it empty";
    }
    return "";
}

// ---- Texts.

Reason encoded_twice_reason(const std::string& value) {
    const auto meant = meant_by_encoded_twice(value);
    if (!meant) return "";
    return "was encoded twice; '" + utf8::shortened(*meant) +
           "' was probably meant: save the file as UTF-8 once";
}

// Joiners are part of emoji, and a note is for people only.
Reason invisible_reason(std::string_view name, std::string value) {
    if (name == "note") return "";
    // Names of hosts say more themselves: both names it could be.
    if (name == "domain") return "";
    if (name == "tag") value = invisible_signs::without_joiners(value);
    const auto sign = invisible_signs::first_in(value);
    if (!sign) return "";
    return "holds the invisible sign " + invisible_signs::number_of(*sign) +
           "; delete it: " + invisible_signs::with_numbers(utf8::shortened(value));
}

// ---- EPP codes.

bool holds_entity(std::string_view code) {
    constexpr std::array<std::string_view, 6> kNamed = {"&amp;",  "&lt;",   "&gt;",
                                                        "&quot;", "&apos;", "&nbsp;"};
    const bool is_named = std::any_of(kNamed.begin(), kNamed.end(), [&](std::string_view entity) {
        return code.find(entity) != std::string_view::npos;
    });
    if (is_named) return true;
    for (auto at = code.find("&#"); at != std::string_view::npos; at = code.find("&#", at + 1)) {
        std::string_view rest = code.substr(at + 2);
        const bool is_hex = rest.starts_with('x') || rest.starts_with('X');
        if (is_hex) rest.remove_prefix(1);
        const auto digits =
            rest.find_first_not_of(is_hex ? "0123456789abcdefABCDEF" : "0123456789");
        if (digits != 0 && digits != std::string_view::npos && rest[digits] == ';') return true;
    }
    return false;
}

// 1.23457E+11
bool is_rounded_number(std::string_view code) {
    constexpr std::string_view kDigits = "0123456789";
    const auto mark = code.find_first_of("eE");
    if (mark == std::string_view::npos || mark < 3) return false;
    const std::string_view factor = code.substr(0, mark), power = code.substr(mark + 1);
    return kDigits.find(factor[0]) != std::string_view::npos &&
           (factor[1] == '.' || factor[1] == ',') &&
           factor.find_first_not_of(kDigits, 2) == std::string_view::npos && power.size() > 1 &&
           (power[0] == '+' || power[0] == '-') &&
           power.find_first_not_of(kDigits, 1) == std::string_view::npos;
}

Reason strange_sign_reason(std::string_view code) {
    while (!code.empty()) {
        const utf8::Character sign = utf8::first_character(code);
        const std::size_t bytes = std::max<std::size_t>(sign.bytes, 1);
        if (sign.bytes == 1 && (sign.code < 0x20 || sign.code == 0x7f)) {
            return "holds a line break or a character that cannot be printed";
        }
        if (sign.code == 0xa0) return "holds a no-break space (U+00A0)";
        if (invisible_signs::is_one(sign.code)) {
            return "holds the invisible sign " + invisible_signs::number_of(sign.code);
        }
        if (sign.code >= 0x2010 && sign.code <= 0x203a) {
            return "holds a typographic sign (" + invisible_signs::number_of(sign.code) +
                   ") that a program put in place of a plain one";
        }
        if (bytes > 1) return "holds a letter or sign that is not ASCII; codes have none";
        code.remove_prefix(bytes);
    }
    return "";
}

Reason what_is_wrong_with_code(std::string_view code) {
    if (const Reason reason = strange_sign_reason(code); !reason.empty()) return reason;
    if (code.front() == ' ' || code.back() == ' ') return "has a blank in front or behind";
    if (is_nothing_everywhere(code)) return "stands for nothing";
    if (is_spreadsheet_error(code)) return "is what a spreadsheet shows for a mistake";
    if (code.starts_with("=\"")) return "is a formula (=\"...\") around the code";
    if (is_rounded_number(code)) return "is a number that a spreadsheet rounded";
    if (holds_entity(code)) return "holds a sign as web pages write it (such as &amp;)";
    return "";
}

Reason code_reason(const std::string& code) {
    if (code == kKeptCode || code == kWipedCode) return "";
    const Reason reason = what_is_wrong_with_code(code);
    if (reason.empty()) return "";
    return reason + "; give the code as it was told (it is not shown here)";
}

// ---- Numbers.

// "+33123456789.0"
bool is_float(std::string_view text) {
    const auto mark = text.find_last_of(".,");
    if (mark == std::string_view::npos || mark + 1 == text.size()) return false;
    if (text.find_first_not_of('0', mark + 1) != std::string_view::npos) return false;
    text.remove_suffix(text.size() - mark);
    if (text.starts_with('+')) text.remove_prefix(1);
    const bool is_number = text.find_first_not_of("0123456789 ") == std::string_view::npos;
    return text.size() >= 6 && is_number;
}

Reason phone_reason(const std::string& value) {
    if (is_float(trimmed(value))) {
        return "is a number with decimals, no phone; a program made it of one. Write it as "
               "'+33 303030303'";
    }
    const contact_rules::Rule* rule = contact_rules::named("phone");
    const std::string formed = rule->form(latin_text::tidied(value));
    return rule->reason(formed).empty() ? phone_numbers::reason_against(formed) : "";
}

Reason post_code_reason(const std::string& value, const std::string& country) {
    const std::string code = trimmed(value), place = raised(trimmed(country));
    if (post_codes::is_placeholder(place, code)) {
        return "stands for nothing, but every place of " + place + " has a postcode; give it";
    }
    const auto padded = post_codes::with_lost_zeros(place, code);
    if (!padded) return "";
    return "has " + std::to_string(code.size()) + " digits, those of " + place + " have " +
           std::to_string(padded->size()) + "; is '" + *padded +
           "' meant? A spreadsheet may have taken the zero";
}

// ---- One field.

bool is_plain_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Reason reason_of(const std::string& field, const std::string& value, const FieldMap& given) {
    if (field == kAuthCode) return code_reason(value);
    const std::string_view name = last_name(field);
    const std::string text = trimmed(value);
    if (text.empty()) return "";
    if (Reason reason = placeholder_reason(name, text); !reason.empty()) return reason;
    if (!is_plain_ascii(value)) {
        if (Reason reason = encoded_twice_reason(value); !reason.empty()) return reason;
        if (Reason reason = invisible_reason(name, value); !reason.empty()) return reason;
    }
    if (field == name) return "";
    if (name == "phone" || name == "fax") return phone_reason(value);
    if (name == "zipCode") {
        const std::string role = field.substr(0, field.size() - name.size());
        return post_code_reason(value, field_of(given, role + "country"));
    }
    return "";
}

}  // namespace

std::vector<FieldFault> damage_of(const FieldMap& given) {
    std::vector<FieldFault> faults;
    for (const auto& [field, value] : given) {
        if (value.empty()) continue;
        const Reason reason = reason_of(field, value, given);
        if (reason.empty()) continue;
        faults.push_back({field, field == kAuthCode ? "" : utf8::shortened(value), reason});
    }
    return faults;
}

}  // namespace domspool
