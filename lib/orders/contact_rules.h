// What each field of a contact may hold (API, "Contacts"), with the smaller limits where two are
// known. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace domspool::contact_rules {

// What is wrong with a value and what would be right; "" if nothing is.
using Reason = std::string;

struct Rule {
    const char* name;
    bool is_required;
    // The form the registrar takes, of a tidied text; what would be a guess is left as it is.
    std::string (*form)(std::string tidied);
    Reason (*reason)(const std::string& formed);
};

// In StructContact's order. That `area` fits the country, and `bodyForm` the name, is looked at by
// check_contact: these rules see one field each.
const std::vector<Rule>& all();
const Rule* named(std::string_view name);

// Any printable text of at most so many characters.
Reason text_reason(const std::string& value, std::size_t most);

}  // namespace domspool::contact_rules
