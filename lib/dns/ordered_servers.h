// The addresses of the servers ordered for a domain, also of those inside the domain itself.
#pragma once

#include "dns/dns_settings.h"
#include "dns/parent_zone.h"
#include "dns/resolver.h"
#include "orders/domain_name.h"

#include <string>
#include <vector>

namespace domspool {

struct OrderedServer {
    std::string name;
    HostAddresses host;
    std::string source;  // where an inside server's addresses came from; "" for others
};

bool is_inside(const std::string& host, const DomainName& domain);

// In the order given, each name once. Outside servers by the resolver; inside ones by what the
// outside ones say with authority, else by the parent's glue, else by the resolver.
std::vector<OrderedServer> find_servers(const DomainName& domain,
                                        const std::vector<std::string>& nameservers,
                                        const DnsSettings& settings);

// One question to every address of every server that this machine has a route to; one reply for a
// server without. In the order of servers and addresses.
std::vector<ServerReply> ask_everywhere(const std::vector<OrderedServer>& servers,
                                        const DnsQuestion& question, const DnsSettings& settings);

}  // namespace domspool
