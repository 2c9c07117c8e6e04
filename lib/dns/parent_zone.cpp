#include "dns/parent_zone.h"

#include "dns/at_once.h"
#include "dns/resolver.h"

#include <algorithm>

namespace domspool {
namespace {

constexpr std::size_t kMostServers = 16;  // The root has 13.

std::string name_above(const std::string& name) {
    const auto dot = name.find('.');
    return dot == std::string::npos ? "" : name.substr(dot + 1);
}

std::string shown_zone(const std::string& zone) {
    return zone.empty() ? "." : zone;
}

bool is_below(const std::string& name, const std::string& above) {
    return above.empty() ? !name.empty() : name.ends_with("." + above);
}

}  // namespace

ParentZone find_parent(const DomainName& domain, const DnsSettings& settings) {
    ParentZone parent;
    parent.name = domain.ascii();
    while (!parent.name.empty()) {
        parent.name = name_above(parent.name);
        const DnsReply reply = ask_resolver(parent.name, "NS", settings);
        if (const auto* silence = std::get_if<NoAnswer>(&reply)) {
            parent.reason = "cannot find the name servers of '" + shown_zone(parent.name) +
                            "': " + silence->text;
            return parent;
        }
        for (const DnsRecord& record :
             records_of(std::get<DnsAnswer>(reply).answer, parent.name, "NS")) {
            if (!record.fields.empty()) parent.servers.push_back(record.fields[0]);
        }
        if (!parent.servers.empty()) {
            std::sort(parent.servers.begin(), parent.servers.end());
            parent.servers.resize(std::min(parent.servers.size(), kMostServers));
            return parent;
        }
    }
    parent.reason = "the resolver knows no name servers above " + domain.ascii();
    return parent;
}

ServerReply ask_server(const std::string& server, const DnsQuestion& question,
                       const DnsSettings& settings) {
    const HostAddresses host = resolve_host(server, settings);
    ServerReply result{server, "", NoAnswer{NoAnswer::Why::silent, host.reason}};
    for (const std::string& address : host.addresses) {
        if (!has_route_to(address, settings)) continue;
        result.address = address;
        result.reply = ask_address(address, question, settings);
        if (std::holds_alternative<DnsAnswer>(result.reply)) return result;
    }
    if (result.address.empty() && !host.addresses.empty()) {
        result.reply = NoAnswer{NoAnswer::Why::silent, "this machine has no route to it"};
    }
    return result;
}

std::vector<ServerReply> ask_servers(const std::vector<std::string>& servers,
                                     const DnsQuestion& question, const DnsSettings& settings) {
    std::vector<ServerReply> replies(servers.size());
    ask_at_once(servers.size(),
                [&](std::size_t i) { replies[i] = ask_server(servers[i], question, settings); });
    return replies;
}

bool denies(const DnsAnswer& answer, const ParentZone& parent, const DomainName& domain) {
    const bool is_empty = answer.answer.empty() && answer.authoritative && !answer.truncated;
    if (!is_empty || (answer.code != "NOERROR" && answer.code != "NXDOMAIN")) return false;
    // The start of authority tells whose answer it is.
    return std::any_of(
        answer.authority.begin(), answer.authority.end(), [&](const DnsRecord& record) {
            const bool is_of_parent =
                record.name == parent.name || is_below(record.name, parent.name);
            return record.type == "SOA" && is_of_parent && is_below(domain.ascii(), record.name);
        });
}

std::string shown(const ServerReply& reply) {
    return reply.address.empty() ? reply.server : reply.server + " (" + reply.address + ")";
}

}  // namespace domspool
