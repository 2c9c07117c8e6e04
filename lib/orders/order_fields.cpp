#include "orders/order_fields.h"

#include "orders/contact.h"
#include "orders/foreign_names.h"
#include "orders/invisible_signs.h"
#include "orders/order_values.h"
#include "util/nearest_word.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <vector>

namespace domspool::order_fields {

using order_values::folded;
using order_values::raised;

namespace {

// Of all kinds; the others stand in the entries of the kinds.
constexpr std::string_view kOfAll[] = {"order", "domain",  "reference",  "lock",
                                       "tag",   "privacy", "auto_renew", "note"};

bool is_nameserver(std::string_view name) {
    return name.size() == 3 && name.starts_with("ns") && name[2] >= '1' && name[2] <= '5';
}

// Those of the kind's own.
const std::set<std::string>& fields_of(OrderKind kind) {
    static const std::map<OrderKind, std::set<std::string>> all = [] {
        std::map<OrderKind, std::set<std::string>> fields;
        for (const OrderKindEntry& entry : order_kinds()) {
            std::istringstream in{std::string(entry.fields)};
            fields[entry.kind] = {std::istream_iterator<std::string>(in), {}};
        }
        return fields;
    }();
    return all.at(kind);
}

constexpr std::size_t kLongestKey = 64;

// All names but those with a KEY, by their lower-case form.
const std::map<std::string, std::string>& spellings() {
    static const std::map<std::string, std::string> all = [] {
        std::map<std::string, std::string> names;
        const auto add = [&](const std::string& name) {
            if (name != "additional") names.emplace(name, name);  // A key follows it.
        };
        for (const std::string_view name : kOfAll) add(std::string(name));
        for (const OrderKindEntry& entry : order_kinds()) {
            for (const std::string& name : fields_of(entry.kind)) add(name);
        }
        for (int number = 1; number <= 5; ++number) add("ns" + std::to_string(number));
        for (const char* role : {"owner", "admin", "tech", "billing"}) {
            for (const std::string& field : contact_field_names()) {
                const std::string name = std::string(role) + "." + field;
                names.emplace(folded(name), name);
            }
        }
        return names;
    }();
    return all;
}

bool is_key(std::string_view key) {
    return !key.empty() && key.size() <= kLongestKey &&
           std::all_of(key.begin(), key.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
           });
}

const std::vector<std::string>& all_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const auto& [lower, spelling] : spellings()) list.push_back(spelling);
        return list;
    }();
    return names;
}

// "ns6" and further.
bool is_server_too_many(std::string_view name) {
    return name.size() <= 5 && name.starts_with("ns") &&
           order_values::number_of(name.substr(2)).value_or(0) > 5;
}

}  // namespace

std::optional<std::string> canonical(std::string_view name) {
    const std::string lower = folded(std::string(name));
    const auto found = spellings().find(lower);
    if (found != spellings().end()) return found->second;
    for (const std::string_view prefix : {"additional.", "owner.additional."}) {
        if (!lower.starts_with(prefix)) continue;
        const std::string key = raised(std::string(name.substr(prefix.size())));
        if (is_key(key)) return std::string(prefix) + key;
    }
    return std::nullopt;
}

std::string unknown_reason(std::string_view name) {
    if (is_server_too_many(folded(std::string(name)))) {
        return "is no field: at most five name servers are accepted, ns1 to ns5";
    }
    if (const auto sign = invisible_signs::first_in(name)) {
        return "holds the invisible sign " + invisible_signs::number_of(*sign) + "; delete it";
    }
    if (const std::string ours = foreign_names::ours_for(name); !ours.empty()) {
        return "is no field; it is called '" + ours + "' here";
    }
    return "is no field" + did_you_mean(name, all_names());
}

std::string probably_meant(std::string_view name) {
    const std::string ours = foreign_names::ours_for(name);
    return ours.empty() ? nearest_word(name, all_names()) : ours;
}

bool belongs_to(std::string_view field, OrderKind kind) {
    std::string_view first = field.substr(0, field.find('.'));
    if (std::ranges::find(kOfAll, first) != std::end(kOfAll)) return true;
    if (is_nameserver(first)) first = "nameservers";
    return fields_of(kind).contains(std::string(first));
}

std::string foreign_reason(std::string_view field, OrderKind kind) {
    std::string kinds;
    for (const OrderKindEntry& other : order_kinds()) {
        if (!belongs_to(field, other.kind)) continue;
        kinds += (kinds.empty() ? "" : ", ") + std::string(other.word);
    }
    return "is not for " + std::string(to_word(kind)) + " orders, only for " + kinds +
           "; leave it empty";
}

}  // namespace domspool::order_fields
