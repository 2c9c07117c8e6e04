// The spill file of a run, <ledger>.spill-<run>: room for the outcomes a ledger with a full disk
// would not take, allocated and synced before the run's first call (LEDGER, "Spill
// files").
#pragma once

#include "ledger/ledger.h"
#include "util/byte_lock.h"
#include "util/descriptor.h"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct SpilledOutcome {
    Claim claim;
    AttemptId attempt = 0;
    AttemptEnd end;
    OrderMove move;
};

class SpillFile {
  public:
    static std::string path_of(const std::string& ledger_path, RunId run);
    // Makes it, 0600, every byte written and synced; held (a kernel lock) as long as the object
    // lives. RunFailure cannot_create, cannot_write.
    SpillFile(const std::string& ledger_path, RunId run);

    // On the disk when it returns. RunFailure cannot_write.
    void append(const SpilledOutcome& outcome);
    bool is_used() const;
    void remove() { remove(path_); }

    // What a dead run left; empty where there is no file. A record that was cut is left out, with
    // all behind it: its attempt is in doubt then.
    static std::vector<SpilledOutcome> read(const std::string& path);
    static void remove(const std::string& path);
    // A program of this machine may write into it yet.
    static bool is_held(const std::string& path);
    // Of which runs there are files.
    static std::vector<RunId> runs_beside(const std::string& ledger_path);

  private:
    std::string path_;
    Descriptor descriptor_;
    std::optional<ByteLockFile> lock_;
    mutable std::mutex mutex_;
    std::size_t used_ = 0;
};

}  // namespace domspool
