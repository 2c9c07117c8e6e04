// Whether the ordered name servers are ready for a domain, as registries test it.
#pragma once

#include "dns/dns_settings.h"
#include "orders/domain_name.h"

#include <string>
#include <vector>

namespace domspool {

// note: worth knowing, decides nothing. unknown: could not be found out now.
enum class DnsFindingKind { ok, failed, note, unknown };
std::string_view to_word(DnsFindingKind kind);

struct DnsFinding {
    DnsFindingKind kind = DnsFindingKind::ok;
    std::string server;   // "" where the finding is about all of them
    std::string address;  // "" where it is about no single address
    std::string text;     // for people
};
// "failed: ns1.example.com (192.0.2.1): answers REFUSED, is not set up for example.com"
std::string to_text(const DnsFinding& finding);

// not_possible: at least one finding failed. not_known_now: none failed, but something needed may
// be another in a moment: the resolver or a server is down, SERVFAIL, serials that differ, a zone
// that some servers have and others not yet; ask again later.
enum class DnsVerdict { passed, not_possible, not_known_now };

struct DnsTestResult {
    DnsVerdict verdict = DnsVerdict::not_known_now;
    std::vector<DnsFinding> findings;
    bool passed() const { return verdict == DnsVerdict::passed; }
    // What failed or is unknown, on one line; "" when passed.
    std::string reason() const;
};

// Each server has an address and on each of them answers over UDP and TCP, with authority for the
// domain; their serials agree; the NS records they hold are the servers ordered; there are at
// least `minimum` of them, and not all at one address. Many addresses are asked at the same time,
// no more than 8 of a host, what is unknown three times with a pause between, and in limited()
// time: what was not answered by then stays unknown.
//
// A server inside the domain itself has its address from the other ordered servers, else from the
// parent's glue, else from the resolver. Addresses of a family this machine has no route for are
// noted and not asked. Changes nothing; throws RunFailure only for unusable settings.
DnsTestResult test_name_servers(const DomainName& domain,
                                const std::vector<std::string>& nameservers, int minimum,
                                const DnsSettings& settings);

}  // namespace domspool
