#include "dns/zone_keys.h"

#include "dns/ldns_types.h"
#include "dns/ordered_servers.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <tuple>

namespace domspool {
namespace {

constexpr int kRevokedFlag = 0x0080;
constexpr int kKeySigningFlag = 0x0001;
// Each signature may have to be tried with each key, which takes its time. Zones have two or three.
constexpr std::size_t kMostKeys = 16;
constexpr std::size_t kMostServersAsked = 16;

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

std::vector<DnsRecord> signatures_of_keys(const DomainName& domain, const DnsAnswer& answer) {
    std::vector<DnsRecord> signatures = records_of(answer.answer, domain.ascii(), "RRSIG");
    std::erase_if(signatures, [](const DnsRecord& record) {
        return record.fields.empty() || record.fields[0] != "DNSKEY";
    });
    return signatures;
}

// The keys whose signature over the DNSKEY records is valid now, by their place in the list.
std::vector<bool> signing_keys(const std::vector<DnsRecord>& keys,
                               const std::vector<DnsRecord>& signatures) {
    std::vector<bool> signs(keys.size(), false);
    if (signatures.empty()) return signs;
    const LdnsRecords key_list(ldns_rr_list_new()), signature_list(ldns_rr_list_new());
    const LdnsRecordsSeen good(ldns_rr_list_new());
    std::vector<ldns_rr*> in_order;
    for (const DnsRecord& key : keys) {
        in_order.push_back(record_from(key.text).release());
        ldns_rr_list_push_rr(key_list.get(), in_order.back());
    }
    for (const DnsRecord& signature : signatures) {
        ldns_rr_list_push_rr(signature_list.get(), record_from(signature.text).release());
    }
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
    const auto signatures = signatures_of_keys(domain, answer);
    if (std::max(records.size(), signatures.size()) > kMostKeys) {
        throw std::length_error("it shows more than " + std::to_string(kMostKeys) +
                                " keys or signatures of them");
    }
    const auto signs = signing_keys(records, signatures);
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

// A server that says so has not the zone. Any other code may be gone tomorrow.
bool is_settled(const std::string& code) {
    return code == "NOERROR" || code == "NXDOMAIN" || code == "REFUSED";
}

ShownKeys keys_in(const DomainName& domain, const ServerReply& reply) {
    using What = ShownKeys::What;
    const std::string begin = shown(reply) + ": ";
    const auto* answer = std::get_if<DnsAnswer>(&reply.reply);
    if (answer == nullptr) {
        return {What::silence, reply.server, {}, begin + std::get<NoAnswer>(reply.reply).text};
    }
    if (answer->code != "NOERROR" || !answer->authoritative) {
        return {is_settled(answer->code) ? What::not_the_zone : What::unreadable,
                reply.server,
                {},
                begin + "answers " + answer->code + " without authority for " + domain.ascii()};
    }
    try {
        return {What::keys, reply.server, keys_in(domain, *answer), ""};
    } catch (const std::length_error& many) {
        return {What::unreadable, reply.server, {}, begin + many.what()};
    } catch (const std::exception&) {
        return {What::unreadable, reply.server, {}, begin + "its DNSKEY records cannot be read"};
    }
}

// One address may be down where another of the same server answers.
bool is_answered_elsewhere(const ShownKeys& silent, const std::vector<ShownKeys>& all) {
    return std::any_of(all.begin(), all.end(), [&](const ShownKeys& other) {
        return other.server == silent.server && other.what != ShownKeys::What::silence;
    });
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

bool may_be_entry(const ZoneKey& key) {
    return key.signs_the_keys && (key.flags & kRevokedFlag) == 0;
}

std::vector<ZoneKey> ZoneKeys::entry_keys() const {
    std::vector<ZoneKey> signing, preferred;
    for (const ZoneKey& key : keys) {
        if (!may_be_entry(key)) continue;
        signing.push_back(key);
        if ((key.flags & kKeySigningFlag) != 0) preferred.push_back(key);
    }
    return preferred.empty() ? signing : preferred;
}

std::vector<ShownKeys> keys_shown(const DomainName& domain,
                                  const std::vector<std::string>& nameservers,
                                  const DnsSettings& given) {
    if (nameservers.size() > kMostServersAsked) {
        return {{ShownKeys::What::unreadable,
                 "",
                 {},
                 std::to_string(nameservers.size()) + " name servers are too many to ask"}};
    }
    const DnsSettings settings = limited(given);
    const DnsQuestion question{domain.ascii(), "DNSKEY", Recursion::none, Signatures::wanted};
    std::vector<ShownKeys> all;
    for (const ServerReply& reply :
         ask_everywhere(find_servers(domain, nameservers, settings), question, settings)) {
        all.push_back(keys_in(domain, reply));
    }
    const auto is_needless = [&](const ShownKeys& seen) {
        return seen.what == ShownKeys::What::silence && is_answered_elsewhere(seen, all);
    };
    std::vector<ShownKeys> told;
    std::remove_copy_if(all.begin(), all.end(), std::back_inserter(told), is_needless);
    return told;
}

ZoneKeys read_zone_keys(const DomainName& domain, const std::vector<std::string>& nameservers,
                        const DnsSettings& settings) {
    const auto unreadable = [](const std::string& reason) {
        return ZoneKeys{ZoneKeys::State::unreadable, {}, reason};
    };
    const std::vector<ShownKeys> all = keys_shown(domain, nameservers, settings);
    if (all.empty()) return unreadable("no name server to ask");
    for (const ShownKeys& seen : all) {
        if (seen.what != ShownKeys::What::keys) return unreadable(seen.reason);
        if (seen.keys == all.front().keys) continue;
        return unreadable(all.front().server + " and " + seen.server + " show different keys");
    }
    ZoneKeys result{ZoneKeys::State::unsigned_zone, all.front().keys, ""};
    if (result.keys.empty()) return result;
    if (result.entry_keys().empty()) {
        return unreadable("no key of " + domain.ascii() + " signs its DNSKEY records validly");
    }
    result.state = ZoneKeys::State::signed_zone;
    return result;
}

}  // namespace domspool
