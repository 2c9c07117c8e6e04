// The order files named on a command line: opened, looked through, taken into the ledger.
#pragma once

#include "app/input_file.h"
#include "app/program.h"
#include "app/settings.h"
#include "jobs/order_intake.h"

#include <string>
#include <vector>

namespace domspool {

struct OrderFile {
    InputFile input;
    IntakeRequest request;
    int rows = 0;
};

struct TakenBatch {
    BatchId id = 0;
    std::string name;
    IntakeReport::What what = IntakeReport::What::taken;
    // Where its result goes; "" for standard input without --result.
    std::string result_path;
};

// Files that cannot be opened are complained of and left out.
std::vector<OrderFile> open_order_files(Program& program, const Settings& settings, OrderKind kind);

// Read through, without a ledger: files that are refused are complained of and taken out of the
// list. With `tell_problems` problems of single rows are told too.
enum class TellProblems { no, yes };
void look_through(Program& program, std::vector<OrderFile>& files, TellProblems tell_problems);

// Complains of it, with all its problems.
void tell_refused_file(Program& program, const OrderFile& file, const IntakeReport& report);

// Entered, each as one batch; refused ones are complained of and left out. One batch once.
std::vector<TakenBatch> take_order_files(Program& program, std::vector<OrderFile>& files,
                                         Ledger& ledger, RunId run, const Clock& clock);

}  // namespace domspool
