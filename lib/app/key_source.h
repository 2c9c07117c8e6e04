// Where the DNSSEC keys for a registry come from: the order itself, or the domain's own servers.
#pragma once

#include "dns/dns_settings.h"
#include "workflow/sending/runner_settings.h"

namespace domspool {

// Completes {"keys": "given", flags, protocol, algorithm, public_key} and {"keys": "auto"} by what
// a registry wants to have: the key, key_tag, digest_type and digest. With "auto" the servers are
// those of today's delegation, which must be the ordered ones where "ns1" ... say them; all must
// show the same signed keys.
KeySource key_source(const DnsSettings& settings);

}  // namespace domspool
