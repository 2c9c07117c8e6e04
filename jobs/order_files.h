// Order files that a person names: looked through, taken into the ledger, ordered.
#pragma once

#include "jobs/order_intake.h"
#include "jobs/order_run.h"

#include <istream>
#include <memory>
#include <string>
#include <vector>

namespace domspool {

struct OrderFile {
    std::unique_ptr<std::istream> stream;
    IntakeRequest request;
    std::string result_path;  // "": no result file
    Inspection inspection = {};
};

// Read through, without a ledger: files that are refused are complained of and taken out of the
// list. TellProblems::yes: problems of single rows are told too.
enum class TellProblems { no, yes };
void inspect_files(Console& console, std::vector<OrderFile>& files, TellProblems tell_problems);

// Complains of it, with all its problems.
void tell_refused_file(Console& console, const OrderFile& file, const IntakeReport& report);

// Files that would bring the run above limits.max_orders_per_run are complained of, with the
// command that takes them, and left out. 0: no limit.
void leave_out_too_many(Console& console, int most_orders, const OrderRunSettings& settings,
                        std::vector<OrderFile>& files);

// Entered, each as one batch, and sent; then their results are written and told. Files were looked
// through before. `wants_results`: a result that cannot be written is complained of.
enum class WantsResults { no, yes };
void order_files(Console& console, std::vector<OrderFile>& files, const std::string& ledger_path,
                 WantsResults wants_results, OrderRun& run, const OrderRunParts& parts);

}  // namespace domspool
