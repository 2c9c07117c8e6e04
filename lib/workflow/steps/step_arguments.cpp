#include "workflow/steps/step_arguments.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace domspool {

namespace {

constexpr std::array kNameserverNames = {"ns1", "ns2", "ns3", "ns4", "ns5"};

}  // namespace

std::string folded(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

bool is_same_id(const std::string& a, const std::string& b) {
    return folded(a) == folded(b);
}

std::vector<std::string> nameservers_in(const FieldMap& arguments) {
    std::vector<std::string> servers;
    for (const char* name : kNameserverNames) {
        if (const std::string& server = field_of(arguments, name); !server.empty()) {
            servers.push_back(server);
        }
    }
    return servers;
}

std::string joined_sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

Contacts contacts_in(const FieldMap& arguments) {
    return {field_of(arguments, "owner"), field_of(arguments, "admin"), field_of(arguments, "tech"),
            field_of(arguments, "billing")};
}

}  // namespace domspool
