#include "dns/dns_test.h"

#include "dns/at_once.h"
#include "dns/delegation.h"
#include "dns/dns_exchange.h"
#include "dns/ordered_servers.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

namespace domspool {
namespace {

using Kind = DnsFindingKind;
using Findings = std::vector<DnsFinding>;

constexpr std::size_t kMostNamesShown = 8;

// What was seen at one address of one server.
struct AddressCheck {
    std::string server, address;
    DnsReply over_udp{}, over_tcp{};
    Findings findings{};
    bool is_to_be_asked = false;
    bool was_silent = false;  // neither an answer nor a refusal came back
    std::optional<std::string> serial{};

    void add(Kind kind, const std::string& text) {
        findings.push_back({kind, server, address, text});
    }
    // What no time was left for says nothing about the server.
    void add_silence(const NoAnswer& silence, const std::string& before = "") {
        const bool was_late = silence.why == NoAnswer::Why::no_time;
        add(was_late ? Kind::unknown : Kind::failed, before + silence.text);
    }
};

struct Subject {
    const std::string& domain;
    const std::set<std::string>& ordered;
    const DnsSettings& settings;
};

std::string joined(const std::set<std::string>& names) {
    std::string text;
    std::size_t shown = 0;
    for (const std::string& name : names) {
        if (shown++ == kMostNamesShown) {
            return text + " and " + std::to_string(names.size() - kMostNamesShown) + " more";
        }
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

// Why the answer to the SOA question is none to build on; "" for a good one.
std::string fault_of(const DnsAnswer& answer, const std::string& domain) {
    if (answer.code != "NOERROR") {
        return "answers " + answer.code + ", is not set up for " + domain;
    }
    if (!answer.authoritative) return "is not authoritative for " + domain;
    const auto soa = records_of(answer.answer, domain, "SOA");
    if (soa.size() != 1 || soa[0].fields.size() < 3) {
        return "has no SOA record for " + domain + ", so serves no zone of that name";
    }
    return "";
}

void compare_name_servers(AddressCheck& look, const Subject& subject) {
    const DnsReply reply = ask_address(
        look.address, {subject.domain, "NS", Recursion::none, Signatures::none}, subject.settings);
    const auto* answer = std::get_if<DnsAnswer>(&reply);
    if (answer == nullptr) {
        look.add_silence(std::get<NoAnswer>(reply), "asked for its NS records: ");
        return;
    }
    std::set<std::string> listed, surplus, missing;
    for (const DnsRecord& record : records_of(answer->answer, subject.domain, "NS")) {
        if (!record.fields.empty()) listed.insert(record.fields[0]);
    }
    std::set_difference(listed.begin(), listed.end(), subject.ordered.begin(),
                        subject.ordered.end(), std::inserter(surplus, surplus.end()));
    std::set_difference(subject.ordered.begin(), subject.ordered.end(), listed.begin(),
                        listed.end(), std::inserter(missing, missing.end()));
    if (!missing.empty()) {
        look.add(Kind::failed, "its NS records lack " + joined(missing) + ", which is ordered");
    }
    if (!surplus.empty()) {
        look.add(Kind::failed, "its NS records name " + joined(surplus) + ", which is not ordered");
    }
}

void check_answers(AddressCheck& look, const Subject& subject) {
    const auto* over_udp = std::get_if<DnsAnswer>(&look.over_udp);
    const auto* over_tcp = std::get_if<DnsAnswer>(&look.over_tcp);
    const DnsAnswer* answer = over_udp;
    if (answer == nullptr || (answer->truncated && over_tcp != nullptr)) answer = over_tcp;
    for (const DnsReply* reply : {&look.over_udp, &look.over_tcp}) {
        if (const auto* silence = std::get_if<NoAnswer>(reply)) look.add_silence(*silence);
    }
    if (answer == nullptr) return;
    const std::string fault = fault_of(*answer, subject.domain);
    if (!fault.empty()) {
        look.add(Kind::failed, fault);
        return;
    }
    look.serial = records_of(answer->answer, subject.domain, "SOA")[0].fields[2];
    compare_name_servers(look, subject);
}

bool is_silent(const DnsReply& reply) {
    const auto* silence = std::get_if<NoAnswer>(&reply);
    return silence != nullptr && silence->why == NoAnswer::Why::silent;
}

void look_at(AddressCheck& look, const Subject& subject) {
    if (!look.is_to_be_asked) {
        look.add(Kind::note, "not asked: this machine has no route to it");
        return;
    }
    look.was_silent = is_silent(look.over_udp) && is_silent(look.over_tcp);
    check_answers(look, subject);
    if (look.findings.empty()) {
        look.add(Kind::ok, "answers over UDP and TCP with authority, serial " + *look.serial);
    }
}

void ask_for_start(AddressCheck& look, DnsTransport transport, const Subject& subject) {
    const DnsQuestion question{subject.domain, "SOA", Recursion::none, Signatures::none};
    DnsReply& reply = transport == DnsTransport::udp ? look.over_udp : look.over_tcp;
    if (!look.is_to_be_asked) return;
    reply = ask_address(look.address, question, transport, subject.settings);
}

std::vector<AddressCheck> check_all(const std::vector<OrderedServer>& servers,
                                    const Subject& subject) {
    std::vector<AddressCheck> looks;
    for (const OrderedServer& server : servers) {
        for (const std::string& address : server.host.addresses) {
            looks.push_back({server.name, address});
            looks.back().is_to_be_asked = has_route_to(address, subject.settings);
        }
    }
    ask_at_once(2 * looks.size(), [&](std::size_t i) {
        ask_for_start(looks[i / 2], i % 2 == 0 ? DnsTransport::udp : DnsTransport::tcp, subject);
    });
    ask_at_once(looks.size(), [&](std::size_t i) { look_at(looks[i], subject); });
    return looks;
}

void judge_addresses(const std::vector<OrderedServer>& servers, Findings& findings) {
    using State = HostAddresses::State;
    for (const OrderedServer& server : servers) {
        switch (server.host.state) {
            case State::found:
                if (!server.source.empty()) {
                    findings.push_back(
                        {Kind::note, server.name, "",
                         "lies inside the domain; its address is told by " + server.source});
                }
                break;
            case State::none:
                findings.push_back(
                    {Kind::failed, server.name, "", "has no address: " + server.host.reason});
                break;
            case State::not_known_now:
                findings.push_back({Kind::unknown, server.name, "",
                                    "its address cannot be found out now: " + server.host.reason});
                break;
        }
        if (server.host.left_out > 0) {
            const std::size_t asked = server.host.addresses.size();
            findings.push_back({Kind::note, server.name, "",
                                "has " + std::to_string(asked + server.host.left_out) +
                                    " addresses; only " + std::to_string(asked) +
                                    " of them are asked"});
        }
        if (!server.host.alias_of.empty()) {
            findings.push_back({Kind::note, server.name, "",
                                "is only an alias (CNAME) of " + server.host.alias_of +
                                    "; some registries refuse that"});
        }
    }
}

void judge_number(std::size_t count, int minimum, Findings& findings) {
    if (count >= static_cast<std::size_t>(std::max(minimum, 1))) return;
    findings.push_back({Kind::failed, "", "",
                        std::to_string(count) +
                            " name server(s) ordered, the extension wants at "
                            "least " +
                            std::to_string(minimum)});
}

void judge_serials(const std::vector<AddressCheck>& looks, Findings& findings) {
    std::map<std::string, std::set<std::string>> servers_of;
    for (const AddressCheck& look : looks) {
        if (look.serial) servers_of[*look.serial].insert(look.server + " (" + look.address + ")");
    }
    if (servers_of.size() < 2) return;
    std::string text = "the serials differ: ";
    for (auto row = servers_of.begin(); row != servers_of.end(); ++row) {
        text += (row == servers_of.begin() ? "" : "; ") + row->first + " at " + joined(row->second);
    }
    findings.push_back({Kind::failed, "", "", text});
}

// One machine with an address of either family counts as one, so each family is counted for itself.
void judge_spread(const std::vector<OrderedServer>& servers, Findings& findings) {
    std::set<std::string> v4, v6;
    std::map<std::string, std::size_t> sharing;
    for (const OrderedServer& server : servers) {
        const std::set<std::string> own(server.host.addresses.begin(), server.host.addresses.end());
        if (own.empty()) return;
        for (const std::string& address : own) {
            (is_v6(address) ? v6 : v4).insert(address);
            ++sharing[address];
        }
    }
    if (servers.size() < 2 || v4.size() > 1 || v6.size() > 1) return;
    for (const auto& [address, count] : sharing) {
        if (count < servers.size()) continue;
        findings.push_back({Kind::failed, "", address, "all name servers are at this one address"});
        return;
    }
}

void judge_silence(const std::vector<AddressCheck>& looks, const DomainName& domain,
                   const DnsSettings& settings, Findings& findings) {
    const auto asked = std::count_if(looks.begin(), looks.end(),
                                     [](const AddressCheck& look) { return look.is_to_be_asked; });
    const auto silent = std::count_if(looks.begin(), looks.end(),
                                      [](const AddressCheck& look) { return look.was_silent; });
    if (!looks.empty() && asked == 0) {
        findings.push_back({Kind::unknown, "", "",
                            "this machine has no route to any address of the name servers"});
    }
    if (asked == 0 || silent < asked) return;
    // Perhaps it is our own network: a cache answers for the resolver even then. The servers of
    // the zone above tell.
    const Delegation delegation = read_delegation(domain, settings);
    if (delegation.state != Delegation::State::unreadable) return;
    for (DnsFinding& finding : findings) {
        const bool is_of_silence = finding.kind == Kind::failed && !finding.address.empty();
        if (is_of_silence) finding.kind = Kind::unknown;
    }
    findings.push_back(
        {Kind::unknown, "", "",
         "no server answered, those of the zone above neither: " + delegation.reason});
}

DnsVerdict verdict_of(const Findings& findings) {
    const auto has = [&](Kind kind) {
        return std::any_of(findings.begin(), findings.end(),
                           [kind](const DnsFinding& finding) { return finding.kind == kind; });
    };
    if (has(Kind::failed)) return DnsVerdict::not_possible;
    return has(Kind::unknown) ? DnsVerdict::not_known_now : DnsVerdict::passed;
}

}  // namespace

std::string_view to_word(DnsFindingKind kind) {
    switch (kind) {
        case Kind::ok:
            return "ok";
        case Kind::failed:
            return "failed";
        case Kind::note:
            return "note";
        case Kind::unknown:
            return "unknown";
    }
    throw std::logic_error("no such kind of finding");
}

std::string to_text(const DnsFinding& finding) {
    std::string text = std::string(to_word(finding.kind)) + ": ";
    if (!finding.server.empty()) {
        text += finding.server;
        text += finding.address.empty() ? ": " : " (" + finding.address + "): ";
    } else if (!finding.address.empty()) {
        text += finding.address + ": ";
    }
    return text + finding.text;
}

std::string DnsTestResult::reason() const {
    std::string text;
    for (const DnsFinding& finding : findings) {
        const bool counts =
            finding.kind == (verdict == DnsVerdict::not_possible ? Kind::failed : Kind::unknown);
        if (counts) text += (text.empty() ? "" : "; ") + to_text(finding);
    }
    return text;
}

DnsTestResult test_name_servers(const DomainName& domain,
                                const std::vector<std::string>& nameservers, int minimum,
                                const DnsSettings& settings) {
    const std::vector<OrderedServer> servers = find_servers(domain, nameservers, settings);
    std::set<std::string> names;
    for (const OrderedServer& server : servers) names.insert(server.name);
    const DnsSettings at_servers = limited(settings);
    const std::vector<AddressCheck> looks = check_all(servers, {domain.ascii(), names, at_servers});

    DnsTestResult result;
    judge_number(servers.size(), minimum, result.findings);
    judge_addresses(servers, result.findings);
    for (const AddressCheck& look : looks) {
        result.findings.insert(result.findings.end(), look.findings.begin(), look.findings.end());
    }
    judge_silence(looks, domain, settings, result.findings);
    judge_serials(looks, result.findings);
    judge_spread(servers, result.findings);
    result.verdict = verdict_of(result.findings);
    return result;
}

}  // namespace domspool
