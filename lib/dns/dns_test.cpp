#include "dns/dns_test.h"

#include "dns/at_once.h"
#include "dns/delegation.h"
#include "dns/dns_exchange.h"
#include "dns/ordered_servers.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

namespace domspool {
namespace {

using Kind = DnsFindingKind;
using Findings = std::vector<DnsFinding>;

constexpr std::size_t kMostNamesShown = 8;
// What may be another in a moment is asked so often, with a pause between.
constexpr int kTries = 3;
constexpr auto kBetweenTries = std::chrono::milliseconds(500);

// What was seen at one address of one server.
struct AddressCheck {
    std::string server, address;
    DnsReply over_udp{}, over_tcp{};
    Findings findings{}, of_names{};  // of_names: its NS records are not the servers ordered
    bool is_to_be_asked = false;
    bool was_silent = false;  // neither an answer nor a refusal came back
    bool is_lame = false;     // answers, and has not the zone
    std::optional<std::string> serial{};

    void add(Kind kind, const std::string& text) {
        findings.push_back({kind, server, address, text});
    }
};

struct Subject {
    const std::string& domain;
    const std::set<std::string>& ordered;
    const DnsSettings& settings;  // limited()
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

// A server that says so means it. SERVFAIL and the like come from one that is in trouble itself.
bool is_meant(const std::string& code) {
    return code == "NOERROR" || code == "NXDOMAIN" || code == "REFUSED" || code == "NOTAUTH";
}

// Whether the answer to the SOA question is one to build on; if not it is said why.
bool is_of_the_zone(AddressCheck& look, const DnsAnswer& answer, const std::string& domain) {
    if (!is_meant(answer.code)) {
        look.add(Kind::unknown, "answers " + answer.code);
    } else if (answer.code == "REFUSED" || answer.code == "NOTAUTH") {
        // Where others have the zone this one may be about to get it; see judge_lame().
        look.is_lame = true;
        look.add(Kind::unknown, "answers " + answer.code + ", is not set up for " + domain);
    } else if (answer.code != "NOERROR") {
        look.add(Kind::failed, "answers " + answer.code + ", is not set up for " + domain);
    } else if (!answer.authoritative) {
        look.add(Kind::failed, "is not authoritative for " + domain);
    } else if (const auto soa = records_of(answer.answer, domain, "SOA");
               soa.size() != 1 || soa[0].fields.size() < 3) {
        look.add(Kind::failed,
                 "has no SOA record for " + domain + ", so serves no zone of that name");
    } else {
        look.serial = soa[0].fields[2];
    }
    return look.serial.has_value();
}

// By the way on which the server has just answered.
DnsReply name_servers_at(const AddressCheck& look, const Subject& subject) {
    const DnsQuestion question{subject.domain, "NS", Recursion::none, Signatures::none};
    return std::holds_alternative<DnsAnswer>(look.over_udp)
               ? ask_address(look.address, question, subject.settings)
               : ask_address(look.address, question, DnsTransport::tcp, subject.settings);
}

void compare_name_servers(AddressCheck& look, const Subject& subject) {
    const std::string asked = "asked for its NS records: ";
    const DnsReply reply = name_servers_at(look, subject);
    const auto* answer = std::get_if<DnsAnswer>(&reply);
    if (answer == nullptr) return look.add(Kind::unknown, asked + std::get<NoAnswer>(reply).text);
    if (!is_meant(answer->code)) return look.add(Kind::unknown, asked + "answers " + answer->code);
    std::set<std::string> listed, surplus, missing;
    for (const DnsRecord& record : records_of(answer->answer, subject.domain, "NS")) {
        if (!record.fields.empty()) listed.insert(record.fields[0]);
    }
    std::set_difference(listed.begin(), listed.end(), subject.ordered.begin(),
                        subject.ordered.end(), std::inserter(surplus, surplus.end()));
    std::set_difference(subject.ordered.begin(), subject.ordered.end(), listed.begin(),
                        listed.end(), std::inserter(missing, missing.end()));
    const auto add = [&](const std::string& text) {
        look.of_names.push_back({Kind::failed, look.server, look.address, text});
    };
    if (!missing.empty()) add("its NS records lack " + joined(missing) + ", which is ordered");
    if (!surplus.empty()) add("its NS records name " + joined(surplus) + ", which is not ordered");
}

// Nothing listens over TCP where UDP is answered: so it was set up. All other silence may pass.
bool is_without_tcp(const AddressCheck& look) {
    const auto* over_tcp = std::get_if<NoAnswer>(&look.over_tcp);
    return over_tcp != nullptr && over_tcp->why == NoAnswer::Why::closed &&
           std::holds_alternative<DnsAnswer>(look.over_udp);
}

void check_answers(AddressCheck& look, const Subject& subject) {
    const auto* over_udp = std::get_if<DnsAnswer>(&look.over_udp);
    const auto* over_tcp = std::get_if<DnsAnswer>(&look.over_tcp);
    const DnsAnswer* answer = over_udp;
    if (answer == nullptr || (answer->truncated && over_tcp != nullptr)) answer = over_tcp;
    for (const DnsReply* reply : {&look.over_udp, &look.over_tcp}) {
        const auto* silence = std::get_if<NoAnswer>(reply);
        if (silence == nullptr) continue;
        look.add(is_without_tcp(look) ? Kind::failed : Kind::unknown, silence->text);
    }
    if (answer == nullptr || answer->truncated) return;
    if (is_of_the_zone(look, *answer, subject.domain)) compare_name_servers(look, subject);
}

bool is_silent(const DnsReply& reply) {
    const auto* silence = std::get_if<NoAnswer>(&reply);
    return silence != nullptr && silence->why == NoAnswer::Why::silent;
}

void look_at(AddressCheck& look, const Subject& subject) {
    look.was_silent = is_silent(look.over_udp) && is_silent(look.over_tcp);
    check_answers(look, subject);
    if (look.findings.empty() && look.of_names.empty()) {
        look.add(Kind::ok, "answers over UDP and TCP with authority, serial " + *look.serial);
    }
}

void ask_for_start(AddressCheck& look, DnsTransport transport, const Subject& subject) {
    const DnsQuestion question{subject.domain, "SOA", Recursion::none, Signatures::none};
    DnsReply& reply = transport == DnsTransport::udp ? look.over_udp : look.over_tcp;
    reply = ask_address(look.address, question, transport, subject.settings);
}

// All at the same time, each from the beginning.
void ask_all(const std::vector<AddressCheck*>& looks, const Subject& subject) {
    for (AddressCheck* look : looks) {
        *look = {look->server, look->address};
        look->is_to_be_asked = true;
    }
    ask_at_once(2 * looks.size(), [&](std::size_t i) {
        ask_for_start(*looks[i / 2], i % 2 == 0 ? DnsTransport::udp : DnsTransport::tcp, subject);
    });
    ask_at_once(looks.size(), [&](std::size_t i) { look_at(*looks[i], subject); });
}

bool have_other_serials(const std::vector<AddressCheck>& looks) {
    std::set<std::string> serials;
    for (const AddressCheck& look : looks) {
        if (look.serial) serials.insert(*look.serial);
    }
    return serials.size() > 1;
}

bool is_unknown(const AddressCheck& look) {
    return std::any_of(look.findings.begin(), look.findings.end(),
                       [](const DnsFinding& finding) { return finding.kind == Kind::unknown; });
}

// Where the serials differ the zone may just be on its way to the others.
std::vector<AddressCheck*> those_to_ask_again(std::vector<AddressCheck>& looks,
                                              const Subject& subject) {
    const bool differ = have_other_serials(looks);
    const auto& silent = subject.settings.silent;
    std::vector<AddressCheck*> again;
    for (AddressCheck& look : looks) {
        const bool is_open = is_unknown(look) || (differ && look.serial);
        const bool stays_silent = look.was_silent && silent && silent->contains(look.address);
        if (look.is_to_be_asked && is_open && !stays_silent) again.push_back(&look);
    }
    return again;
}

void remember_silence(const std::vector<AddressCheck>& looks, int tries, const Subject& subject) {
    const auto& silent = subject.settings.silent;
    if (!silent) return;
    for (const AddressCheck& look : looks) {
        if (!look.is_to_be_asked || (look.was_silent && tries < kTries)) continue;
        silent->note(look.address, look.was_silent);
    }
}

// No server has the zone, each of them says so: that is for good.
void judge_lame(std::vector<AddressCheck>& looks) {
    const auto may_have_it = [](const AddressCheck& look) {
        return look.is_to_be_asked && !look.is_lame;
    };
    if (std::any_of(looks.begin(), looks.end(), may_have_it)) return;
    for (AddressCheck& look : looks) {
        for (DnsFinding& finding : look.findings) {
            if (look.is_lame) finding.kind = Kind::failed;
        }
    }
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
    std::vector<AddressCheck*> to_ask;
    for (AddressCheck& look : looks) {
        if (look.is_to_be_asked) {
            to_ask.push_back(&look);
        } else {
            look.add(Kind::note, "not asked: this machine has no route to it");
        }
    }
    const bool are_all_known =
        std::all_of(servers.begin(), servers.end(), [](const OrderedServer& server) {
            return server.host.state != HostAddresses::State::not_known_now;
        });
    const auto longest = std::chrono::seconds(subject.settings.timeout_seconds);
    int tries = 1;
    for (;; ++tries) {
        ask_all(to_ask, subject);
        if (are_all_known) judge_lame(looks);
        to_ask = those_to_ask_again(looks, subject);
        const auto next = std::chrono::steady_clock::now() + kBetweenTries;
        // What was seen so far tells more than that the time was over.
        const bool is_time_over = next + longest > subject.settings.until;
        if (to_ask.empty() || tries == kTries || is_time_over) break;
        std::this_thread::sleep_until(next);
    }
    remember_silence(looks, tries, subject);
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

// Where some show the order's servers and others do not, the zone is on its way to the others.
void judge_serials(std::vector<AddressCheck>& looks, Findings& findings) {
    if (!have_other_serials(looks)) return;
    std::map<std::string, std::set<std::string>> servers_of;
    bool is_shown_somewhere = false;
    for (const AddressCheck& look : looks) {
        if (!look.serial) continue;
        servers_of[*look.serial].insert(look.server + " (" + look.address + ")");
        is_shown_somewhere = is_shown_somewhere || look.of_names.empty();
    }
    std::string text = "the serials differ: ";
    for (auto row = servers_of.begin(); row != servers_of.end(); ++row) {
        text += (row == servers_of.begin() ? "" : "; ") + row->first + " at " + joined(row->second);
    }
    findings.push_back({Kind::unknown, "", "", text});
    for (AddressCheck& look : looks) {
        if (!is_shown_somewhere) break;
        for (DnsFinding& finding : look.of_names) finding.kind = Kind::unknown;
    }
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
    findings.push_back(
        {Kind::unknown, "", "",
         "no server answered, those of the zone above neither: " + delegation.reason});
}

void add_all(const Findings& some, Findings& findings) {
    findings.insert(findings.end(), some.begin(), some.end());
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
    std::vector<AddressCheck> looks = check_all(servers, {domain.ascii(), names, at_servers});

    DnsTestResult result;
    judge_number(servers.size(), minimum, result.findings);
    judge_addresses(servers, result.findings);
    Findings of_serials;
    judge_serials(looks, of_serials);
    for (const AddressCheck& look : looks) {
        add_all(look.findings, result.findings);
        add_all(look.of_names, result.findings);
    }
    judge_silence(looks, domain, settings, result.findings);
    add_all(of_serials, result.findings);
    judge_spread(servers, result.findings);
    result.verdict = verdict_of(result.findings);
    return result;
}

}  // namespace domspool
