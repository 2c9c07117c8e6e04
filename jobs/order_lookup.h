// Finding orders by what a person knows of them: a number, a domain, a reference.
#pragma once

#include "ledger/ledger.h"

#include <string>
#include <vector>

namespace domspool {

// A number is an order's id if there is such an order, else an operation's. What is no id found is
// a domain (any letter case, Unicode or A-label) or a reference, and finds all that carry it, the
// newest first.
std::vector<OrderRecord> find_orders(const Ledger& ledger, const std::string& word);

}  // namespace domspool
