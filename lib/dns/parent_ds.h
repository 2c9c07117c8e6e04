// The DS records that the zone above publishes of a domain.
#pragma once

#include "dns/dns_settings.h"
#include "orders/domain_name.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct DsData {
    int key_tag = 0, algorithm = 0, digest_type = 0;
    std::string digest;  // hex, lower case
    friend bool operator==(const DsData&, const DsData&) = default;
};

// From the fields of a record; nothing where they are none of a DS.
std::optional<DsData> read_ds(const std::vector<std::string>& fields);

struct ParentDs {
    // absent: servers of the parent say with authority that there is none, and none of them shows
    // one, or something that may be one. A domain whose state is unreadable is perhaps signed.
    enum class State { present, absent, unreadable };
    State state = State::unreadable;
    std::vector<std::vector<DsData>> sets;  // what the servers show, each different set once
    std::uint32_t ttl_seconds = 0;          // the longest seen, while present
    std::string reason;                     // where unreadable
};

// All servers of the zone above are asked, at the same time. In a rehearsal its registrar alone is.
ParentDs read_parent_ds(const DomainName& domain, const DnsSettings& settings);

}  // namespace domspool
