// Files of the spool whose orders are in the ledger: where their results go, and what is wiped from
// them once all orders have ended.
#pragma once

#include "ledger/ledger.h"
#include "orders/order_file.h"
#include "spool/spool_layout.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

class SpoolArchive {
  public:
    // A file of more bytes than `largest_file` is not read.
    SpoolArchive(const SpoolLayout& layout, std::size_t largest_file)
        : layout_(layout), largest_file_(largest_file) {}

    // Where the result of a batch that came through the spool goes; nothing for others.
    std::optional<std::string> result_path(const BatchRecord& batch) const;

    // In all archived copies of a batch that is finished, EPP codes are overwritten with `(wiped)`.
    // Idempotent. To be called before the batch's result is written: what is due then shows what
    // is still to be done after a crash. Returns what could not be wiped, and why; "" if all was.
    std::string wipe_codes(const BatchRecord& batch) const;

  private:
    std::string path_of(const BatchRecord& batch) const;
    std::vector<std::string> copies_of(const BatchRecord& batch) const;

    void wipe(const std::string& path, FileFormat format) const;

    const SpoolLayout& layout_;
    const std::size_t largest_file_;
};

}  // namespace domspool
