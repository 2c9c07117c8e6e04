// A ledger looked through, put back from a backup, and made fit to send again (SAFETY, "One
// ledger"). RunFailure as Ledger::open, but for the refusal of a ledger that knows less than its
// .runs file.
#pragma once

#include "ledger/ledger.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool::ledger_care {

// What is wrong with file and rows, one line each; none: all is as it must be. Reads all of it.
std::vector<std::string> verify(const std::string& path, const LedgerStamp& stamp);

// Puts a sound backup of the same account in the ledger's place, marked as a copy: it sends nothing
// until it has been reconciled. The ledger that was there is kept beside it, under the name
// returned. RunFailure try_later while a run lives. Cut short, it is to be run again.
std::optional<std::string> restore(const std::string& path, const std::string& backup,
                                   const LedgerStamp& stamp, UtcTime now);

struct Reconciled {
    bool was_needed = false;  // else the ledger knew all that was sent, and nothing was changed
    int perhaps_sent = 0;     // orders in doubt until pending-check has looked for them
    int held = 0;             // whose own step was sent, and something else may have been since
};
// Whatever an order without an end may have had sent since the copy was made is in doubt; then the
// ledger sends again. RunFailure try_later while a run lives. All or nothing.
Reconciled reconcile(const std::string& path, const LedgerStamp& stamp, const Moment& now);

}  // namespace domspool::ledger_care
