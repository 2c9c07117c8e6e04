// An order file into the ledger: read whole and checked first, then entered as one batch.
#pragma once

#include "ledger/ledger.h"
#include "orders/order_file.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct IntakeRequest {
    FileRequest file;
    bool all_or_nothing = false;  // one bad row refuses the file
    // A file known and finished is read anew, and what is only like an order of before is ordered.
    bool again = false;
    int most_rows = 0;  // a file with more is not entered; 0: no limit
    // So many of its accepted orders are left to be sent, the others are held; 0: all are left.
    int first = 0;
    // Written together with the batch's beginning. None: nothing.
    std::function<void(LedgerWrite&, BatchId)> with_batch = {};
};

struct IntakeReport {
    enum class What {
        taken,     // entered; `batch` holds its rows
        resumed,   // the same file is known and not finished: it goes on
        refused,   // nothing was entered; `problems` says why
        too_many,  // nothing was entered: it has more rows than it may have
        left,      // nothing was entered: the spool could neither take it nor put it aside
    };
    What what = What::refused;
    std::optional<BatchId> batch;
    std::vector<Problem> problems;  // of the file and of its rows, equal ones together, worst first
    std::size_t more_problems = 0;  // beyond kMostProblems different ones
    int rows = 0, bad_rows = 0;
};

// What a file is, from the one reading that judges it.
struct Inspection {
    IntakeReport report;
    FileReading reading;
};

// Reads and checks only: no ledger. `in` must be seekable. What stands twice in the file is told,
// although the ledger is who refuses it.
Inspection inspect_order_file(std::istream& in, const IntakeRequest& request);

// Reads it once more, for its rows; `in` must be seekable. A file that changed since the inspection
// is refused. Rows of a run that died half-way are entered anew: only a complete batch can be
// worked on.
IntakeReport take_order_file(std::istream& in, const IntakeRequest& request, Inspection inspection,
                             Ledger& ledger, RunId run, const Clock& clock);

// A row that would be taken in, or kept from it by its `problems` or an earlier order.
struct ForeseenRow {
    IntakeRow row;
    std::optional<OrderId> earlier_order;
    std::optional<SameBy> same_by;
    std::optional<OrderId> instead_of, resembles;
};

struct IntakePreview {
    IntakeReport report;
    std::vector<ForeseenRow> rows;  // of a file that would be taken; all in memory
};

// What take_order_file() would do, without doing it. `ledger_path`: the same ledger's file.
IntakePreview foresee_order_file(std::istream& in, const IntakeRequest& request,
                                 Inspection inspection, const Ledger& ledger,
                                 const std::string& ledger_path, const Clock& clock);

}  // namespace domspool
