// The guard before name servers are sent for a domain that exists: where its parent has a DS they
// must answer with a key that fits it, or nobody who checks signatures finds the domain any more.
#pragma once

#include "workflow/checks/preflight.h"

#include <string>
#include <vector>

namespace domspool {

struct ChainVerdict {
    // not_known: perhaps signed, so not to be sent now.
    enum class What { may_be_sent, would_break, not_known };
    What what = What::not_known;
    std::string reason;  // for people, with the next move
};

// Asks the DNS alone: what the registrar says of signatures (IsSigned) need not be what its
// registry publishes. A DS that was seen there counts for its whole TTL, also once it is gone. A
// transfer to the servers that the parent shows today changes nothing, so it may be sent whatever
// they hold. Registrations are not for this guard: a registry that says a name is free has no DS of
// it, and who waits loses the name.
ChainVerdict hold_against_ds(const Order& order, const std::vector<std::string>& servers,
                             const PreflightSettings& settings, AnswerCache& cache);

}  // namespace domspool
