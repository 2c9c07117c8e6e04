// The DNSSEC keys of a zone, what the parent publishes of them, and whether the two fit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dns/dns_settings.h"
#include "orders/domain_name.h"

namespace domspool {

struct DsData {
    int key_tag = 0, algorithm = 0, digest_type = 0;
    std::string digest;  // hex, lower case
    friend bool operator==(const DsData&, const DsData&) = default;
};

// A DNSKEY with the DS (digest type 2, SHA-256) that stands for it in the parent.
struct ZoneKey {
    int flags = 0, protocol = 0, algorithm = 0;
    std::string public_key;  // base64
    int key_tag = 0, digest_type = 0;
    std::string digest;           // hex, lower case
    bool signs_the_keys = false;  // the zone's DNSKEY records carry its valid signature
    friend bool operator==(const ZoneKey&, const ZoneKey&) = default;
};

// The DS for a key; digest types 1, 2 and 4 (SHA-1, SHA-256, SHA-384). Throws
// std::invalid_argument for another type or a key that cannot be read.
DsData ds_of(const DomainName& domain, const ZoneKey& key, int digest_type);

// With key_tag, digest_type and digest filled in from the rest. Throws as ds_of does.
ZoneKey completed(const DomainName& domain, ZoneKey key);

struct ZoneKeys {
    // unreadable: a server does not answer, the servers differ, or no key signs the others.
    enum class State { signed_zone, unsigned_zone, unreadable };
    State state = State::unreadable;
    std::vector<ZoneKey> keys;  // all of them
    std::string reason;         // where unreadable
    // Those a DS may point to: not revoked, signing the DNSKEY records, with the flag of a key
    // signing key where any such has it.
    std::vector<ZoneKey> entry_keys() const;
};

// Asks every server, which must all show the same keys.
ZoneKeys read_zone_keys(const DomainName& domain, const std::vector<std::string>& nameservers,
                        const DnsSettings& settings);

struct ParentDs {
    // absent: every server of the parent that answered says there is none, and one did answer.
    enum class State { present, absent, unreadable };
    State state = State::unreadable;
    std::vector<DsData> records;    // of all the parent's servers together
    std::uint32_t ttl_seconds = 0;  // the longest seen, while present
    std::string reason;             // where unreadable
};

ParentDs read_parent_ds(const DomainName& domain, const DnsSettings& settings);

// Whether the servers may take over a domain as the parent has it now.
struct ChainOfTrust {
    // not_signed: the parent has no DS, nothing to break. holds: each server has a key that signs
    // its DNSKEY records and that a DS in the parent stands for. broken: one has not.
    enum class State { holds, broken, not_signed, unreadable };
    State state = State::unreadable;
    std::string reason;  // for broken and unreadable: which server and why
};

ChainOfTrust look_at_chain(const DomainName& domain, const std::vector<std::string>& nameservers,
                           const DnsSettings& settings);

}  // namespace domspool
