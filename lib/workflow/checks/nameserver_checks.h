// Whether the name servers of an order can serve its domain. Each throws PreflightEnd.
#pragma once

#include "workflow/checks/preflight_parts.h"

#include <string>
#include <vector>

namespace domspool {

// For an order without name servers of its own: the account's, or for a transfer those the zone
// above shows today.
std::vector<std::string> nameservers_in_place(const PreflightParts& parts);

// As many as the extension wants.
void require_nameservers(const Order& order, const ExtensionRules& rules,
                         const std::vector<std::string>& servers);

// The DNS test, and for a domain that may be signed the key its DS stands for.
void require_ready_servers(const PreflightParts& parts, const ExtensionRules& rules,
                           const std::vector<std::string>& servers);

}  // namespace domspool
