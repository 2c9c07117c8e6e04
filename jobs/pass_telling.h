// What is said of a pass of pending-check: what ended, what needs a person, what kept it.
#pragma once

#include "jobs/pending_check.h"
#include "report/terminal/console.h"
#include "util/log.h"

namespace domspool {

// A person asked for the pass: hears also what was told before.
enum class IsAsked { no, yes };

// `rules`: of the run that made it.
void tell_pass(Console& console, Log& log, const PendingReport& report, const StoppingRules& rules,
               IsAsked is_asked);
// A hold lasts as long as a person wants it: cron hears of it once.
void tell_hold(Console& console, Ledger& ledger, UtcTime now, IsAsked is_asked);

}  // namespace domspool
