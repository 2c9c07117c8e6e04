// A result file that was written before, read back.
#pragma once

#include "ledger/found_files.h"

#include <string>
#include <vector>

namespace domspool {

struct OldRow {
    std::string domain;  // the cell, as the input had it
    OldOutcome outcome;
};

// In the order of the input's rows. Empty: it is no result file, or not one that we wrote.
std::vector<OldRow> read_result(const std::string& text);

}  // namespace domspool
