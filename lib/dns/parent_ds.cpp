#include "dns/parent_ds.h"

#include "dns/parent_zone.h"

#include <algorithm>
#include <tuple>

namespace domspool {
namespace {

constexpr std::size_t kMostRecords = 32;  // More than a registry takes.

// What one server of the parent says.
struct DsSeen {
    enum class What { some, none, perhaps_some, no_answer };
    What what = What::no_answer;
    std::vector<DsData> records;
    std::uint32_t ttl = 0;
    std::string fault;
};

DsSeen read_records(const std::vector<DnsRecord>& records) {
    DsSeen seen;
    seen.what = DsSeen::What::perhaps_some;
    if (records.size() > kMostRecords) {
        seen.fault = "shows " + std::to_string(records.size()) + " DS records, which is absurd";
        return seen;
    }
    for (const DnsRecord& record : records) {
        seen.ttl = std::max(seen.ttl, record.ttl);
        const auto ds = read_ds(record.fields);
        if (!ds) {
            seen.fault = "has a DS record that cannot be read";
            return seen;
        }
        seen.records.push_back(*ds);
    }
    seen.what = DsSeen::What::some;
    return seen;
}

// Also a server without authority may tell of a DS; that there is none, only one that has it.
DsSeen seen_in(const DnsReply& reply, const ParentZone& parent, const DomainName& domain) {
    const auto* answer = std::get_if<DnsAnswer>(&reply);
    if (answer == nullptr) return {DsSeen::What::no_answer, {}, 0, std::get<NoAnswer>(reply).text};
    const auto records = records_of(answer->answer, domain.ascii(), "DS");
    if (!records.empty()) return read_records(records);
    if (denies(*answer, parent, domain)) return {DsSeen::What::none, {}, 0, ""};
    return {DsSeen::What::no_answer,
            {},
            0,
            answer->code == "NOERROR" ? "does not answer for the zone above"
                                      : "answers " + answer->code};
}

void take(ParentDs& found, DsSeen seen) {
    found.ttl_seconds = std::max(found.ttl_seconds, seen.ttl);
    const auto by_all = [](const DsData& a, const DsData& b) {
        return std::tie(a.key_tag, a.algorithm, a.digest_type, a.digest) <
               std::tie(b.key_tag, b.algorithm, b.digest_type, b.digest);
    };
    std::sort(seen.records.begin(), seen.records.end(), by_all);
    const bool is_known =
        std::find(found.sets.begin(), found.sets.end(), seen.records) != found.sets.end();
    if (!is_known) found.sets.push_back(std::move(seen.records));
}

std::vector<ServerReply> ask_parent(const ParentZone& parent, const DomainName& domain,
                                    const DnsSettings& settings) {
    const DnsQuestion question{domain.ascii(), "DS", Recursion::none, Signatures::none};
    if (!settings.rehearsal_parent) return ask_servers(parent.servers, question, settings);
    DnsSettings at_registrar = settings;
    at_registrar.port = settings.rehearsal_parent->port;
    const std::string& address = settings.rehearsal_parent->address;
    return {{"the registrar of the rehearsal", address,
             ask_address(address, question, DnsTransport::udp, at_registrar)}};
}

ParentZone parent_of(const DomainName& domain, const DnsSettings& settings) {
    if (settings.rehearsal_parent) return {domain.extension(), {}, ""};
    return find_parent(domain, settings);
}

}  // namespace

std::optional<DsData> read_ds(const std::vector<std::string>& fields) {
    if (fields.size() != 4) return std::nullopt;
    const auto key_tag = number_in(fields[0]), algorithm = number_in(fields[1]),
               digest_type = number_in(fields[2]);
    if (!key_tag || !algorithm || !digest_type) return std::nullopt;
    return DsData{*key_tag, *algorithm, *digest_type, plain_name(fields[3])};
}

ParentDs read_parent_ds(const DomainName& domain, const DnsSettings& given) {
    const DnsSettings settings = limited(given);
    const ParentZone parent = parent_of(domain, settings);
    ParentDs found;
    found.reason = parent.reason;
    bool is_denied = false, is_doubtful = false;
    for (const ServerReply& reply : ask_parent(parent, domain, settings)) {
        DsSeen seen = seen_in(reply.reply, parent, domain);
        const bool may_be_some = seen.what == DsSeen::What::perhaps_some;
        if (!seen.fault.empty() && (may_be_some || !is_doubtful)) {
            found.reason = shown(reply) + ": " + seen.fault;
        }
        is_denied = is_denied || seen.what == DsSeen::What::none;
        is_doubtful = is_doubtful || may_be_some;
        if (seen.what == DsSeen::What::some) take(found, std::move(seen));
    }
    if (is_doubtful || (found.sets.empty() && !is_denied)) return found;
    found.reason.clear();
    found.state = found.sets.empty() ? ParentDs::State::absent : ParentDs::State::present;
    return found;
}

}  // namespace domspool
