// Orders of any batch as a table: `domain-orders list`.
#pragma once

#include "ledger/ledger_records.h"
#include "report/terminal/appearance.h"

#include <string>
#include <vector>

namespace domspool {

// Two lines and more for an order on a terminal (the reason below it), one line on a pipe. Ends
// with a line of totals.
std::string order_list(const std::vector<OrderRecord>& orders, const Look& look);
// For scripts and spreadsheets: a header line, then a line each, in columns of fixed names; cells a
// spreadsheet would run are neutralised.
std::string order_csv(const std::vector<OrderRecord>& orders);

}  // namespace domspool
