// The locks of a ledger in a SQLite file: bytes of <ledger>.runs, locked through the kernel.
#pragma once

#include "ledger/run_locks.h"

#include <mutex>
#include <set>

namespace domspool {

class LocksInFile : public RunLocks {
  public:
    using RunLocks::RunLocks;

    [[nodiscard]] bool try_lock_run(RunId run, store::Connection& committing) override;
    void unlock_run(RunId run, store::Connection& committing) override;
    [[nodiscard]] bool try_lock_all_runs() override;
    bool is_alive(RunId run) const override;
    bool is_ours(RunId run) const override;
    [[nodiscard]] bool try_lock(Sole what) override;
    void unlock(Sole what) override;

  private:
    // The kernel does not tell an object about its own locks.
    mutable std::mutex mutex_;
    std::set<RunId> ours_;
    std::set<Sole> sole_;
};

}  // namespace domspool
