// The ledger is kept: brought to this version, copied, looked through, put back, archived; and what
// is said of it. RunFailure and StoreError as Ledger and ledger_care say.
#pragma once

#include "ledger/ledger.h"
#include "report/terminal/console.h"

#include <chrono>
#include <string>

namespace domspool {

struct LedgerUpkeep {
    std::string ledger;  // its place
    LedgerStamp stamp;
    std::string backups;  // their folder
    int keep_days = 14;   // so long a copy is kept
    std::string spool;    // its folder
    std::size_t largest_file = 0;
};

void migrate_ledger(Console& console, const LedgerUpkeep& upkeep);
void copy_ledger(Console& console, const LedgerUpkeep& upkeep);
void verify_ledger(Console& console, const LedgerUpkeep& upkeep);
void restore_ledger(Console& console, const LedgerUpkeep& upkeep, const std::string& backup);
void reconcile_ledger(Console& console, const LedgerUpkeep& upkeep);
// `kept`: so long the history of what has ended stays in the ledger.
void archive_ledger(Console& console, const LedgerUpkeep& upkeep, std::chrono::days kept);

}  // namespace domspool
