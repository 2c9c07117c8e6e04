// The questions that only a whole order file answers (ORDER-FILES, "The same file, the same
// order"), each asked once, in SQL.
#pragma once

#include "ledger/ledger_records.h"
#include "store/connection.h"

#include <string>

namespace domspool {

// A batch that is not complete yet, its rows entered.
struct JudgedFile {
    BatchId batch = 0;
    std::string name, content_hash;
    UtcTime now;
    Judging judging = Judging::as_new;
};

// As it came: good, or refused for problems of its own.
void enter_row(store::Connection& connection, BatchId batch, const IntakeRow& row);

// Gives every good row of an incomplete batch its final verdict: refused with its problems, skipped
// with the earlier order that it is, or good, linked to the order it stands in place of and to the
// one it may be. A "(kept)" code becomes the one still in the ledger.
void judge_whole_file(store::Connection& connection, const JudgedFile& file);

}  // namespace domspool
