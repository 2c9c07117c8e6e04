// The commands of domain-orders by which a person settles what an order waits for.
#pragma once

#include "ledger/ledger_records.h"

#include <string>
#include <vector>

namespace domspool {

// The likeliest first; none for an order that waits for nobody. `tail`: what
// each must end with, such as " --config /srv/shop.yaml", or "".
std::vector<std::string> settling_commands(const OrderRecord& order, const std::string& tail);

}  // namespace domspool
