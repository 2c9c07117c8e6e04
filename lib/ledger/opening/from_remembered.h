// Version 4 of the ledger: the rows of `remembered`, in which any kind of fields could stand, go to
// tables of their own.
#pragma once

#include "store/connection.h"

namespace domspool {

// In the migration's transaction, once the tables are made; `remembered` is gone afterwards.
// StoreError corrupt names the row that cannot be read; nothing is left out in silence.
void move_remembered(store::Connection& connection);

}  // namespace domspool
