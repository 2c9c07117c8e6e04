// Operations on the account that this ledger did not start: `domain-orders list --foreign`.
#pragma once

#include "ledger/ledger_records.h"
#include "report/terminal/appearance.h"

#include <string>
#include <vector>

namespace domspool {

// A line each, and one of totals.
std::string foreign_list(const std::vector<ForeignOperation>& operations, const Look& look);
// With a header line; cells a spreadsheet would run are neutralised.
std::string foreign_csv(const std::vector<ForeignOperation>& operations);

}  // namespace domspool
