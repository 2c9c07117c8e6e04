// Finding orders by what a person knows of them: a number, a domain, a reference.
#pragma once

#include "ledger/ledger.h"
#include "report/terminal/console.h"

#include <string>
#include <vector>

namespace domspool {

// A number is an order's id if there is such an order, else an operation's. What is no id found is
// a domain (any letter case, Unicode or A-label) or a reference, and finds all that carry it, the
// newest first.
std::vector<OrderRecord> find_orders(const Ledger& ledger, const std::string& word);
// What is said where nothing is found.
std::string words_of_no_order(const std::string& word);

// For who decides: the order of each word, each once. A word that fits none or several is
// complained of, and decides nothing.
std::vector<OrderId> orders_named(Console& console, const Ledger& ledger,
                                  const std::vector<std::string>& words);

}  // namespace domspool
