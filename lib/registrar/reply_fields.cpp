#include "registrar/reply_fields.h"

#include "orders/domain_name.h"
#include "orders/money.h"

namespace domspool::netim {

using soap::Field;
using soap::Value;

void require_fields(const Value& value, const char* what) {
    const bool has_fields = value.kind == Value::Kind::record || value.kind == Value::Kind::map;
    if (!has_fields) throw Unreadable(std::string("the reply is no ") + what);
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::string upper(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string text_of(const Value& value, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        std::string text = trimmed(value.text_of(name));
        if (!text.empty()) return text;
    }
    return {};
}

std::optional<std::int64_t> integer_of(const Value& value,
                                       std::initializer_list<const char*> names) {
    for (const char* name : names) {
        if (const auto number = value.integer_of(name)) return number;
    }
    return std::nullopt;
}

std::optional<bool> flag_in(const Value& value) {
    if (const auto number = value.integer_value()) {
        if (*number == 0 || *number == 1) return *number == 1;
        return std::nullopt;
    }
    if (!value.is_leaf()) return std::nullopt;
    const std::string word = lower(trimmed(value.text));
    if (word == "true") return true;
    if (word == "false") return false;
    return std::nullopt;
}

std::optional<bool> flag_of(const Value& value, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        if (const Value* member = value.find(name)) {
            if (const auto flag = flag_in(*member)) return flag;
        }
    }
    return std::nullopt;
}

std::map<std::string, std::int64_t> fees_of(const Value& value) {
    std::map<std::string, std::int64_t> fees;
    for (const Field& member : value.members) {
        const std::string name = lower(member.name);
        if (!name.starts_with("fee4") || !member.value.is_leaf()) continue;
        // What is less than nothing is no fee: it would raise what may still be spent.
        const auto cents = parse_cents(trimmed(member.value.text));
        if (cents && *cents >= 0) fees[name.substr(4)] = *cents;
    }
    return fees;
}

std::string host_name(const std::string& text) {
    std::string name = lower(trimmed(text));
    if (name.ends_with('.')) name.pop_back();
    return name;
}

std::vector<std::string> hosts_of(const Value& value, const char* name) {
    std::vector<std::string> hosts;
    // A later version of the API gives each name a struct of its own.
    const auto add = [&](const Value& host) {
        const std::string text = host.is_leaf() ? host.text : host.text_of("name");
        if (std::string found = host_name(text); !found.empty()) hosts.push_back(std::move(found));
    };
    for (const Field& member : value.members) {
        if (lower(member.name) != lower(name)) continue;
        if (member.value.is_leaf()) add(member.value);
        for (const Field& host : member.value.members) add(host.value);
    }
    return hosts;
}

void flatten(const Value& value, const std::string& prefix,
             std::map<std::string, std::string>& to) {
    for (const Field& member : value.members) {
        const std::string name = prefix.empty() ? member.name : prefix + "." + member.name;
        if (member.value.is_leaf()) {
            to[name] = member.value.text;
        } else {
            flatten(member.value, name, to);
        }
    }
}

std::string target_of(const std::string& text) {
    const auto name = DomainName::parse(text);
    const auto* domain = std::get_if<DomainName>(&name);
    return domain != nullptr ? domain->ascii() : text;
}

}  // namespace domspool::netim
