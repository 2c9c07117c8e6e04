// The file <ledger>.runs: which runs are alive (a locked byte each), what is going on that only one
// may do, and the last run that might have sent (SAFETY, "One ledger").
#pragma once

#include "ledger/records.h"
#include "util/byte_lock.h"

#include <mutex>
#include <set>
#include <string>

namespace domspool {

class RunLocks {
  public:
    // The file is never deleted; `create` only when the ledger itself is made.
    RunLocks(const std::string& ledger_path, ByteLockFile::IfMissing if_missing);

    [[nodiscard]] bool try_lock_run(RunId run);
    void unlock_run(RunId run);
    // As long as the object lives no run begins. False: one is alive.
    [[nodiscard]] bool try_lock_all_runs();
    // Locked by whomever, this object too.
    bool is_alive(RunId run) const;
    bool is_ours(RunId run) const;

    // What only one program at a time does on a ledger.
    enum class Sole { pass, report };
    [[nodiscard]] bool try_lock(Sole what);
    void unlock(Sole what);

    // 0: none so far.
    RunId last_sending_run() const;
    // Synced before it returns.
    void note_sending_run(RunId run);

  private:
    ByteLockFile file_;
    // The kernel does not tell an object about its own locks.
    mutable std::mutex mutex_;
    std::set<RunId> ours_;
    std::set<Sole> sole_;
};

}  // namespace domspool
