#include "ledger/ledger.h"
#include "ledger/ledger_place.h"
#include "ledger/opening/ledger_home.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/run_locks.h"
#include "ledger/runs/open_locks.h"
#include "ledger/runs/run_book.h"
#include "util/failure.h"

namespace domspool {

namespace {

[[noreturn]] void refuse_to_open(const std::string& path, const std::string& rest) {
    throw RunFailure(ExitCode::settings_or_ledger,
                     "cannot open the ledger '" + path + "': " + rest);
}

std::unique_ptr<RunLocks> open_locks(const std::string& path) {
    try {
        return open_locks(path, ByteLockFile::IfMissing::fail);
    } catch (const RunFailure& failure) {
        if (failure.code() != ExitCode::file_not_found) throw;
        refuse_to_open(path,
                       is_in_postgresql(path)
                           ? "this machine's .runs file of it, '" + files_beside(path) +
                                 ".runs', is missing; on a machine that has sent nothing yet run "
                                 "`domain-orders init`, else `domain-orders reconcile`"
                           : "its .runs file is missing, so what was sent cannot be known; run "
                             "`domain-orders reconcile`");
    }
}

bool is_copy(store::Connection& connection) {
    auto& row = connection.prepare("SELECT is_copy FROM stamp");
    const bool is_marked = row.next_row() && row.integer(0) == 1;
    connection.let_go();
    return is_marked;
}

// A ledger put back from a backup believes that orders already sent are still to be sent.
void require_newest(store::Connection& connection, const RunLocks& locks, const std::string& path) {
    if (is_copy(connection)) {
        refuse_to_open(path,
                       "it comes from a backup and may know less than was sent; run "
                       "`domain-orders reconcile`");
    }
    if (!is_at_home(connection)) {
        refuse_to_open(path,
                       "it was put back from a dump, or its server is another one now, and it may "
                       "know less than was sent; run `domain-orders reconcile`");
    }
    const RunId sent = locks.last_sending_run();
    if (knows_run(connection, sent)) return;
    refuse_to_open(path, "it knows nothing of run " + std::to_string(sent) +
                             " of this machine, which may have sent orders: it is an older copy; "
                             "run `domain-orders reconcile`");
}

enum class For { writing, reading };

std::unique_ptr<Ledger> open_for(For purpose, const std::string& path, const LedgerStamp& stamp) {
    try {
        std::unique_ptr<store::Connection> writer;
        if (purpose == For::writing) {
            writer = std::make_unique<store::Connection>(
                database_of(path), store::Connection::Options{store::Access::read_write, true});
            require_fit(*writer, path);
        }
        auto reader = std::make_unique<store::Connection>(
            database_of(path), store::Connection::Options{store::Access::read_only, true});
        require_version(*reader, path);
        require_stamp(*reader, path, stamp);
        if (writer) require_one_server(*writer, *reader, path);
        auto locks = open_locks(path);
        require_newest(*reader, *locks, path);
        return std::make_unique<Ledger>(path, std::move(locks), std::move(writer),
                                        std::move(reader));
    } catch (const store::StoreError& error) {
        throw_ledger_failure(error, "open", path);
    }
}

}  // namespace

std::unique_ptr<Ledger> Ledger::open(const std::string& path, const LedgerStamp& stamp) {
    return open_for(For::writing, path, stamp);
}

std::unique_ptr<Ledger> Ledger::open_read_only(const std::string& path, const LedgerStamp& stamp) {
    return open_for(For::reading, path, stamp);
}

}  // namespace domspool
