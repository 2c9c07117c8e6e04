// What the programs that send share: the options that pass a limit of the settings once, and from
// the settings what a run needs.
#pragma once

#include "app/program.h"
#include "app/run_setup.h"
#include "app/settings.h"
#include "jobs/dry_run.h"
#include "jobs/order_run.h"

#include <optional>
#include <vector>

namespace domspool {

std::vector<OptionSpec> limit_options();

// That of --state. RunFailure usage where there is no such state.
std::optional<OrderState> state_in(const CommandLine& line);

// Puts what was given in place of the settings' limits. RunFailure usage.
void pass_limits_once(const CommandLine& line, Settings& settings);

// The program outlives the run.
OrderRunSettings order_run_settings(const Program& program, const Settings& settings);
// Makes all a run needs, as RunSetup::require_all(); no call is made.
OrderRunParts order_run_parts(RunSetup& setup);

DryRunSettings dry_run_settings(const Program& program, const Settings& settings);
// Each is made when it is first asked for; the setup outlives them.
DryRunParts dry_run_parts(RunSetup& setup);

}  // namespace domspool
