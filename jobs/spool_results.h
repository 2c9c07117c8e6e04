// Results of batches that came through the spool, for all programs whose runs end orders.
#pragma once

#include "jobs/result_files.h"
#include "report/terminal/console.h"

#include <set>
#include <string>
#include <vector>

namespace domspool {

struct SpoolResultParts {
    Ledger& ledger;
    const Clock& clock;
    std::string ledger_path;
    std::string spool;             // its folder
    std::size_t largest_file = 0;  // bytes
};

// Writes what is due of the spool's batches, and of `also` whether due or not; before, EPP codes
// are wiped from the archived files of batches that are finished. Batches given by hand are left
// to those who gave them. What could not be written is complained of.
std::vector<ResultReport> write_spool_results(Console& console, const SpoolResultParts& parts,
                                              const std::set<BatchId>& also = {});

}  // namespace domspool
