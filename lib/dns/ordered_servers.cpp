#include "dns/ordered_servers.h"

#include "dns/at_once.h"
#include "dns/delegation.h"

#include <algorithm>
#include <optional>

namespace domspool {
namespace {

std::vector<OrderedServer> named_servers(const std::vector<std::string>& nameservers) {
    std::vector<OrderedServer> servers;
    for (const std::string& given : nameservers) {
        const std::string name = plain_name(given);
        const bool is_known = std::any_of(servers.begin(), servers.end(),
                                          [&](const auto& server) { return server.name == name; });
        if (!is_known) servers.push_back({name, {}, ""});
    }
    return servers;
}

void resolve_outside_servers(std::vector<OrderedServer>& servers, const DomainName& domain,
                             const DnsSettings& settings) {
    ask_at_once(servers.size(), [&](std::size_t i) {
        if (is_inside(servers[i].name, domain)) return;
        servers[i].host = resolve_host(servers[i].name, settings);
    });
}

// What the server at the address says of the name, with authority. Empty: nothing, or no answer.
std::vector<std::string> told_addresses(const std::string& address, const std::string& name,
                                        const DnsSettings& settings) {
    std::vector<std::string> addresses;
    for (const char* type : {"A", "AAAA"}) {
        const DnsReply reply =
            ask_address(address, {name, type, Recursion::none, Signatures::none}, settings);
        const auto* answer = std::get_if<DnsAnswer>(&reply);
        if (answer == nullptr) return addresses;  // Waiting a second time would tell no more.
        if (!answer->authoritative) continue;
        for (const DnsRecord& record : records_of(answer->answer, name, type)) {
            if (!record.fields.empty()) addresses.push_back(record.fields[0]);
        }
    }
    return addresses;
}

bool ask_outside_servers(OrderedServer& inside, const std::vector<OrderedServer>& servers,
                         const DomainName& domain, const DnsSettings& settings) {
    for (const OrderedServer& server : servers) {
        if (is_inside(server.name, domain)) continue;
        for (const std::string& address : server.host.addresses) {
            if (!has_route_to(address, settings)) continue;
            take_few(inside.host, told_addresses(address, inside.name, settings));
            if (inside.host.addresses.empty()) continue;
            inside.host.state = HostAddresses::State::found;
            inside.source = server.name;
            return true;
        }
    }
    return false;
}

bool take_from_parent(OrderedServer& inside, const Delegation& delegation) {
    const auto glue = delegation.glue.find(inside.name);
    if (glue == delegation.glue.end()) return false;
    take_few(inside.host, glue->second);
    inside.host.state = HostAddresses::State::found;
    inside.source = "the zone above";
    return true;
}

void ask_the_resolver(OrderedServer& inside, const Delegation& delegation,
                      const DnsSettings& settings) {
    inside.host = resolve_host(inside.name, settings);
    inside.source = "the resolver";
    if (inside.host.state != HostAddresses::State::none) return;
    if (delegation.state == Delegation::State::unreadable) {
        inside.host.state = HostAddresses::State::not_known_now;
        inside.host.reason =
            "lies inside the domain, and the zone above cannot be asked for its "
            "address: " +
            delegation.reason;
    } else {
        inside.host.reason =
            "lies inside the domain, and neither the other servers nor the zone "
            "above nor the resolver know its address; the host must be made "
            "known to the registry first";
    }
}

}  // namespace

bool is_inside(const std::string& host, const DomainName& domain) {
    const std::string& name = domain.ascii();
    return host == name || (host.size() > name.size() && host.ends_with(name) &&
                            host[host.size() - name.size() - 1] == '.');
}

std::vector<OrderedServer> find_servers(const DomainName& domain,
                                        const std::vector<std::string>& nameservers,
                                        const DnsSettings& given) {
    const DnsSettings settings = limited(given);
    std::vector<OrderedServer> servers = named_servers(nameservers);
    resolve_outside_servers(servers, domain, settings);
    std::optional<Delegation> delegation;  // Read when the first server needs it.
    for (OrderedServer& server : servers) {
        if (!is_inside(server.name, domain)) continue;
        if (ask_outside_servers(server, servers, domain, settings)) continue;
        if (!delegation) delegation = read_delegation(domain, settings);
        if (take_from_parent(server, *delegation)) continue;
        ask_the_resolver(server, *delegation, settings);
    }
    return servers;
}

std::vector<ServerReply> ask_everywhere(const std::vector<OrderedServer>& servers,
                                        const DnsQuestion& question, const DnsSettings& given) {
    const DnsSettings settings = limited(given);
    std::vector<ServerReply> replies;
    for (const OrderedServer& server : servers) {
        const auto& addresses = server.host.addresses;
        const auto before = replies.size();
        for (const std::string& address : addresses) {
            if (has_route_to(address, settings)) replies.push_back({server.name, address, {}});
        }
        if (replies.size() > before) continue;
        const std::string why =
            addresses.empty() ? server.host.reason : "this machine has no route to it";
        replies.push_back({server.name, "", NoAnswer{NoAnswer::Why::silent, why}});
    }
    ask_at_once(replies.size(), [&](std::size_t i) {
        if (replies[i].address.empty()) return;
        replies[i].reply = ask_address(replies[i].address, question, settings);
    });
    return replies;
}

}  // namespace domspool
