// Which orders a decision on many is for, where they are not named one by one.
#pragma once

#include "ledger/ledger.h"

#include <string>
#include <vector>

namespace domspool {

// Of the orders that fit, those the verb is for, in order of intake:
//   hold      not ended, not held
//   release   held
//   cancel    not ended
//   retry     failed, without an order in its place that was sent
//   resolve   those a word can end: in doubt, or held with a step that may have been executed
//   dismiss   those that reports tell, but no doubt and no hold
std::vector<OrderId> orders_chosen(const Ledger& ledger, const std::string& verb,
                                   OrderFilter filter, UtcTime now);

}  // namespace domspool
