// Files of the spool whose orders are in the ledger: where their results go, and what is wiped from
// them once all orders have ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "spool/spool_layout.h"

namespace domspool {

class SpoolArchive {
  public:
    explicit SpoolArchive(const SpoolLayout& layout) : layout_(layout) {}

    // Where the result of a batch that came through the spool goes; nothing for others.
    std::optional<std::string> result_path(const BatchRecord& batch) const;

    // In all archived copies of a batch that is finished, EPP codes are overwritten with `(wiped)`.
    // Idempotent. To be called before the batch's result is written: what is due then shows what
    // is still to be done after a crash.
    void wipe_codes(const BatchRecord& batch) const;

  private:
    std::string path_of(const BatchRecord& batch) const;
    std::vector<std::string> copies_of(const BatchRecord& batch) const;

    const SpoolLayout& layout_;
};

}  // namespace domspool
