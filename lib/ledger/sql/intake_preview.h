// What the ledger would make of a file's rows, without taking them: the same questions about the
// whole file, put to rows that stand in memory only.
#pragma once

#include "ledger/ledger_records.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct RowPreview {
    int line = 0;
    std::vector<std::string> problems;     // it would be refused
    std::optional<OrderId> earlier_order;  // it would be skipped: it is that one
    std::optional<SameBy> same_by;         // then
    std::optional<OrderId> instead_of;     // it would stand in place of this one
    std::optional<OrderId> resembles;      // as an order's, in OrderRecord
    Secret auth_code;                      // a "(kept)" one found
};

// In order of lines. The ledger is opened for reading only. Throws StoreError.
struct ForeseenFile {
    std::string name, content_hash;
    UtcTime now;
    Judging judging = Judging::as_new;
};
std::vector<RowPreview> foresee_intake(const std::string& ledger_path, const ForeseenFile& file,
                                       const std::vector<IntakeRow>& rows);

}  // namespace domspool
