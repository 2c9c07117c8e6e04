// What the resolver of the settings says.
#pragma once

#include "dns/dns_exchange.h"
#include "dns/dns_settings.h"

#include <string>
#include <vector>

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

// So many addresses of one host are asked. Servers have one or two.
inline constexpr std::size_t kMostAddresses = 8;

struct HostAddresses {
    enum class State { found, none, not_known_now };
    State state = State::none;
    std::vector<std::string> addresses;  // to be asked, IPv4 first; see take_few()
    std::size_t left_out = 0;            // there are so many more
    std::string alias_of;                // where the name is only a CNAME
    std::string reason;                  // where not found
};

// A and AAAA records of a host name, or of where its aliases lead.
HostAddresses resolve_host(const std::string& name, const DnsSettings& settings);

// Takes over no more than kMostAddresses, of both families where there are both.
void take_few(HostAddresses& host, const std::vector<std::string>& addresses);

}  // namespace domspool
