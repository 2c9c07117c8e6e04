#include "app/key_source.h"

#include "dns/delegation.h"
#include "dns/zone_keys.h"

#include <algorithm>
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
    return {{}, text, false};
}

KeyArguments trouble_for_now(const std::string& text) {
    return {{}, text, true};
}

// The servers the order gave the domain; none: today's, whatever they are.
std::vector<std::string> servers_in(const FieldMap& arguments) {
    std::vector<std::string> servers;
    for (const char* name : {"ns1", "ns2", "ns3", "ns4", "ns5"}) {
        if (const std::string& server = field_of(arguments, name); !server.empty()) {
            servers.push_back(server);
        }
    }
    std::sort(servers.begin(), servers.end());
    return servers;
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

// Keys are of use only once the parent points to the servers that hold them.
KeyArguments keys_of_servers(const DomainName& domain, const std::vector<std::string>& ordered,
                             const DnsSettings& settings) {
    const Delegation delegation = read_delegation(domain, settings);
    if (delegation.state != Delegation::State::delegated) {
        return trouble_for_now("the servers of the domain are not known, so no key can be read: " +
                               delegation.reason);
    }
    if (!ordered.empty() && delegation.nameservers != ordered) {
        return trouble_for_now("the parent (" + delegation.told_by +
                               ") does not show the ordered name servers");
    }
    const ZoneKeys found = read_zone_keys(domain, delegation.nameservers, settings);
    switch (found.state) {
        case ZoneKeys::State::unsigned_zone:
            return trouble_for_now("the servers of the domain show no DNSSEC key");
        case ZoneKeys::State::unreadable:
            return trouble_for_now("the DNSSEC keys cannot be read: " + found.reason);
        case ZoneKeys::State::signed_zone:
            break;
    }
    const std::vector<ZoneKey> entries = found.entry_keys();
    if (entries.empty()) return trouble_for_now("no key of the zone signs its keys");
    return arguments_of(entries.front());
}

}  // namespace

KeySource key_source(const DnsSettings& settings) {
    return [settings](const DomainName& domain, const FieldMap& arguments) {
        if (field_of(arguments, "keys") == "auto") {
            return keys_of_servers(domain, servers_in(arguments), settings);
        }
        return given_key(domain, arguments);
    };
}

}  // namespace domspool
