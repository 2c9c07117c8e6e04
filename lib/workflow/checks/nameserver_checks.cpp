#include "workflow/checks/nameserver_checks.h"

#include "workflow/checks/chain_guard.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kMostNameservers = 5;  // ns1 to ns5

std::vector<std::string> account_nameservers(const PreflightParts& parts) {
    std::vector<std::string> servers;
    for (const std::string& server : parts.cache.account(parts.queries).default_nameservers) {
        if (!server.empty()) servers.push_back(server);
    }
    return servers;
}

// What the transfer leaves as it is must be sent all the same, and is never guessed.
std::vector<std::string> todays_delegation(const PreflightParts& parts) {
    const Delegation today = parts.settings.read_delegation
                                 ? parts.settings.read_delegation(parts.order.domain)
                                 : Delegation{};
    const std::string advice = "; order it with name servers";
    switch (today.state) {
        case Delegation::State::delegated:
            break;
        case Delegation::State::not_delegated:
            not_possible("there are no name servers to keep, the domain is not delegated: " +
                         today.reason + advice);
        case Delegation::State::unreadable:
            throw PreflightEnd{
                Verdict::What::to_be_held, "",
                "today's name servers, which the order keeps, cannot be read: " + today.reason};
    }
    if (today.nameservers.size() > kMostNameservers) {
        not_possible("the domain has " + std::to_string(today.nameservers.size()) +
                     " name servers today, and no more than " + std::to_string(kMostNameservers) +
                     " can be sent" + advice);
    }
    return today.nameservers;
}

bool is_dns_test_wanted(const ExtensionRules& rules, const PreflightSettings& settings) {
    switch (settings.dns_test) {
        case DnsTestWhen::always:
            return true;
        case DnsTestWhen::extension:
            return rules.has_zonecheck;
        case DnsTestWhen::never:
            return false;
    }
    our_bug("a time of the DNS test without a name", __FILE__, __LINE__);
}

// The registrar's own servers are its affair: it sets the zone up itself, once the order is done.
// The API names them only as the account's default servers (queryResellerAccount).
bool are_the_registrars(const std::vector<std::string>& servers, const PreflightParts& parts) {
    const std::vector<std::string> own = account_nameservers(parts);
    return std::all_of(servers.begin(), servers.end(), [&](const std::string& server) {
        return std::find(own.begin(), own.end(), server) != own.end();
    });
}

bool are_the_same(std::vector<std::string> some, std::vector<std::string> others) {
    std::sort(some.begin(), some.end());
    std::sort(others.begin(), others.end());
    return some == others;
}

// What a change of servers starts from.
DomainRecord own_domain(const PreflightParts& parts) {
    auto record = parts.queries.domain(parts.order.domain);
    if (!record) not_possible("the domain is not in the account (E15-M1502)", "E15-M1502");
    return *std::move(record);
}

// Such a change changes nothing; the step itself will say so.
bool are_in_place(const PreflightParts& parts, const std::vector<std::string>& servers) {
    return entry_of(parts.order.kind).servers == Servers::needed &&
           are_the_same(own_domain(parts).nameservers, servers);
}

bool is_to_be_tested(const PreflightParts& parts, const ExtensionRules& rules,
                     const std::vector<std::string>& servers) {
    return entry_of(parts.order.kind).servers != Servers::none && !servers.empty() &&
           parts.settings.test_name_servers && is_dns_test_wanted(rules, parts.settings) &&
           !are_the_registrars(servers, parts);
}

void require_dns_test(const PreflightParts& parts, const ExtensionRules& rules,
                      const std::vector<std::string>& servers) {
    const DnsTestResult result =
        parts.settings.test_name_servers(parts.order.domain, servers, rules.minimum_nameservers);
    switch (result.verdict) {
        case DnsVerdict::passed:
            return;
        case DnsVerdict::not_possible:
            not_possible("the DNS test failed: " + result.reason());
        case DnsVerdict::not_known_now:
            throw PreflightEnd{Verdict::What::not_now, "",
                               "the DNS test cannot be made now: " + result.reason()};
    }
}

// Whether the DS that the parent has now may meet the servers. With dnssec 'off' a change waits
// until there is none; where the extension knows no DNSSEC, nothing can be switched off.
bool meets_todays_ds(const Order& order, const ExtensionRules& rules) {
    if (!entry_of(order.kind).meets_todays_ds) return false;
    const bool waits_until_unsigned =
        entry_of(order.kind).servers == Servers::needed && order.dnssec.how == DnssecWish::How::off;
    return !rules.has_dnssec || !waits_until_unsigned;
}

void require_chain(const PreflightParts& parts, const std::vector<std::string>& servers) {
    const ChainVerdict verdict = hold_against_ds(parts.order, servers, parts.settings, parts.cache);
    if (verdict.what == ChainVerdict::What::may_be_sent || are_in_place(parts, servers)) return;
    if (verdict.what == ChainVerdict::What::would_break) not_possible(verdict.reason);
    throw PreflightEnd{Verdict::What::not_now, "", verdict.reason};
}

}  // namespace

std::vector<std::string> nameservers_in_place(const PreflightParts& parts) {
    const Order& order = parts.order;
    if (!order.nameservers.empty()) return {};
    switch (entry_of(order.kind).servers) {
        case Servers::account:
            return account_nameservers(parts);
        case Servers::keep:
            return todays_delegation(parts);
        case Servers::none:
        case Servers::needed:
            return {};
    }
    our_bug("servers of an order without a name", __FILE__, __LINE__);
}

void require_nameservers(const Order& order, const ExtensionRules& rules,
                         const std::vector<std::string>& servers) {
    const Servers wanted = entry_of(order.kind).servers;
    const bool may_be_none = wanted == Servers::account && !rules.nameservers_required_at_create;
    if (wanted == Servers::none || (servers.empty() && may_be_none)) return;
    const int count = static_cast<int>(servers.size());
    if (count >= rules.minimum_nameservers) return;
    not_possible("'." + rules.extension + "' wants at least " +
                 std::to_string(rules.minimum_nameservers) + " name servers; the order has " +
                 std::to_string(count));
}

void require_ready_servers(const PreflightParts& parts, const ExtensionRules& rules,
                           const std::vector<std::string>& servers) {
    if (is_to_be_tested(parts, rules, servers)) {
        if (are_in_place(parts, servers)) return;
        require_dns_test(parts, rules, servers);
    }
    if (meets_todays_ds(parts.order, rules)) require_chain(parts, servers);
}

}  // namespace domspool
