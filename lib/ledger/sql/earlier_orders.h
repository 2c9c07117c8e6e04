// Rows that are an earlier order although they do not name its number: it has their reference, the
// very same file brought it, or it says the same.
#pragma once

#include "ledger/sql/row_verdicts.h"
#include "ledger/sql/whole_file_questions.h"

#include <vector>

namespace domspool {

// By the reference: skipped where the order says the same, refused where it says something else,
// linked where it came to nothing.
std::vector<RowVerdict> verdicts_by_reference(store::Connection& connection,
                                              const JudgedFile& file);

// By kind and domain, of rows that are still good: skipped where an open order says the same;
// resembling a done one of the last 60 days; linked to one that came to nothing.
std::vector<RowVerdict> verdicts_by_domain(store::Connection& connection, const JudgedFile& file);

}  // namespace domspool
