// Whether the keys of a domain's name servers and the DS in the zone above fit.
#pragma once

#include "dns/dns_settings.h"
#include "orders/domain_name.h"

#include <cstdint>
#include <string>
#include <vector>

namespace domspool {

// Whether the servers may take over a domain as the parent has it now.
struct ChainOfTrust {
    // not_signed: the parent has no DS, nothing to break. holds: each address of each server that
    // answers has a key that signs its DNSKEY records and that a DS in the parent stands for, and
    // each server answers. broken: one has not. Where a DS may be there, nothing unknown holds.
    enum class State { holds, broken, not_signed, unreadable };
    State state = State::unreadable;
    std::string reason;            // for broken and unreadable: which server and why
    std::uint32_t ds_seconds = 0;  // so long others may remember the DS that is there
};

ChainOfTrust check_chain(const DomainName& domain, const std::vector<std::string>& nameservers,
                         const DnsSettings& settings);

}  // namespace domspool
