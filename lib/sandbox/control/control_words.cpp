#include "sandbox/control/control_words.h"

#include "sandbox/model/contact_record.h"
#include "sandbox/model/extensions.h"
#include "sandbox/model/letter_case.h"

#include <charconv>
#include <cmath>
#include <map>
#include <stdexcept>

namespace domspool::sandbox {

namespace {

constexpr double kLargestAmount = 1e9;

enum class FieldKind { text, date, flag };

// The fields of a domain that can be set by hand; the names of domainInfo, and what it hides.
const std::map<std::string, FieldKind>& domain_fields() {
    static const std::map<std::string, FieldKind> fields = {
        {"dateCreate", FieldKind::date},   {"dateExpiration", FieldKind::date},
        {"status", FieldKind::text},       {"idOwner", FieldKind::text},
        {"idAdmin", FieldKind::text},      {"idTech", FieldKind::text},
        {"idBilling", FieldKind::text},    {"domainIsLock", FieldKind::flag},
        {"whoisPrivacy", FieldKind::flag}, {"autoRenew", FieldKind::flag},
        {"ns", FieldKind::text},           {"authID", FieldKind::text},
        {"IsSigned", FieldKind::flag},     {"dnskey", FieldKind::text},
        {"ds", FieldKind::text},           {"zone", FieldKind::text},
        {"tag", FieldKind::text},          {"note", FieldKind::text}};
    return fields;
}

bool fits(FieldKind kind, const std::string& value) {
    switch (kind) {
        case FieldKind::text:
            return true;
        case FieldKind::date:
            return is_date(value);
        case FieldKind::flag:
            return value == "0" || value == "1";
    }
    return false;
}

}  // namespace

std::string next_word(std::istringstream& words, const char* what) {
    std::string word;
    if (!(words >> word)) throw std::invalid_argument(std::string("missing: ") + what);
    return word;
}

double decimal(const std::string& text, double lowest, double highest) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || !(number >= lowest && number <= highest)) {
        throw std::invalid_argument("no number, or out of bounds: '" + text + "'");
    }
    return number;
}

std::int64_t whole(const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) {
        throw std::invalid_argument("no whole number: '" + text + "'");
    }
    return number;
}

std::int64_t cents(const std::string& text) {
    return std::llround(decimal(text, -kLargestAmount, kLargestAmount) * 100);
}

std::string rest_of(std::istringstream& words) {
    std::string rest;
    std::getline(words >> std::ws, rest);
    return rest;
}

std::string known_operation_code(std::istringstream& words) {
    const std::string wanted = lower(next_word(words, "operation code"));
    for (const std::string& known : operation_codes()) {
        if (lower(known) == wanted) return wanted;
    }
    throw std::invalid_argument("unknown operation code '" + wanted + "'");
}

FieldWord read_field(const std::string& word) {
    const auto equal = word.find('=');
    if (equal == std::string::npos) throw std::invalid_argument("no NAME=VALUE: '" + word + "'");
    FieldWord field{word.substr(0, equal), word.substr(equal + 1)};
    const bool may_hold_blanks =
        field.name == "status" || field.name == "ds" || field.name == "dnskey";
    for (char& c : field.value) {
        if (field.name == "ns" && c == ',') c = ' ';
        if (may_hold_blanks && c == '_') c = ' ';
    }
    return field;
}

void set_domain_field(Fields& fields, const std::string& word) {
    const FieldWord field = read_field(word);
    const auto known = domain_fields().find(field.name);
    if (known == domain_fields().end()) {
        throw std::invalid_argument("unknown field '" + field.name + "'");
    }
    if (!fits(known->second, field.value)) {
        throw std::invalid_argument("'" + field.value + "' is nothing for '" + field.name + "'");
    }
    fields[field.name] = field.value;
}

std::string known_extension(std::istringstream& words) {
    const Extension* extension = extension_named(next_word(words, "extension"));
    if (extension == nullptr) throw std::invalid_argument("unknown extension");
    return extension->name;
}

}  // namespace domspool::sandbox
