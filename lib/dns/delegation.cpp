#include "dns/delegation.h"

#include "dns/dns_exchange.h"
#include "dns/parent_zone.h"

#include <algorithm>
#include <optional>

namespace domspool {
namespace {

void take_glue(Delegation& delegation, const DnsAnswer& answer) {
    for (const std::string& server : delegation.nameservers) {
        for (const char* type : {"A", "AAAA"}) {
            for (const DnsRecord& record : records_of(answer.additional, server, type)) {
                if (!record.fields.empty()) {
                    delegation.glue[server].push_back(record.fields[0]);
                }
            }
        }
    }
}

// What one answer says; nothing where it settles nothing, with the reason left in delegation.
bool settle(Delegation& delegation, const ParentZone& parent, const DomainName& domain,
            const DnsAnswer& answer) {
    const std::string& name = domain.ascii();
    // A referral has the NS records in its authority section. A server that also serves the
    // domain itself answers from there, which is all that can be seen from it.
    auto records = records_of(answer.authority, name, "NS");
    if (records.empty() && answer.authoritative) records = records_of(answer.answer, name, "NS");
    if (answer.code == "NOERROR" && !records.empty()) {
        for (const DnsRecord& record : records) {
            if (!record.fields.empty()) delegation.nameservers.push_back(record.fields[0]);
        }
        std::sort(delegation.nameservers.begin(), delegation.nameservers.end());
        take_glue(delegation, answer);
        delegation.state = Delegation::State::delegated;
        delegation.reason.clear();
        return true;
    }
    if (denies(answer, parent, domain)) {
        delegation.state = Delegation::State::not_delegated;
        delegation.reason = delegation.told_by + " says that " + name + " is not delegated";
        return true;
    }
    delegation.reason = answer.code == "NOERROR"
                            ? delegation.told_by + " neither refers to servers of " + name +
                                  " nor answers for the zone above"
                            : delegation.told_by + " answers " + answer.code;
    return false;
}

}  // namespace

Delegation read_delegation(const DomainName& domain, const DnsSettings& given) {
    const DnsSettings settings = limited(given);
    Delegation delegation;
    const ParentZone parent = find_parent(domain, settings);
    delegation.parent = parent.name;
    delegation.reason = parent.reason;
    const DnsQuestion question{domain.ascii(), "NS", Recursion::none, Signatures::none};
    for (const std::string& server : parent.servers) {
        const ServerReply reply = ask_server(server, question, settings);
        delegation.told_by = shown(reply);
        if (const auto* answer = std::get_if<DnsAnswer>(&reply.reply)) {
            if (settle(delegation, parent, domain, *answer)) return delegation;
        } else {
            delegation.reason = delegation.told_by + ": " + std::get<NoAnswer>(reply.reply).text;
        }
    }
    delegation.told_by.clear();
    return delegation;
}

}  // namespace domspool
