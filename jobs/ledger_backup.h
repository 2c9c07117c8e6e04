// Dated copies of the ledger, through the database's own backup, and the old ones taken away.
#pragma once

#include "util/clock.h"

#include <string>
#include <vector>

namespace domspool {

struct BackupReport {
    std::string path;
    std::vector<std::string> pruned;
};

// Makes DIRECTORY/LEDGER-20261125T081500Z.db (LEDGER is the ledger's file name without ending),
// never over another one. Then removes what carries such a name of the same ledger, is a regular
// file, and is older than keep_days; nothing else, and only after the new one is whole. RunFailure
// and StoreError as Ledger::back_up.
BackupReport back_up_ledger(const std::string& ledger, const std::string& directory, int keep_days,
                            UtcTime now);

}  // namespace domspool
