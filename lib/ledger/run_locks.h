// Which runs are alive, what is going on that only one may do, and the last run of this machine
// that might have sent (LEDGER, "Copies") (LEDGER, "Runs"). The file <ledger>.runs holds the last
// of these, and where the ledger is a SQLite file the rest as well: a locked byte each. With
// PostgreSQL they are advisory locks of sessions, seen from every machine.
#pragma once

#include "ledger/ledger_records.h"
#include "store/connection.h"
#include "util/byte_lock.h"

#include <string>

namespace domspool {

// What only one program at a time does on a ledger.
enum class Sole { pass, report };

class RunLocks {
  public:
    // The file is never deleted; `create` only when the ledger itself is made.
    RunLocks(const std::string& ledger, ByteLockFile::IfMissing if_missing);
    virtual ~RunLocks() = default;
    RunLocks(const RunLocks&) = delete;
    RunLocks& operator=(const RunLocks&) = delete;

    // `committing`: the connection that commits the run's attempts. It takes the run's lock with
    // it when it breaks; to be used by this thread while the call lasts.
    [[nodiscard]] virtual bool try_lock_run(RunId run, store::Connection& committing) = 0;
    virtual void unlock_run(RunId run, store::Connection& committing) = 0;
    // As long as the object lives no run begins. False: one is alive.
    [[nodiscard]] virtual bool try_lock_all_runs() = 0;
    // Locked by whomever, this object too.
    virtual bool is_alive(RunId run) const = 0;
    virtual bool is_ours(RunId run) const = 0;

    [[nodiscard]] virtual bool try_lock(Sole what) = 0;
    virtual void unlock(Sole what) = 0;

    // 0: none so far.
    RunId last_sending_run() const;
    // Synced before it returns.
    void note_sending_run(RunId run);

  protected:
    ByteLockFile file_;
};

}  // namespace domspool
