// Options that pass a limit of the settings once, and the words that lead a person to them.
#pragma once

#include "app/program.h"
#include "app/run_setup.h"
#include "app/settings.h"
#include "bin/order_files.h"

#include <string>
#include <vector>

namespace domspool {

std::vector<OptionSpec> limit_options();

// Puts what was given in place of the settings' limits. RunFailure usage.
void pass_limits_once(const CommandLine& line, Settings& settings);

// Files that would bring the run above limits.max_orders_per_run are complained of, with the
// command that takes them, and left out.
void leave_out_too_many(Program& program, const Settings& settings, std::vector<OrderFile>& files);

// What to add to the reason for which a run stopped: the command that passes the limit once; "" if
// it was none.
std::string way_past_limit(const Program& program, RunSetup& setup, const std::string& reason);

}  // namespace domspool
