// A run's end, for those who watch from outside: the file for Prometheus, the heartbeat, the log.
#pragma once

#include "app/program.h"
#include "app/run_setup.h"
#include "util/failure.h"

#include <optional>

namespace domspool {

// Whether the run counts as a success. Orders that failed and files that were refused are news for
// people, and no trouble of the machine.
bool is_good_end(ExitCode code);

// Who started the program decides whether its end is a sign of life: a person who orders by hand
// must not hide that cron is dead.
enum class StartedBy { cron, person };

// To be called at a run's end. Logs it, notes a success in the ledger, writes
// signals.metrics_file, and asks for signals.heartbeat_url ("{program}" in it becomes the program's
// name) after a good run of cron's. What goes wrong with signals is logged and fails nothing; no
// part of the URL but its host is told to anybody. Lines that the log lost are complained of.
// `trouble`: what the program keeps quiet about, and yet is no success.
void end_run(Program& program, RunSetup& setup, StartedBy started,
             std::optional<ExitCode> trouble = std::nullopt);

}  // namespace domspool
