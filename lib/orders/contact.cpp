#include "orders/contact.h"

#include "orders/contact_rules.h"
#include "orders/country_codes.h"
#include "orders/latin_text.h"
#include "orders/place_names.h"
#include "util/utf8.h"

#include <Poco/SHA2Engine.h>

#include <algorithm>
#include <set>

namespace domspool {

namespace {

constexpr std::string_view kAdditional = "additional.";
constexpr std::string_view kBound = "bound.";
constexpr std::size_t kLongestAdditional = 255;

class ContactCheck {
  public:
    ContactCheck(const FieldMap& given, std::string_view prefix, ContactRole role)
        : given_(given), prefix_(prefix), role_(role) {}

    CheckedContact run() && {
        for (const auto& [name, value] : given_) take(name, value);
        require_all();
        settle_body_form();
        settle_area();
        std::sort(result_.faults.begin(), result_.faults.end(),
                  [](const FieldFault& a, const FieldFault& b) { return a.field < b.field; });
        return std::move(result_);
    }

  private:
    void fault(const std::string& name, const std::string& reason) {
        result_.faults.push_back({prefix_ + name, utf8::shortened(field_of(given_, name)), reason});
        faulty_.insert(name);
    }

    bool is_sound(const std::string& name) const { return !faulty_.contains(name); }

    void take(const std::string& name, const std::string& value) {
        if (name.starts_with(kAdditional)) return take_additional(name, value);
        const contact_rules::Rule* rule = contact_rules::named(name);
        if (rule == nullptr) return fault(name, "is no field of a contact");
        const std::string formed = rule->form(latin_text::tidied(value));
        if (formed.empty()) return;
        if (const std::string reason = rule->reason(formed); !reason.empty())
            return fault(name, reason);
        result_.data.fields[name] = formed;
    }

    void take_additional(const std::string& name, const std::string& value) {
        const std::string tidy = latin_text::tidied(value);
        if (tidy.empty()) return;
        if (role_ != ContactRole::owner) return fault(name, "is data of an owner only");
        if (const std::string reason = contact_rules::text_reason(tidy, kLongestAdditional);
            !reason.empty()) {
            return fault(name, reason);
        }
        result_.data.additional[name.substr(kAdditional.size())] = tidy;
    }

    void require_all() {
        for (const contact_rules::Rule& rule : contact_rules::all()) {
            const bool is_there = result_.data.fields.contains(rule.name);
            if (rule.is_required && !is_there && is_sound(rule.name)) {
                fault(rule.name, "is missing; every contact has one");
            }
        }
    }

    void settle_body_form() {
        FieldMap& fields = result_.data.fields;
        if (!is_sound("bodyForm") || !is_sound("bodyName")) return;
        const bool is_named = fields.contains("bodyName");
        const auto [form, is_new] = fields.try_emplace("bodyForm", is_named ? "ORG" : "IND");
        if (form->second == "ORG" && !is_named) {
            fault("bodyName", "is missing; ORG wants the organisation's name");
        } else if (form->second == "IND" && is_named) {
            fault("bodyForm",
                  "is IND, but a bodyName is given; ORG is right for an organisation, "
                  "no bodyName for a person");
        }
    }

    void settle_area() {
        FieldMap& fields = result_.data.fields;
        // What an area should be is told with the first look, also where the country is misspelt.
        std::string country = field_of(fields, "country");
        if (country.empty()) country = place_names::country_named(field_of(given_, "country"));
        if (country.empty() || !is_sound("area")) return;
        std::string area = field_of(fields, "area");
        if (area.starts_with(country + "-")) area.erase(0, country.size() + 1);
        if (!country_codes::wants_area(country)) {
            if (area.empty()) return;
            return fault("area", "is not taken for " + country + "; only contacts in " +
                                     std::string(country_codes::countries_with_area()) +
                                     " have one, leave it empty");
        }
        if (!country_codes::is_area(country, area)) {
            const std::string meant = place_names::area_named(country, area);
            return fault("area",
                         std::string(area.empty() ? "is missing" : "is unknown") + "; " + country +
                             " wants the code of a part of the country (ISO 3166-2, "
                             "without '" +
                             country + "-')" + (meant.empty() ? "" : "; is " + meant + " meant?"));
        }
        fields["area"] = area;
    }

    const FieldMap& given_;
    std::string prefix_;
    ContactRole role_;
    CheckedContact result_;
    std::set<std::string> faulty_;
};

}  // namespace

std::string_view to_word(ContactRole role) {
    switch (role) {
        case ContactRole::owner:
            return "owner";
        case ContactRole::admin:
            return "admin";
        case ContactRole::tech:
            return "tech";
        case ContactRole::billing:
            return "billing";
    }
    return "";
}

const std::vector<std::string>& contact_field_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const contact_rules::Rule& rule : contact_rules::all()) all.emplace_back(rule.name);
        return all;
    }();
    return names;
}

CheckedContact check_contact(const FieldMap& given, std::string_view prefix, ContactRole role) {
    return ContactCheck(given, prefix, role).run();
}

// A digest: the ledger can compare persons by it without keeping their data twice.
std::string contact_fingerprint(const ContactData& data, bool is_owner) {
    ContactData person = data;
    person.bound.clear();
    Poco::SHA2Engine digest;
    digest.update(is_owner ? "owner\n" : "simple\n");
    digest.update(write_fields(to_fields(person)));
    return Poco::DigestEngine::digestToHex(digest.digest());
}

FieldMap to_fields(const ContactData& data) {
    FieldMap flat = data.fields;
    for (const auto& [key, value] : data.additional) flat[std::string(kAdditional) + key] = value;
    for (const auto& [key, by_domain] : data.bound) {
        for (const auto& [domain, value] : by_domain) {
            flat[std::string(kBound) + key + "." + domain] = value;
        }
    }
    return flat;
}

ContactData contact_from_fields(const FieldMap& fields) {
    ContactData data;
    for (const auto& [name, value] : fields) {
        if (name.starts_with(kAdditional)) {
            data.additional[name.substr(kAdditional.size())] = value;
        } else if (name.starts_with(kBound)) {
            const std::string rest = name.substr(kBound.size());
            const std::size_t dot = rest.find('.');
            data.bound[rest.substr(0, dot)][rest.substr(dot + 1)] = value;
        } else {
            data.fields[name] = value;
        }
    }
    return data;
}

}  // namespace domspool
