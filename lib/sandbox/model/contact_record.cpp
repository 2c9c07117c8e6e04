#include "sandbox/model/contact_record.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

namespace domspool::sandbox {

namespace {

constexpr std::string_view kAdditional = "additional";

// ISO 3166-1 alpha-2, blank-separated.
constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW";
constexpr std::string_view kUnionAndEconomicArea =
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";
constexpr std::string_view kCountriesWithArea = "AU BR CA ES GB IE IT JP MX US";

bool is_listed(std::string_view list, std::string_view word) {
    if (word.size() != 2) return false;
    for (std::size_t at = 0; at < list.size(); at += 3) {
        if (list.substr(at, 2) == word) return true;
    }
    return false;
}

// The characters of a UTF-8 text; nothing if it is none.
std::optional<std::u32string> characters(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int more = lead < 0x80             ? 0
                         : (lead & 0xE0) == 0xC0 ? 1
                         : (lead & 0xF0) == 0xE0 ? 2
                         : (lead & 0xF8) == 0xF0 ? 3
                                                 : -1;
        if (more < 0 || i + static_cast<std::size_t>(more) > text.size()) return std::nullopt;
        char32_t c = more == 0 ? lead : static_cast<char32_t>(lead & (0x3F >> more));
        for (int k = 0; k < more; ++k) {
            const auto next = static_cast<unsigned char>(text[i++]);
            if ((next & 0xC0) != 0x80) return std::nullopt;
            c = (c << 6) | (next & 0x3Fu);
        }
        out += c;
    }
    return out;
}

bool is_latin_letter(char32_t c) {
    if ((c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z')) return true;
    if (c >= 0xC0 && c <= 0xFF) return c != 0xD7 && c != 0xF7;  // ISO 8859-1 without × and ÷.
    if (c >= 0x100 && c <= 0x17F) return true;                  // Latin Extended-A.
    return c >= 0x218 && c <= 0x21B;                            // ș and ț of either case.
}

bool consists_of(std::string_view text, std::u32string_view besides_letters, std::size_t longest) {
    const auto all = characters(text);
    return all && all->size() <= longest && std::all_of(all->begin(), all->end(), [&](char32_t c) {
               return is_latin_letter(c) || besides_letters.find(c) != std::u32string_view::npos;
           });
}

constexpr std::u32string_view kNameSigns = U" -'";
constexpr std::u32string_view kAddressSigns = U"0123456789& -,.'/";

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_phone(std::string_view text) {
    const auto blank = text.find(' ');
    return text.size() <= 17 && text.starts_with('+') && blank != std::string_view::npos &&
           blank >= 2 && blank <= 4 && is_digits(text.substr(1, blank - 1)) &&
           is_digits(text.substr(blank + 1));
}

bool is_email(std::string_view text) {
    const auto at = text.find('@');
    if (text.size() > 255 || at == 0 || at == std::string_view::npos) return false;
    const auto host = text.substr(at + 1);
    return host.find('@') == std::string_view::npos && host.find('.') != std::string_view::npos &&
           !host.starts_with('.') && !host.ends_with('.') &&
           text.find_first_of(" \t\r\n,;<>\"") == std::string_view::npos;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool area_fits(const std::string& area, const std::string& country) {
    if (!is_listed(kCountriesWithArea, country)) return area.empty();
    return !area.empty() && area.size() <= 5 &&
           std::all_of(area.begin(), area.end(),
                       [](unsigned char c) { return std::isupper(c) || std::isdigit(c); });
}

struct FieldRule {
    const char* field;
    bool needed;
    bool (*fits)(const std::string& value);
};

const std::vector<FieldRule>& name_rules() {
    static const std::vector<FieldRule> rules = {
        {"firstName", true, [](const std::string& v) { return consists_of(v, kNameSigns, 30); }},
        {"lastName", true, [](const std::string& v) { return consists_of(v, kNameSigns, 30); }},
        {"bodyForm", true,
         [](const std::string& v) {
             return is_one_of(v, {"IND", "ORG"});
         }},
        {"bodyName", false,
         [](const std::string& v) { return consists_of(v, kAddressSigns, 100); }},
    };
    return rules;
}

const std::vector<FieldRule>& other_rules() {
    using Text = const std::string&;
    static const std::vector<FieldRule> rules = {
        {"address1", true, [](Text v) { return consists_of(v, kAddressSigns, 80); }},
        {"address2", false, [](Text v) { return consists_of(v, kAddressSigns, 80); }},
        {"zipCode", true, [](Text v) { return v.size() <= 10; }},
        {"city", true, [](Text v) { return consists_of(v, kAddressSigns, 30); }},
        {"country", true, [](Text v) { return is_listed(kCountries, v); }},
        {"phone", true, [](Text v) { return is_phone(v); }},
        {"fax", false, [](Text v) { return is_phone(v); }},
        {"email", true, [](Text v) { return is_email(v); }},
        {"language", true,
         [](Text v) {
             return is_one_of(v, {"FR", "EN"});
         }},
        {"isOwner", true,
         [](Text v) {
             return is_one_of(v, {"0", "1"});
         }},
        {"tmName", false, [](Text v) { return v.size() <= 50; }},
        {"tmDate", false, [](Text v) { return is_date(v); }},
        {"tmNumber", false, [](Text v) { return v.size() <= 20; }},
        {"tmType", false,
         [](Text v) {
             return is_one_of(v, {"INPI", "OHIM", "WIPO"});
         }},
        {"companyNumber", false, [](Text v) { return v.size() <= 20; }},
        {"vatNumber", false, [](Text v) { return v.size() <= 20; }},
        {"birthDate", false, [](Text v) { return is_date(v); }},
        {"birthZipCode", false, [](Text v) { return v.size() <= 10; }},
        {"birthCity", false, [](Text v) { return v.size() <= 50; }},
        {"birthCountry", false, [](Text v) { return is_listed(kCountries, v); }},
        {"idNumber", false, [](Text v) { return v.size() <= 20; }},
    };
    return rules;
}

std::optional<std::string> broken_rule(const Fields& fields, const std::vector<FieldRule>& rules) {
    for (const FieldRule& rule : rules) {
        const std::string value = field_of(fields, rule.field);
        if (value.empty() && rule.needed) return std::string(rule.field) + " is missing";
        if (!value.empty() && !rule.fits(value)) {
            return std::string(rule.field) + " is not in the accepted form";
        }
    }
    return std::nullopt;
}

void add_flat(Fields& fields, const std::string& path, const soap::Value& value) {
    if (value.is_leaf()) {
        if (!value.text.empty()) fields[path] = value.text;
        return;
    }
    for (const soap::Field& member : value.members) {
        add_flat(fields, path + "/" + member.name, member.value);
    }
}

soap::Value additional_value(const Fields& fields) {
    std::vector<soap::Field> top;
    for (const auto& [path, text] : fields) {
        if (!path.starts_with("additional/")) continue;
        const std::string key = path.substr(kAdditional.size() + 1);
        const auto slash = key.find('/');
        if (slash == std::string::npos) {
            top.push_back({key, soap::Value::of(text)});
            continue;
        }
        const std::string outer = key.substr(0, slash);
        if (top.empty() || top.back().name != outer) top.push_back({outer, soap::Value::map({})});
        top.back().value.members.push_back({key.substr(slash + 1), soap::Value::of(text)});
    }
    return soap::Value::map(std::move(top));
}

}  // namespace

const std::vector<std::string>& contact_field_names() {
    static const std::vector<std::string> names = {
        "firstName",    "lastName",      "bodyForm",  "bodyName",  "address1",     "address2",
        "zipCode",      "area",          "city",      "country",   "phone",        "fax",
        "email",        "language",      "isOwner",   "tmName",    "tmDate",       "tmNumber",
        "tmType",       "companyNumber", "vatNumber", "birthDate", "birthZipCode", "birthCity",
        "birthCountry", "idNumber"};
    return names;
}

Fields contact_fields_from(const soap::Value& record) {
    Fields fields;
    for (const std::string& name : contact_field_names()) {
        const std::string text = record.text_of(name);
        if (!text.empty()) fields[name] = text;
    }
    if (const soap::Value* additional = record.find(kAdditional)) {
        if (!additional->is_leaf()) add_flat(fields, std::string(kAdditional), *additional);
    }
    return fields;
}

soap::Value contact_value(const Contact& contact, bool is_linked) {
    std::vector<soap::Field> members{{"idContact", soap::Value::of(contact.id)}};
    for (const std::string& name : contact_field_names()) {
        const std::string text = field_of(contact.fields, name);
        if (name == "isOwner") {
            members.push_back({name, soap::Value::of(std::int64_t{contact.is_owner})});
        } else {
            members.push_back({name, soap::Value::of(text)});
        }
    }
    members.push_back({std::string(kAdditional), additional_value(contact.fields)});
    members.push_back({"isLock", soap::Value::of(std::int64_t{0})});
    members.push_back({"isLinked", soap::Value::of(std::int64_t{is_linked})});
    members.push_back({"version", soap::Value::of(std::int64_t{2})});
    return soap::Value::record("StructContactReturn", std::move(members));
}

soap::Value contact_row(const Contact& contact) {
    const auto text = [&](const char* name) {
        return soap::Field{name, soap::Value::of(field_of(contact.fields, name))};
    };
    return soap::Value::record("StructContactList",
                               {{"idContact", soap::Value::of(contact.id)},
                                text("firstName"),
                                text("lastName"),
                                text("bodyForm"),
                                text("bodyName"),
                                {"isOwner", soap::Value::of(std::int64_t{contact.is_owner})}});
}

std::optional<std::string> problem_of_contact(const Fields& fields, Names names) {
    if (names == Names::needed) {
        if (auto problem = broken_rule(fields, name_rules())) return problem;
        if (field_of(fields, "bodyForm") == "ORG" && field_of(fields, "bodyName").empty()) {
            return "bodyName is missing for an organisation";
        }
    }
    if (auto problem = broken_rule(fields, other_rules())) return problem;
    if (!area_fits(field_of(fields, "area"), field_of(fields, "country"))) {
        return "area does not fit the country";
    }
    return std::nullopt;
}

std::optional<std::string> missing_owner_data(const Extension& extension, const Fields& owner,
                                              std::string_view domain) {
    const auto is_given = [&](const std::string& name) { return !field_of(owner, name).empty(); };
    const auto unless_given = [&](const std::string& name) -> std::optional<std::string> {
        if (is_given(name)) return std::nullopt;
        return "owner data missing: " + name;
    };
    const bool is_organisation = field_of(owner, "bodyForm") == "ORG";
    switch (extension.owner_data) {
        case OwnerData::nothing:
            return std::nullopt;
        case OwnerData::aero_member:
            if (auto missing = unless_given("additional/AERO_AUTHID")) return missing;
            return unless_given("additional/AERO_AUTHKEY");
        case OwnerData::eu_citizenship:
            if (is_listed(kUnionAndEconomicArea, field_of(owner, "country"))) return std::nullopt;
            return unless_given("additional/EU_CITIZENSHIP");
        case OwnerData::us_nexus:
            if (auto missing = unless_given("additional/US_CATEGORY")) return missing;
            return unless_given("additional/US_APP_PURPOSE/" + std::string(domain));
        case OwnerData::italian_number:
            return unless_given(is_organisation ? "vatNumber" : "idNumber");
        case OwnerData::uk_category:
            return is_organisation ? unless_given("additional/UK_CATEGORY") : std::nullopt;
        case OwnerData::spanish_type: {
            const std::string type = field_of(owner, "additional/ES_TIPO");
            if (!is_one_of(type, {"0", "1", "3"})) return "owner data missing: additional/ES_TIPO";
            return unless_given(type == "0"   ? "additional/ES_OTHER"
                                : type == "1" ? "additional/ES_NIF"
                                              : "additional/ES_NIE");
        }
    }
    return std::nullopt;
}

bool is_date(const std::string& text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !is_digits(text.substr(0, 4)) ||
        !is_digits(text.substr(5, 2)) || !is_digits(text.substr(8, 2))) {
        return false;
    }
    namespace chrono = std::chrono;
    return chrono::year_month_day(chrono::year(std::stoi(text.substr(0, 4))),
                                  chrono::month(static_cast<unsigned>(std::stoi(text.substr(5)))),
                                  chrono::day(static_cast<unsigned>(std::stoi(text.substr(8)))))
        .ok();
}

std::string initials_of(const Fields& fields) {
    std::string initials;
    for (const char* name : {"firstName", "lastName"}) {
        const std::string text = field_of(fields, name);
        const auto first = static_cast<unsigned char>(text.empty() ? 'X' : text.front());
        initials +=
            first < 0x80 && std::isalpha(first) ? static_cast<char>(std::toupper(first)) : 'X';
    }
    return initials;
}

}  // namespace domspool::sandbox
