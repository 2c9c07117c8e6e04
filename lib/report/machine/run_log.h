// The lines that a run of any program leaves in the log: its begin, its orders, its end.
#pragma once

#include "ledger/ledger_records.h"
#include "util/log.h"

namespace domspool {

// What became of an order in this run. Severity by what the operator has to do: an order that
// failed or is held is looked at today, one in doubt some day.
void log_order(Log& log, const OrderRecord& order);

}  // namespace domspool
