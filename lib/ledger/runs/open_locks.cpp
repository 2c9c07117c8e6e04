#include "ledger/runs/open_locks.h"

#include "ledger/ledger_place.h"
#include "ledger/runs/locks_in_file.h"
#include "ledger/runs/locks_in_postgresql.h"

namespace domspool {

std::unique_ptr<RunLocks> open_locks(const std::string& ledger,
                                     ByteLockFile::IfMissing if_missing) {
    if (is_in_postgresql(ledger)) return std::make_unique<LocksInPostgresql>(ledger, if_missing);
    return std::make_unique<LocksInFile>(ledger, if_missing);
}

}  // namespace domspool
