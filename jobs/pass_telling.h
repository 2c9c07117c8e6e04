// What is said of a pass of pending-check: what ended, what needs a person, what kept it.
#pragma once

#include "jobs/pending_check.h"
#include "report/terminal/console.h"
#include "util/log.h"

namespace domspool {

// A person asked for the pass: hears also what was told before.
enum class IsAsked { no, yes };

struct TellingParts {
    Log& log;
    Ledger& ledger;
    UtcTime now;
};

// `rules`: of the run that made it. What was told within a day is told to a person only.
void tell_pass(Console& console, const TellingParts& parts, const PendingReport& report,
               const StoppingRules& rules, IsAsked is_asked);
// A hold lasts as long as a person wants it: cron hears of it once.
void tell_hold(Console& console, Ledger& ledger, UtcTime now, IsAsked is_asked);

}  // namespace domspool
