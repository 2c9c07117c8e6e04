#include "app/key_source.h"

#include "dns/delegation.h"
#include "dns/zone_keys.h"

#include <charconv>
#include <stdexcept>

namespace domspool {

namespace {

KeyArguments arguments_of(const ZoneKey& key) {
    return {{{"flags", std::to_string(key.flags)},
             {"protocol", std::to_string(key.protocol)},
             {"algorithm", std::to_string(key.algorithm)},
             {"public_key", key.public_key},
             {"key_tag", std::to_string(key.key_tag)},
             {"digest_type", std::to_string(key.digest_type)},
             {"digest", key.digest}},
            ""};
}

KeyArguments trouble(const std::string& text) {
    return {{}, text};
}

int number_in(const FieldMap& arguments, const std::string& name) {
    const std::string& text = field_of(arguments, name);
    int number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) return number;
    throw std::invalid_argument(name + " '" + text + "' is no number");
}

KeyArguments given_key(const DomainName& domain, const FieldMap& arguments) {
    try {
        ZoneKey key;
        key.flags = number_in(arguments, "flags");
        key.protocol = number_in(arguments, "protocol");
        key.algorithm = number_in(arguments, "algorithm");
        key.public_key = field_of(arguments, "public_key");
        return arguments_of(completed(domain, key));
    } catch (const std::invalid_argument& wrong) {
        return trouble(std::string("the key of the order cannot be used: ") + wrong.what());
    }
}

KeyArguments keys_of_servers(const DomainName& domain, const DnsSettings& settings) {
    const Delegation delegation = read_delegation(domain, settings);
    if (delegation.state != Delegation::State::delegated) {
        return trouble("the servers of the domain are not known, so no key can be read: " +
                       delegation.reason);
    }
    const ZoneKeys found = read_zone_keys(domain, delegation.nameservers, settings);
    switch (found.state) {
        case ZoneKeys::State::unsigned_zone:
            return trouble("the servers of the domain show no DNSSEC key");
        case ZoneKeys::State::unreadable:
            return trouble("the DNSSEC keys cannot be read: " + found.reason);
        case ZoneKeys::State::signed_zone:
            break;
    }
    const std::vector<ZoneKey> entries = found.entry_keys();
    if (entries.empty()) return trouble("no key of the zone signs its keys");
    return arguments_of(entries.front());
}

}  // namespace

KeySource key_source(const DnsSettings& settings) {
    return [settings](const DomainName& domain, const FieldMap& arguments) {
        if (field_of(arguments, "keys") == "auto") return keys_of_servers(domain, settings);
        return given_key(domain, arguments);
    };
}

}  // namespace domspool
