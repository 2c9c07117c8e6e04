// What the resolver of the settings says.
#pragma once

#include <string>
#include <vector>

#include "dns/dns_exchange.h"
#include "dns/dns_settings.h"

namespace domspool {

// The resolver's addresses: as given, or those in /etc/resolv.conf (none there: this machine).
// Throws RunFailure (78) when one is no address.
std::vector<std::string> resolver_addresses(const DnsSettings& settings);

// The "nameserver" lines of a resolv.conf.
std::vector<std::string> addresses_in_resolv_conf(const std::string& text);

// A DnsAnswer is NOERROR or NXDOMAIN; all else (down, SERVFAIL, REFUSED) is a NoAnswer, after each
// of the resolver's addresses was tried.
DnsReply ask_resolver(const std::string& name, const std::string& type,
                      const DnsSettings& settings);

struct HostAddresses {
    enum class State { found, none, not_known_now };
    State state = State::none;
    std::vector<std::string> addresses;  // IPv4 first
    std::string alias_of;                // where the name is only a CNAME
    std::string reason;                  // where not found
};

// A and AAAA records of a host name.
HostAddresses resolve_host(const std::string& name, const DnsSettings& settings);

}  // namespace domspool
