#include "dns/ordered_servers.h"

#include "dns/delegation.h"
#include "dns/dns_exchange.h"

#include <algorithm>
#include <future>
#include <optional>

namespace domspool {
namespace {

using State = HostAddresses::State;

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
    std::vector<std::pair<OrderedServer*, std::future<HostAddresses>>> asked;
    for (OrderedServer& server : servers) {
        if (is_inside(server.name, domain)) continue;
        asked.emplace_back(&server, std::async(std::launch::async, [&server, &settings] {
            return resolve_host(server.name, settings);
        }));
    }
    for (auto& [server, host] : asked) server->host = host.get();
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
            inside.host.addresses = told_addresses(address, inside.name, settings);
            if (inside.host.addresses.empty()) continue;
            inside.host.state = State::found;
            inside.source = server.name;
            return true;
        }
    }
    return false;
}

bool take_from_parent(OrderedServer& inside, const Delegation& delegation) {
    const auto glue = delegation.glue.find(inside.name);
    if (glue == delegation.glue.end()) return false;
    inside.host.addresses = glue->second;
    inside.host.state = State::found;
    inside.source = "the zone above";
    return true;
}

void ask_the_resolver(OrderedServer& inside, const Delegation& delegation,
                      const DnsSettings& settings) {
    inside.host = resolve_host(inside.name, settings);
    inside.source = "the resolver";
    if (inside.host.state != State::none) return;
    if (delegation.state == Delegation::State::unreadable) {
        inside.host.state = State::not_known_now;
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
                                        const DnsSettings& settings) {
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

}  // namespace domspool
