// Locks of runs where the ledger keeps them.
#pragma once

#include "ledger/run_locks.h"

#include <memory>
#include <string>

namespace domspool {

// As the constructor of RunLocks: `create` only when the ledger itself is made.
std::unique_ptr<RunLocks> open_locks(const std::string& ledger, ByteLockFile::IfMissing if_missing);

}  // namespace domspool
