// What the ledger would make of a file's rows, without taking them: the same questions about the
// whole file, put to rows that stand in memory only.
#pragma once

#include "ledger/records.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct RowForesight {
    int line = 0;
    std::vector<std::string> problems;     // it would be refused
    std::optional<OrderId> earlier_order;  // it would be skipped: that one says the same
    std::optional<OrderId> instead_of;     // it would repeat this one
    Secret auth_code;                      // a "(kept)" one found
};

// In order of lines. The ledger is opened for reading only. Throws StoreError.
std::vector<RowForesight> foresee_intake(const std::string& ledger_path,
                                         const std::string& file_name,
                                         const std::string& content_hash,
                                         const std::vector<IntakeRow>& rows);

}  // namespace domspool
