#include "dns/zone_keys.h"

#include "dns/ldns_types.h"
#include "dns/ordered_servers.h"
#include "dns/parent_zone.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <variant>

namespace domspool {
namespace {

constexpr int kRevokedFlag = 0x0080;
constexpr int kKeySigningFlag = 0x0001;

LdnsRecord record_from(const std::string& text) {
    ldns_rr* rr = nullptr;
    if (ldns_rr_new_frm_str(&rr, text.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK) {
        throw std::invalid_argument("a record cannot be read: " + text);
    }
    return LdnsRecord(rr);
}

LdnsRecord dnskey_record(const DomainName& domain, const ZoneKey& key) {
    return record_from(domain.ascii() + ". 3600 IN DNSKEY " + std::to_string(key.flags) + " " +
                       std::to_string(key.protocol) + " " + std::to_string(key.algorithm) + " " +
                       key.public_key);
}

ldns_hash hash_of(int digest_type) {
    switch (digest_type) {
        case 1:
            return LDNS_SHA1;
        case 2:
            return LDNS_SHA256;
        case 4:
            return LDNS_SHA384;
    }
    throw std::invalid_argument("digest type " + std::to_string(digest_type) + " is not known");
}

std::optional<DsData> read_ds(const std::vector<std::string>& fields) {
    if (fields.size() != 4) return std::nullopt;
    const auto key_tag = number_in(fields[0]), algorithm = number_in(fields[1]),
               digest_type = number_in(fields[2]);
    if (!key_tag || !algorithm || !digest_type) return std::nullopt;
    return DsData{*key_tag, *algorithm, *digest_type, plain_name(fields[3])};
}

std::optional<ZoneKey> read_key(const std::vector<std::string>& fields) {
    if (fields.size() != 4) return std::nullopt;
    const auto flags = number_in(fields[0]), protocol = number_in(fields[1]),
               algorithm = number_in(fields[2]);
    if (!flags || !protocol || !algorithm) return std::nullopt;
    ZoneKey key;
    key.flags = *flags;
    key.protocol = *protocol;
    key.algorithm = *algorithm;
    key.public_key = fields[3];
    return key;
}

// The keys whose signature over the DNSKEY records is valid now, by their place in the list.
std::vector<bool> signing_keys(const std::vector<DnsRecord>& keys,
                               const std::vector<DnsRecord>& signatures) {
    const LdnsRecords key_list(ldns_rr_list_new()), signature_list(ldns_rr_list_new());
    const LdnsRecordsSeen good(ldns_rr_list_new());
    std::vector<ldns_rr*> in_order;
    for (const DnsRecord& key : keys) {
        in_order.push_back(record_from(key.text).release());
        ldns_rr_list_push_rr(key_list.get(), in_order.back());
    }
    for (const DnsRecord& signature : signatures) {
        if (signature.fields.empty() || signature.fields[0] != "DNSKEY") continue;
        ldns_rr_list_push_rr(signature_list.get(), record_from(signature.text).release());
    }
    std::vector<bool> signs(keys.size(), false);
    if (ldns_rr_list_rr_count(signature_list.get()) == 0) return signs;
    std::ignore = ldns_verify(key_list.get(), signature_list.get(), key_list.get(), good.get());
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(good.get()); ++i) {
        const auto place =
            std::find(in_order.begin(), in_order.end(), ldns_rr_list_rr(good.get(), i));
        if (place != in_order.end()) {
            signs[static_cast<std::size_t>(place - in_order.begin())] = true;
        }
    }
    return signs;
}

std::vector<ZoneKey> keys_in(const DomainName& domain, const DnsAnswer& answer) {
    const auto records = records_of(answer.answer, domain.ascii(), "DNSKEY");
    const auto signs = signing_keys(records, records_of(answer.answer, domain.ascii(), "RRSIG"));
    std::vector<ZoneKey> keys;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto read = read_key(records[i].fields);
        if (!read) throw std::invalid_argument("a DNSKEY cannot be read");
        ZoneKey key = *read;
        key.signs_the_keys = signs[i];
        keys.push_back(completed(domain, key));
    }
    std::sort(keys.begin(), keys.end(), [](const ZoneKey& a, const ZoneKey& b) {
        return std::tie(a.key_tag, a.public_key) < std::tie(b.key_tag, b.public_key);
    });
    return keys;
}

// Why there are no keys of a server. An answer settles it; silence may be another tomorrow.
struct NoKeys {
    std::string reason;
    bool is_an_answer = false;
};
using KeysOrReason = std::variant<std::vector<ZoneKey>, NoKeys>;

KeysOrReason keys_at(const DomainName& domain, const OrderedServer& server,
                     const DnsSettings& settings) {
    std::string reason = server.name + ": " + server.host.reason;
    const DnsQuestion question{domain.ascii(), "DNSKEY", Recursion::none, Signatures::wanted};
    for (const std::string& address : server.host.addresses) {
        reason = server.name + " (" + address + "): ";
        if (!has_route_to(address, settings)) {
            reason += "this machine has no route to it";
            continue;
        }
        const DnsReply reply = ask_address(address, question, settings);
        const auto* answer = std::get_if<DnsAnswer>(&reply);
        if (answer == nullptr) {
            reason += std::get<NoAnswer>(reply).text;
        } else if (answer->code != "NOERROR" || !answer->authoritative) {
            return NoKeys{
                reason + "answers " + answer->code + " without authority for " + domain.ascii(),
                answer->code != "SERVFAIL"};
        } else {
            try {
                return keys_in(domain, *answer);
            } catch (const std::exception&) {
                return NoKeys{reason + "its DNSKEY records cannot be read", false};
            }
        }
    }
    return NoKeys{reason, false};
}

bool is_for(const DsData& ds, const DomainName& domain, const ZoneKey& key) {
    if (ds.key_tag != key.key_tag || ds.algorithm != key.algorithm) return false;
    try {
        return ds_of(domain, key, ds.digest_type) == ds;
    } catch (const std::invalid_argument&) {
        return false;  // A digest type nobody here can compute proves nothing.
    }
}

bool has_entry(const DomainName& domain, const std::vector<ZoneKey>& keys,
               const std::vector<DsData>& records) {
    for (const ZoneKey& key : keys) {
        if (!key.signs_the_keys || (key.flags & kRevokedFlag) != 0) continue;
        const bool is_known = std::any_of(records.begin(), records.end(), [&](const DsData& ds) {
            return is_for(ds, domain, key);
        });
        if (is_known) return true;
    }
    return false;
}

// Takes over the DS records of one answer of the parent; "" or why it is no answer.
std::string take_ds(ParentDs& found, const std::string& name, const DnsAnswer& answer) {
    if (answer.code != "NOERROR" && answer.code != "NXDOMAIN") return "answers " + answer.code;
    const auto records = records_of(answer.answer, name, "DS");
    if (records.empty() && !answer.authoritative) return "does not answer for the zone above";
    for (const DnsRecord& record : records) {
        const auto ds = read_ds(record.fields);
        if (!ds) return "has a DS record that cannot be read";
        found.ttl_seconds = std::max(found.ttl_seconds, record.ttl);
        if (std::find(found.records.begin(), found.records.end(), *ds) == found.records.end()) {
            found.records.push_back(*ds);
        }
    }
    return "";
}

}  // namespace

