// The locks of a ledger in PostgreSQL: advisory locks, which the server frees when their session
// ends. A run's is one of the session that commits its attempts, so that a run whose session broke
// is dead and can begin no further attempt; the others are of a session of their own.
#pragma once

#include "ledger/run_locks.h"

#include <mutex>
#include <set>

namespace domspool {

class LocksInPostgresql : public RunLocks {
  public:
    // Also throws as store::Connection does.
    LocksInPostgresql(const std::string& ledger, ByteLockFile::IfMissing if_missing);

    [[nodiscard]] bool try_lock_run(RunId run, store::Connection& committing) override;
    void unlock_run(RunId run, store::Connection& committing) override;
    [[nodiscard]] bool try_lock_all_runs() override;
    bool is_alive(RunId run) const override;
    bool is_ours(RunId run) const override;
    [[nodiscard]] bool try_lock(Sole what) override;
    void unlock(Sole what) override;

  private:
    mutable std::mutex mutex_;  // of all below
    mutable store::Connection session_;
    std::set<RunId> ours_;
    std::set<Sole> sole_;
};

}  // namespace domspool
