#include "ledger/runs/locks_in_postgresql.h"

#include "ledger/ledger_place.h"
#include "util/failure.h"

#include <limits>

namespace domspool {

namespace {

// Two numbers name an advisory lock of the database; `store` takes 0 of the first class. Held
// shared by every live run: kGate.
const std::string kOfLedger = "1685024115, ";
const std::string kOfRuns = "1685024114, ";
constexpr int kGate = 3;

int number_of(Sole what) {
    switch (what) {
        case Sole::pass:
            return 1;
        case Sole::report:
            return 2;
    }
    our_bug("a lock without a number", __FILE__, __LINE__);
}

bool is_granted(store::Connection& session, const std::string& function, const std::string& of,
                std::int64_t number) {
    auto& row = session.prepare("SELECT " + function + "(" + of + "CAST($1 AS INTEGER))");
    row.bind(number);
    const bool is_it = row.next_row() && row.integer(0) == 1;
    session.let_go();
    return is_it;
}

bool is_held(store::Connection& session, RunId run) {
    auto& row = session.prepare(
        "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
        "AND classid = 1685024114 AND objid = CAST(CAST($1 AS BIGINT) AS OID) AND objsubid = 2 "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    row.bind(run);
    const bool is_it = row.next_row() && row.integer(0) > 0;
    session.let_go();
    return is_it;
}

}  // namespace

LocksInPostgresql::LocksInPostgresql(const std::string& ledger, ByteLockFile::IfMissing if_missing)
    : RunLocks(ledger, if_missing), session_(database_of(ledger), {store::Access::read_only}) {}

bool LocksInPostgresql::try_lock_run(RunId run, store::Connection& committing) {
    DOMSPOOL_ASSERT(run <= std::numeric_limits<std::int32_t>::max());
    const std::lock_guard lock(mutex_);
    if (ours_.contains(run)) return false;
    if (!is_granted(committing, "pg_try_advisory_lock_shared", kOfLedger, kGate)) return false;
    if (!is_granted(committing, "pg_try_advisory_lock", kOfRuns, run)) {
        is_granted(committing, "pg_advisory_unlock_shared", kOfLedger, kGate);
        return false;
    }
    if (!is_held(session_, run)) {
        throw RunFailure(ExitCode::settings_or_ledger,
                         "cannot begin a run: the host in `ledger:` leads to several servers; name "
                         "the one that takes changes");
    }
    ours_.insert(run);
    return true;
}

void LocksInPostgresql::unlock_run(RunId run, store::Connection& committing) {
    const std::lock_guard lock(mutex_);
    ours_.erase(run);
    is_granted(committing, "pg_advisory_unlock", kOfRuns, run);
    is_granted(committing, "pg_advisory_unlock_shared", kOfLedger, kGate);
}

bool LocksInPostgresql::try_lock_all_runs() {
    const std::lock_guard lock(mutex_);
    return is_granted(session_, "pg_try_advisory_lock", kOfLedger, kGate);
}

// By what the server says: a run of this program whose session broke is dead, too.
bool LocksInPostgresql::is_alive(RunId run) const {
    const std::lock_guard lock(mutex_);
    return is_held(session_, run);
}

bool LocksInPostgresql::is_ours(RunId run) const {
    const std::lock_guard lock(mutex_);
    return ours_.contains(run);
}

bool LocksInPostgresql::try_lock(Sole what) {
    const std::lock_guard lock(mutex_);
    if (sole_.contains(what)) return false;
    if (!is_granted(session_, "pg_try_advisory_lock", kOfLedger, number_of(what))) return false;
    sole_.insert(what);
    return true;
}

void LocksInPostgresql::unlock(Sole what) {
    const std::lock_guard lock(mutex_);
    sole_.erase(what);
    try {
        is_granted(session_, "pg_advisory_unlock", kOfLedger, number_of(what));
    } catch (const store::StoreError&) {
        // The session is gone, and its locks with it.
    }
}

}  // namespace domspool
