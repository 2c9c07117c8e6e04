// Today's delegation of a domain, as the zone above it has it.
#pragma once

#include "dns/dns_settings.h"
#include "orders/domain_name.h"

#include <map>
#include <string>
#include <vector>

namespace domspool {

struct Delegation {
    // unreadable: nothing is known now, the reason says why. It never means "no delegation".
    enum class State { delegated, not_delegated, unreadable };
    State state = State::unreadable;
    std::vector<std::string> nameservers;                  // lower case, sorted
    std::map<std::string, std::vector<std::string>> glue;  // addresses sent along with them
    std::string parent;                                    // the zone above
    std::string told_by;                                   // "a.nic.example (192.0.2.1)"
    std::string reason;                                    // for the two states without servers
};

// Asks the servers of the zone above, without recursion, until one gives an answer that settles it.
Delegation read_delegation(const DomainName& domain, const DnsSettings& settings);

}  // namespace domspool
