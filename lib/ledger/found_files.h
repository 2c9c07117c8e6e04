// Order files that were found while the ledger does not know them: their orders may have been sent
// by runs that it does not know (LEDGER, "Copies").
#pragma once

#include "ledger/ledger_records.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

// What the result file beside an order file says of a row. We wrote it from the ledger that is
// lost.
struct OldOutcome {
    std::string state;  // (ORDER-FILES, "States")
    std::optional<OrderId> order;
    std::optional<OperationId> operation;
    std::string code, message;
    std::optional<Money> price;
};

struct FoundRow {
    IntakeRow row;
    std::optional<OldOutcome> outcome;  // nothing: not told
};

struct FoundRows {
    std::vector<FoundRow> rows;
    std::vector<std::string> columns;
    bool states_count = false;
};

struct FoundFile {
    std::string name;              // as a batch has it
    std::optional<BatchId> batch;  // the number it had; nothing: not known
    std::string content_hash;      // of the bytes that lie there
    bool codes_are_wiped = false;  // they are not the bytes that were read
    UtcTime taken_at;
    std::string read_from;  // its name in active/; "": it was archived
    // Whether it lies where the file of this batch lies.
    std::function<bool(const BatchRecord&)> belongs_to;
    // RunFailure settings_or_ledger: it cannot be read as the order file that it was.
    std::function<FoundRows()> read;
};

}  // namespace domspool
