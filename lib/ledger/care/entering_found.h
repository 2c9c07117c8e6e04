// Files that were found into the ledger, inside a transaction of the caller's.
#pragma once

#include "ledger/found_files.h"
#include "ledger/ledger_care.h"
#include "ledger/ledger_write.h"
#include "store/connection.h"

#include <functional>
#include <vector>

namespace domspool {

// Those that are not known, in order. What their result files say has ended has ended; `doubt` is
// called for each other order: it may have been sent. Orders and batches keep the numbers they had
// where these are free.
std::vector<ledger_care::EnteredFile> enter_found_files(store::Connection& connection,
                                                        LedgerWrite& verbs, RunId run,
                                                        const std::vector<FoundFile>& files,
                                                        UtcTime now,
                                                        const std::function<void(OrderId)>& doubt);

}  // namespace domspool
