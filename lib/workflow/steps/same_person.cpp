#include "workflow/steps/same_person.h"

#include <algorithm>
#include <cctype>

namespace domspool {

namespace {

// Letters and digits; what is beyond ASCII stays as it is.
std::string essence_of(const std::string& text) {
    std::string essence;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || std::isalnum(byte)) essence += static_cast<char>(std::tolower(byte));
    }
    return essence;
}

void compare(const FieldMap& sent, const FieldMap& shown, std::string& changed) {
    for (const auto& [name, value] : sent) {
        const std::string& now = field_of(shown, name);
        if (value.empty() || now.empty() || essence_of(now) == essence_of(value)) continue;
        changed += (changed.empty() ? "" : ", ") + name;
    }
}

}  // namespace

std::string changed_fields(const ContactData& sent, const ContactData& shown) {
    std::string changed;
    compare(sent.fields, shown.fields, changed);
    compare(sent.additional, shown.additional, changed);
    return changed;
}

bool is_whole_person(const ContactData& given, const ContactData& shown) {
    const bool is_all_shown =
        std::all_of(given.fields.begin(), given.fields.end(), [&](const auto& field) {
            return field.second.empty() || !field_of(shown.fields, field.first).empty();
        });
    return is_all_shown && !given.fields.empty() && changed_fields(given, shown).empty();
}

}  // namespace domspool
