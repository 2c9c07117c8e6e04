// Rows that name the order they stand for, as those of a result file do: each is that order, or the
// newest one in its place.
#pragma once

#include "ledger/sql/row_verdicts.h"
#include "ledger/sql/whole_file_questions.h"

namespace domspool {

// Came that order to nothing, the row is a new one in its place. Else it is skipped; refused where
// it says something else, or names what is no order of this ledger, kind and domain.
std::vector<RowVerdict> verdicts_on_named(store::Connection& connection, const JudgedFile& file);

}  // namespace domspool
