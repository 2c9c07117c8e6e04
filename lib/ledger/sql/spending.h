// What the attempts of a UTC day may have cost: reserved in the transaction that begins an attempt,
// given back once it is known to have cost nothing. Open, doubtful and pending attempts of all runs
// count, each on the day it was begun.
#pragma once

#include "ledger/ledger_write.h"
#include "store/connection.h"

#include <cstdint>
#include <optional>

namespace domspool {

// Throws CeilingReached.
void reserve_money(store::Connection& connection, std::int64_t cents, UtcTime begun,
                   const std::optional<SpendCeiling>& ceiling);
void give_money_back(store::Connection& connection, std::int64_t cents, UtcTime begun);

}  // namespace domspool
