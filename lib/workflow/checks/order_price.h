// What an order costs, and whether it may cost that.
#pragma once

#include "workflow/checks/preflight_parts.h"

#include <cstdint>
#include <optional>

namespace domspool {

// The fee of an order at the cached price list; nothing where the extension tells none.
std::optional<std::int64_t> listed_fee(const Order& order, const ExtensionRules& rules);

// Puts the price into the verdict, or throws PreflightEnd: too dear, a premium name the row does
// not admit, a fee that is not told. Asks queryDomainPrice unless the settings say otherwise.
void require_price(const PreflightParts& parts, const Secret& auth_code, Verdict& verdict);

}  // namespace domspool
