// Result files: due set by the ledger, rows worded by report, placed by spool (ORDER-FILES, "Result
// files"). Written whole, from the ledger, with mode 0600: they hold contact data.
#pragma once

#include "ledger/ledger.h"
#include "util/byte_lock.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

struct ResultReport {
    BatchId batch = 0;
    bool written = false;
    std::string path;  // absolute; "" where there is none
    std::string note;  // not written: why, and the command that prints the rows instead; else ""
};

// The text of a batch's result file, piece by piece. Only reads. std::out_of_range if there is no
// such batch.
void result_text(const Ledger& ledger, BatchId batch,
                 const std::function<void(std::string_view)>& write);

class ResultFiles {
  public:
    // Locks stand in <ledger_path>.results, one byte for each batch, freed by the kernel when the
    // run dies.
    ResultFiles(Ledger& ledger, const std::string& ledger_path, const Clock& clock);

    // This run is going to write the batch's result to `path`. If it dies before, the next run does
    // (keep_promises_of_dead_runs). Until written or until this object goes no other run writes it.
    // false: another live run has promised it.
    bool promise(BatchId batch, const std::string& path);

    // Never over a file that is not an older result of the same batch. A place that cannot be
    // written to is a note, no failure: the orders stand. Waits up to 10 s for another writer of
    // the same batch. "" as path: a note only. `first` is called under the batch's lock, before its
    // rows are read; what ends later leaves the result due.
    ResultReport write(BatchId batch, const std::string& path,
                       const std::function<void()>& first = {});

    // What runs promised that died before. A promise that cannot be kept is told once.
    std::vector<ResultReport> keep_promises_of_dead_runs();

  private:
    ResultReport write_locked(BatchId batch, const std::string& path);
    void keep_promise(BatchId batch, UtcTime read_from);
    std::optional<std::string> promised_path(BatchId batch) const;

    Ledger& ledger_;
    const Clock& clock_;
    ByteLockFile locks_;
};

}  // namespace domspool
