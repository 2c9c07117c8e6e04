#include "sandbox/server/call_log_words.h"

#include <set>

namespace domspool::sandbox {

namespace {

using soap::Value;

bool may_be_session_id(const std::string& text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

const Part* target_part_of(const Arguments& arguments) {
    for (const char* name : {"domain", "idContact", "IDOpe"}) {
        for (const Part& part : arguments.parts()) {
            if (part.name == name) return &part;
        }
    }
    return nullptr;
}

}  // namespace

std::string CallLogWords::target(const Arguments& arguments) const {
    const Part* part = target_part_of(arguments);
    return part != nullptr ? shown(*part, Value::of(arguments.text(part->name))) : "";
}

// What the log shows of a parameter: no secret, also where it stands in the wrong place, and
// nothing about a person.
std::string CallLogWords::shown(const Part& part, const Value& value) const {
    static const std::set<std::string> secrets = {kSessionPart, "password", "authID"};
    if (value.is_empty()) return "";
    if (secrets.contains(part.name)) return "(removed)";
    if (value.is_leaf()) {
        const bool is_secret = value.text == password_.reveal() || may_be_session_id(value.text);
        return is_secret ? "(removed)" : value.text;
    }
    if (part.name.starts_with("contact")) return "isOwner:" + value.text_of("isOwner");
    return "(" + std::to_string(value.members.size()) + " members)";
}

std::string CallLogWords::parameters(const Function& function, const Arguments& arguments) const {
    // Contacts are sought by their names and addresses.
    const bool is_about_persons = function.name == "queryContactList";
    std::string text;
    for (const Part& part : arguments.parts()) {
        if (part.name == kSessionPart) continue;
        const Value& value = arguments.value(part.name);
        const bool is_hidden = is_about_persons && part.name == "filter" && !value.is_empty();
        text += (text.empty() ? "" : "&") + part.name + "=" +
                (is_hidden ? "(removed)" : shown(part, value));
    }
    return text;
}

}  // namespace domspool::sandbox
