// The zone above a domain and the servers that answer for it.
#pragma once

#include "dns/dns_exchange.h"
#include "dns/dns_settings.h"
#include "orders/domain_name.h"

#include <string>
#include <vector>

namespace domspool {

struct ParentZone {
    std::string name;                  // "co.uk"; "" is the root
    std::vector<std::string> servers;  // host names; none: not found, see reason
    std::string reason;
};

// The nearest name above the domain that the resolver knows name servers of. No more than 16 of
// them are taken.
ParentZone find_parent(const DomainName& domain, const DnsSettings& settings);

struct ServerReply {
    std::string server;
    std::string address;  // the one that answered, or the last tried
    DnsReply reply;
};

// The host's addresses are tried in turn until one answers.
ServerReply ask_server(const std::string& server, const DnsQuestion& question,
                       const DnsSettings& settings);

// Many servers at the same time; replies in the order of the servers.
std::vector<ServerReply> ask_servers(const std::vector<std::string>& servers,
                                     const DnsQuestion& question, const DnsSettings& settings);

// Whether a server of the zone above says, for that zone and with authority, that there is nothing
// of what was asked about the domain. Any other empty answer says nothing: it may be of a server
// that has another zone, or none.
bool denies(const DnsAnswer& answer, const ParentZone& parent, const DomainName& domain);

// "ns1.example (192.0.2.1)"
std::string shown(const ServerReply& reply);

}  // namespace domspool
