// Results of batches that came through the spool, for all programs whose runs end orders.
#pragma once

#include "app/run_setup.h"
#include "jobs/result_files.h"

#include <set>
#include <vector>

namespace domspool {

// Writes what is due of the spool's batches, and of `also` whether due or not; before, EPP codes
// are wiped from the archived files of batches that are finished. Batches given by hand are left
// to those who gave them.
std::vector<ResultReport> write_spool_results(RunSetup& setup, const std::set<BatchId>& also = {});

}  // namespace domspool