DsData ds_of(const DomainName& domain, const ZoneKey& key, int digest_type) {
    const LdnsRecord record = dnskey_record(domain, key);
    const LdnsRecord ds(ldns_key_rr2ds(record.get(), hash_of(digest_type)));
    if (ds == nullptr || ldns_rr_rd_count(ds.get()) != 4) {
        throw std::invalid_argument("no DS can be made for a key of " + domain.ascii());
    }
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < 4; ++i) {
        fields.push_back(taken(ldns_rdf2str(ldns_rr_rdf(ds.get(), i))));
    }
    return *read_ds(fields);
}

ZoneKey completed(const DomainName& domain, ZoneKey key) {
    const DsData ds = ds_of(domain, key, 2);
    key.key_tag = ds.key_tag;
    key.digest_type = ds.digest_type;
    key.digest = ds.digest;
    return key;
}

std::vector<ZoneKey> ZoneKeys::entry_keys() const {
    std::vector<ZoneKey> signing, preferred;
    for (const ZoneKey& key : keys) {
        if (!key.signs_the_keys || (key.flags & kRevokedFlag) != 0) continue;
        signing.push_back(key);
        if ((key.flags & kKeySigningFlag) != 0) preferred.push_back(key);
    }
    return preferred.empty() ? signing : preferred;
}

