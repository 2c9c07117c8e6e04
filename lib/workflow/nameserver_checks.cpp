#include "workflow/nameserver_checks.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kMostNameservers = 5;  // ns1 to ns5

std::vector<std::string> account_nameservers(const PreflightParts& parts) {
    std::vector<std::string> servers;
    for (const std::string& server : parts.knowledge.account(parts.view).default_nameservers) {
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

// What a change of servers starts from; nothing where the domain is not asked about.
std::optional<DomainRecord> domain_before_change(const PreflightParts& parts, bool is_tested) {
    const Order& order = parts.order;
    const auto how = order.dnssec.how;
    const bool may_break_chain = how != DnssecWish::How::not_given && how != DnssecWish::How::off;
    if (order.kind != OrderKind::nameservers || !(is_tested || may_break_chain)) return {};
    auto record = parts.view.domain(order.domain);
    if (!record) not_possible("the domain is not in the account (E15-M1502)", "E15-M1502");
    return record;
}

bool is_to_be_tested(const PreflightParts& parts, const ExtensionRules& rules,
                     const std::vector<std::string>& servers) {
    return parts.order.kind != OrderKind::trade && !servers.empty() &&
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

// Whether the DS that the parent has now will meet the ordered servers.
bool meets_todays_ds(const Order& order, const ExtensionRules& rules,
                     const std::optional<DomainRecord>& before) {
    if (order.nameservers.empty() || !rules.has_dnssec) return false;
    switch (order.dnssec.how) {
        case DnssecWish::How::not_given:  // Seen just before sending: the domain may be signed.
        case DnssecWish::How::off:
            return false;
        case DnssecWish::How::keep:
            return order.kind != OrderKind::register_domain;
        case DnssecWish::How::on:
        case DnssecWish::How::automatic:
        case DnssecWish::How::key:
            return before && before->is_signed != false;
    }
    our_bug("a DNSSEC wish without a name", __FILE__, __LINE__);
}

// Servers without a key that the parent's DS stands for would make the domain unreachable, at
// least until the wished keys are there.
void require_chain(const PreflightParts& parts) {
    const ChainOfTrust chain =
        parts.settings.look_at_chain
            ? parts.settings.look_at_chain(parts.order.domain, parts.order.nameservers)
            : ChainOfTrust{};
    switch (chain.state) {
        case ChainOfTrust::State::holds:
        case ChainOfTrust::State::not_signed:
            return;
        case ChainOfTrust::State::broken:
            not_possible(
                "the domain is signed, and the ordered name servers do not fit the DS in the "
                "parent: " +
                chain.reason +
                "; set the keys up there, or order dnssec 'off' first and new keys when it is "
                "done");
        case ChainOfTrust::State::unreadable:
            throw PreflightEnd{
                Verdict::What::not_now, "",
                "whether the ordered name servers fit the DS in the parent is not known "
                "now: " +
                    chain.reason};
    }
}

}  // namespace

std::vector<std::string> nameservers_in_place(const PreflightParts& parts) {
    const Order& order = parts.order;
    if (!order.nameservers.empty()) return {};
    switch (order.kind) {
        case OrderKind::register_domain:
            return account_nameservers(parts);
        case OrderKind::transfer:
            return todays_delegation(parts);
        case OrderKind::trade:
        case OrderKind::nameservers:
            return {};
    }
    our_bug("an order kind without a name", __FILE__, __LINE__);
}

void require_nameservers(const Order& order, const ExtensionRules& rules,
                         const std::vector<std::string>& servers) {
    const bool may_be_none =
        order.kind == OrderKind::register_domain && !rules.nameservers_required_at_create;
    if (order.kind == OrderKind::trade || (servers.empty() && may_be_none)) return;
    const int count = static_cast<int>(servers.size());
    if (count >= rules.minimum_nameservers) return;
    not_possible("'." + rules.extension + "' wants at least " +
                 std::to_string(rules.minimum_nameservers) + " name servers; the order has " +
                 std::to_string(count));
}

void require_ready_servers(const PreflightParts& parts, const ExtensionRules& rules,
                           const std::vector<std::string>& servers) {
    const bool is_tested = is_to_be_tested(parts, rules, servers);
    const auto before = domain_before_change(parts, is_tested);
    // A change that is so already changes nothing; the step itself will say so.
    if (before && are_the_same(before->nameservers, servers)) return;
    if (is_tested) require_dns_test(parts, rules, servers);
    if (meets_todays_ds(parts.order, rules, before)) require_chain(parts);
}

}  // namespace domspool
