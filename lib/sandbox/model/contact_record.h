// A contact as the sandbox keeps it, and the rules it must obey. Pure.
#pragma once

#include "sandbox/model/extensions.h"
#include "sandbox/model/flat_fields.h"
#include "soap/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::sandbox {

// Fields by their API names. The map `additional` is flat: "additional/EU_CITIZENSHIP", and
// "additional/US_APP_PURPOSE/example.us" for what is bound to a domain.
struct Contact {
    std::string id;
    bool is_owner = false;
    Fields fields;
};

// The names of StructContact, in its order, without `additional`.
const std::vector<std::string>& contact_field_names();

// Takes the members it knows; empty ones are left out.
Fields contact_fields_from(const soap::Value& record);
// StructContactReturn.
soap::Value contact_value(const Contact& contact, bool is_linked);
// A row of queryContactList.
soap::Value contact_row(const Contact& contact);

// What is wrong with the data, naming the field; nothing if all is well. An update of an owner
// carries no names.
enum class Names { needed, absent };
std::optional<std::string> problem_of_contact(const Fields& fields, Names names);

// What the extension wants to know about the owner of that domain and is not told.
std::optional<std::string> missing_owner_data(const Extension& extension, const Fields& owner,
                                              std::string_view domain);

// "2026-03-02", a day there is.
bool is_date(const std::string& text);

// "GK" for Georg Kranz; X stands for an initial outside A to Z.
std::string initials_of(const Fields& fields);

}  // namespace domspool::sandbox