ZoneKeys read_zone_keys(const DomainName& domain, const std::vector<std::string>& nameservers,
                        const DnsSettings& given) {
    const DnsSettings settings = limited(given);
    ZoneKeys result;
    const auto servers = find_servers(domain, nameservers, settings);
    if (servers.empty()) {
        result.reason = "no name server to ask";
        return result;
    }
    for (const OrderedServer& server : servers) {
        const KeysOrReason seen = keys_at(domain, server, settings);
        if (const auto* none = std::get_if<NoKeys>(&seen)) {
            return {ZoneKeys::State::unreadable, {}, none->reason};
        }
        const auto& keys = std::get<std::vector<ZoneKey>>(seen);
        if (&server == &servers.front()) {
            result.keys = keys;
        } else if (keys != result.keys) {
            return {ZoneKeys::State::unreadable,
                    {},
                    servers.front().name + " and " + server.name + " show different keys"};
        }
    }
    result.state =
        result.keys.empty() ? ZoneKeys::State::unsigned_zone : ZoneKeys::State::signed_zone;
    if (!result.keys.empty() && result.entry_keys().empty()) {
        return {ZoneKeys::State::unreadable,
                {},
                "no key of " + domain.ascii() + " signs its DNSKEY records validly"};
    }
    return result;
}

ParentDs read_parent_ds(const DomainName& domain, const DnsSettings& given) {
    const DnsSettings settings = limited(given);
    ParentDs found;
    const ParentZone parent = find_parent(domain, settings);
    found.reason = parent.reason;
    const DnsQuestion question{domain.ascii(), "DS", Recursion::none, Signatures::none};
    bool has_answer = false;
    for (const ServerReply& reply : ask_servers(parent.servers, question, settings)) {
        const auto* answer = std::get_if<DnsAnswer>(&reply.reply);
        const std::string fault = answer != nullptr ? take_ds(found, domain.ascii(), *answer)
                                                    : std::get<NoAnswer>(reply.reply).text;
        if (fault.empty()) {
            has_answer = true;
        } else {
            found.reason = shown(reply) + ": " + fault;
        }
    }
    if (!has_answer) return found;
    found.reason.clear();
    found.state = found.records.empty() ? ParentDs::State::absent : ParentDs::State::present;
    return found;
}

ChainOfTrust look_at_chain(const DomainName& domain, const std::vector<std::string>& nameservers,
                           const DnsSettings& settings) {
    using State = ChainOfTrust::State;
    const ParentDs parent = read_parent_ds(domain, settings);
    if (parent.state == ParentDs::State::unreadable) return {State::unreadable, parent.reason};
    if (parent.state == ParentDs::State::absent) return {State::not_signed, ""};
    const auto servers = find_servers(domain, nameservers, settings);
    if (servers.empty()) return {State::unreadable, "no name server to ask"};
    for (const OrderedServer& server : servers) {
        const KeysOrReason seen = keys_at(domain, server, settings);
        if (const auto* none = std::get_if<NoKeys>(&seen)) {
            return {none->is_an_answer ? State::broken : State::unreadable, none->reason};
        }
        if (!has_entry(domain, std::get<std::vector<ZoneKey>>(seen), parent.records)) {
            return {State::broken, server.name +
                                       " has no key that signs its keys and fits a DS "
                                       "of " +
                                       domain.ascii() + " in the zone above"};
        }
    }
    return {State::holds, ""};
}

}  // namespace domspool
