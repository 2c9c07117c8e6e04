// The questions that only a whole order file answers (ORDER-FILES, "The same file, the same
// order"), each asked once, in SQL.
#pragma once

#include "ledger/records.h"
#include "store/connection.h"

#include <string>

namespace domspool {

// Gives every good row of an incomplete batch its final verdict: refused with its problems, skipped
// with the earlier order that says the same, or good, linked to the order it repeats. A "(kept)"
// code becomes the one still in the ledger.
void judge_whole_file(store::Connection& connection, BatchId batch, const std::string& file_name);

}  // namespace domspool
