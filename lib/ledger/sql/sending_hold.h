// The hold of all sending: who holds it, since when, why. At most one is open; those that are over
// stay, as the ledger's memory of them.
#pragma once

#include "ledger/ledger_records.h"
#include "store/connection.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

// SendingHeld while a hold is open. In the transaction of an intent: what begins after the commit
// of the hold sees it.
void require_sending_allowed(store::Connection& connection);

// "all sending is held by ada since 2026-11-25 12:01 UTC: wrong file; `domain-orders ...` ..."
std::string words_of(const SendingHold& hold);

// What is wrong with the holds there were, one line each.
std::vector<std::string> faults_of_holds(store::Connection& connection);

}  // namespace domspool
