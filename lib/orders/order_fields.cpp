#include "orders/order_fields.h"

#include "orders/contact.h"
#include "orders/order_values.h"
#include "util/nearest_word.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace domspool::order_fields {

using order_values::folded;
using order_values::raised;

namespace {

enum Kinds : unsigned {
    kRegister = 1,
    kTransfer = 2,
    kTrade = 4,
    kNameservers = 8,
    kAll = kRegister | kTransfer | kTrade | kNameservers
};

struct Field {
    std::string_view name;
    unsigned kinds;
};

constexpr std::array<Field, 26> kFields = {{
    {"order", kAll},
    {"domain", kAll},
    {"reference", kAll},
    {"years", kRegister},
    {"owner", kRegister | kTransfer | kTrade},
    {"admin", kRegister | kTransfer},
    {"tech", kRegister | kTransfer},
    {"billing", kRegister | kTransfer},
    {"auth_code", kTransfer},
    {"nameservers", kRegister | kTransfer | kNameservers},
    {"ns1", kRegister | kTransfer | kNameservers},
    {"ns2", kRegister | kTransfer | kNameservers},
    {"ns3", kRegister | kTransfer | kNameservers},
    {"ns4", kRegister | kTransfer | kNameservers},
    {"ns5", kRegister | kTransfer | kNameservers},
    {"zone_template", kRegister | kTransfer | kNameservers},
    {"dnssec", kRegister | kTransfer | kNameservers},
    {"lock", kAll},
    {"privacy", kAll},
    {"auto_renew", kAll},
    {"tag", kAll},
    {"note", kAll},
    {"new_auth_code", kTransfer},
    {"max_price", kRegister | kTransfer | kTrade},
    // Prefixes of the names below them.
    {"additional", kRegister | kTransfer | kTrade},
    {"owner.additional", kRegister | kTransfer | kTrade},
}};

constexpr std::size_t kLongestKey = 64;

unsigned bit_of(OrderKind kind) {
    switch (kind) {
        case OrderKind::register_domain:
            return kRegister;
        case OrderKind::transfer:
            return kTransfer;
        case OrderKind::trade:
            return kTrade;
        case OrderKind::nameservers:
            return kNameservers;
    }
    return 0;
}

bool is_prefix_only(std::string_view name) {
    return name == "additional" || name == "owner.additional";
}

// All names but those with a KEY, by their lower-case form.
const std::map<std::string, std::string>& spellings() {
    static const std::map<std::string, std::string> all = [] {
        std::map<std::string, std::string> names;
        for (const Field& field : kFields) {
            if (!is_prefix_only(field.name)) names.emplace(field.name, field.name);
        }
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

unsigned kinds_of(std::string_view name) {
    const std::string_view first = name.substr(0, name.find('.'));
    for (const Field& field : kFields) {
        if (field.name == first) return field.kinds;
    }
    return 0;
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
    static const std::vector<std::string> known = [] {
        std::vector<std::string> names;
        for (const auto& [lower, spelling] : spellings()) names.push_back(spelling);
        return names;
    }();
    return "is no field" + did_you_mean(name, known);
}

bool belongs_to(std::string_view field, OrderKind kind) {
    return (kinds_of(field) & bit_of(kind)) != 0;
}

std::string foreign_reason(std::string_view field, OrderKind kind) {
    std::string kinds;
    for (const OrderKind other : {OrderKind::register_domain, OrderKind::transfer, OrderKind::trade,
                                  OrderKind::nameservers}) {
        if (!belongs_to(field, other)) continue;
        kinds += (kinds.empty() ? "" : ", ") + std::string(to_word(other));
    }
    return "is not for " + std::string(to_word(kind)) + " orders, only for " + kinds +
           "; leave it empty";
}

}  // namespace domspool::order_fields
