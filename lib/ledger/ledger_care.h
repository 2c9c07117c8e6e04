// A ledger looked through, put back from a backup, and made fit to send again (LEDGER,
// "Copies"). RunFailure as Ledger::open, but for the refusal of a ledger that knows less than its
// .runs file.
#pragma once

#include "ledger/found_files.h"
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

// A file of the spool that the ledger did not know.
struct EnteredFile {
    BatchId batch = 0;
    std::string name;
    int perhaps_sent = 0;  // orders in doubt
    int ended = 0;         // orders that had ended, as their result file says
    int other_rows = 0;    // refused, or skipped for an earlier order
};

struct Reconciled {
    bool was_needed = false;  // else the ledger knew all that was sent, and nothing was changed
    int perhaps_sent = 0;     // orders in doubt until pending-check has looked for them
    int held = 0;             // whose own step was sent, and something else may have been since
    std::vector<EnteredFile> entered;
};
// Whatever an order without an end may have had sent since the copy was made is in doubt, files of
// the spool that the ledger does not know are entered; then the ledger sends again. `files` is
// asked for while no run lives. RunFailure try_later while one does; settings_or_ledger where a
// file that is not known cannot be read. All or nothing.
Reconciled reconcile(const std::string& path, const LedgerStamp& stamp, const Moment& now,
                     const std::function<std::vector<FoundFile>()>& files = {});

struct Archived {
    std::string path;  // "": nothing was old enough, and no file was made
    int batches = 0, orders = 0;
    int not_reported = 0;  // files old enough of which a report has still to tell
    std::uintmax_t size_before = 0, size_after = 0;
};
// Of files whose orders have all ended before that time, the history goes into a new file (0600):
// rows as they came, steps, attempts, events. The ledger keeps one row of each order, and which
// attempt owns which operation: all is recognised as before. What is under watch stays. The file is
// whole and synced before anything leaves the ledger; cut short, nothing is lost, and the next call
// begins anew. RunFailure try_later while a run lives, cannot_create where `target` is there.
// `target`: in the ledger's folder.
Archived archive(const std::string& path, const LedgerStamp& stamp, const std::string& target,
                 UtcTime ended_before);
// For reading. No program takes it for a ledger.
std::unique_ptr<Ledger> open_archive(const std::string& path, const LedgerStamp& stamp);
// Where the history of the batch's orders is; nothing: in the ledger.
std::optional<std::string> archive_of(const Ledger& ledger, BatchId batch);

}  // namespace domspool::ledger_care
