// A row of an order file as the ledger takes it.
#pragma once

#include "ledger/ledger_records.h"
#include "orders/order_file.h"

namespace domspool {

IntakeRow intake_row(OrderRow&& row, const std::string& file_name);

}  // namespace domspool
