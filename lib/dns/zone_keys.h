// The DNSSEC keys of a zone, as its name servers show them.
#pragma once

#include "dns/dns_settings.h"
#include "dns/parent_ds.h"
#include "orders/domain_name.h"

#include <string>
#include <vector>

namespace domspool {

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

// Whether a DS may point to it: not revoked, and signing the DNSKEY records.
bool may_be_entry(const ZoneKey& key);

// What one address of a server shows, or a server none of whose addresses answers.
struct ShownKeys {
    // not_the_zone: it answers, and has not the zone. silence and unreadable may be another
    // tomorrow.
    enum class What { keys, not_the_zone, silence, unreadable };
    What what = What::silence;
    std::string server;
    std::vector<ZoneKey> keys;
    std::string reason;  // where there are none to see
};

// Every address of every server is asked. An address that is silent counts for nothing where
// another one of the same server answers.
std::vector<ShownKeys> keys_shown(const DomainName& domain,
                                  const std::vector<std::string>& nameservers,
                                  const DnsSettings& settings);

struct ZoneKeys {
    // unreadable: a server does not answer, the servers differ, or no key signs the others.
    enum class State { signed_zone, unsigned_zone, unreadable };
    State state = State::unreadable;
    std::vector<ZoneKey> keys;  // all of them
    std::string reason;         // where unreadable
    // Those a DS should point to: may_be_entry(), with the flag of a key signing key where any
    // such has it.
    std::vector<ZoneKey> entry_keys() const;
};

// All must show the same keys.
ZoneKeys read_zone_keys(const DomainName& domain, const std::vector<std::string>& nameservers,
                        const DnsSettings& settings);

}  // namespace domspool
