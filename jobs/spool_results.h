// Results of batches that came through the spool, for all programs whose runs end orders.
#pragma once

#include "jobs/result_files.h"
#include "spool/spool_layout.h"

#include <set>
#include <string>
#include <vector>

namespace domspool {

struct SpoolResultParts {
    Ledger& ledger;
    const Clock& clock;
    const SpoolLayout& layout;
    std::string ledger_path;
    std::size_t largest_file = 0;  // bytes
};

// Writes what is due of the spool's batches, and of `also` whether due or not; before, EPP codes
// are wiped from the archived files of batches that are finished. Batches given by hand are left
// to those who gave them.
std::vector<ResultReport> write_spool_results(const SpoolResultParts& parts,
                                              const std::set<BatchId>& also = {});

}  // namespace domspool
