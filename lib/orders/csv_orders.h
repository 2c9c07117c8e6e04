// The orders of a CSV file: header line, rows, "#end,N".
#pragma once

#include "orders/file_intake.h"
#include "orders/source_bytes.h"

namespace domspool {

void read_csv_orders(SourceBytes& source, FileIntake& intake);

}  // namespace domspool
