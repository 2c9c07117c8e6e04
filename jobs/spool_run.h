// What was dropped into the spool: read, ordered with whatever else is accepted, and put where its
// state is, with its results beside it.
#pragma once

#include "jobs/dry_run.h"
#include "jobs/order_intake.h"
#include "jobs/order_run.h"
#include "spool/spool_layout.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace domspool {

struct SpoolRunSettings {
    SpoolLayout layout;
    IntakeRequest request = {};      // of any file: its limits
    std::chrono::seconds settle{0};  // a file must rest so long before it is taken
    std::string ledger_path = {};
    // The command that takes a file in spite of its number of orders.
    std::function<std::string(const std::string& path, int rows)> command_past_limit = {};
    std::function<UtcTime()> codes_kept_since = {};  // of refused files, when asked
    std::function<void()> wipe_auth_codes = {};
};

// Paths of these files, which lie in refused/ (or still in incoming/): others must be dropped
// first, so that no file is taken from under somebody's hands. RunFailure usage, file_not_found.
std::vector<std::string> files_named(const SpoolLayout& layout,
                                     const std::vector<std::string>& words);

// `named`: these files instead of incoming/.
void run_spool(Console& console, const SpoolRunSettings& settings, const OrderRunSettings& sending,
               const OrderRunParts& parts, const std::vector<std::string>& named);

// Reads and says what would be refused; touches no file.
void check_spool(Console& console, const SpoolRunSettings& settings,
                 std::vector<std::string> paths);

// The bill of the next run: its files, those it finds in active/, and what is accepted already.
void dry_run_spool(Console& console, const SpoolRunSettings& settings,
                   const DryRunSettings& dry_run, const DryRunParts& parts,
                   std::vector<std::string> paths);

}  // namespace domspool
