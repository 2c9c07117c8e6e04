// A contact's data in the registrar's own field names, and the rules it keeps
// (API, "Contacts").
#pragma once

#include "orders/field_map.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

enum class ContactRole { owner, admin, tech, billing };
std::string_view to_word(ContactRole role);

// All fields of StructContact that were given, by API name ("firstName", "bodyForm" ...), checked
// and normalised. `additional`: plain per-extension keys. `bound`: keys bound to one domain,
// outer key first: bound["US_APP_PURPOSE"]["example.us"] = "P3".
struct ContactData {
    FieldMap fields;
    FieldMap additional;
    std::map<std::string, FieldMap> bound;
    friend bool operator==(const ContactData&, const ContactData&) = default;
};

// The names of StructContact's fields in the registrar's order, without isOwner and additional.
const std::vector<std::string>& contact_field_names();

struct FieldFault {
    std::string field;   // "owner.phone"
    std::string value;   // as given; shortened to 60 characters
    std::string reason;  // what is wrong and what would be right
};

// Normalises what can be without guessing (phone form, typographic quotes, blanks, case of codes,
// bodyForm from bodyName) and refuses the rest. `prefix` goes before field names in faults.
struct CheckedContact {
    ContactData data;
    std::vector<FieldFault> faults;
};
CheckedContact check_contact(const FieldMap& given, std::string_view prefix, ContactRole role);

// The same person gives the same text: over all fields and plain additional data, not the bound.
std::string contact_fingerprint(const ContactData& data, bool is_owner);

// To and from a flat map: "firstName", "additional.KEY", "bound.KEY.example.us".
FieldMap to_fields(const ContactData& data);
ContactData contact_from_fields(const FieldMap& fields);

}  // namespace domspool
