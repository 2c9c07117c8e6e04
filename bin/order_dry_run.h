// --dry-run of the programs that take order files: asks, prices and plans; changes nothing.
#pragma once

#include "app/program.h"
#include "app/run_setup.h"
#include "bin/order_files.h"

#include <vector>

namespace domspool {

// RunFailure usage: options that a dry run cannot obey.
void require_dry_options(const CommandLine& line);

// Tells of each row what would become of it, then the bill. `setup` allows no changes. The exit
// code is the one that these rows would bring.
void tell_dry_run(Program& program, RunSetup& setup, std::vector<OrderFile>& files);

}  // namespace domspool
