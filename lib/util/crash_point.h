// Places where a test may stop a program dead, to see that the next run finishes its work.
#pragma once

#include <array>
#include <functional>
#include <string_view>

namespace domspool {

// Every point there is. The instants between which a run can die and leave something to settle.
inline constexpr std::array<std::string_view, 34> kCrashPoints = {
    // Intake.
    "batch_begun", "rows_entered", "batch_complete",
    // A file of the spool on its way. Their names begin with spool_.
    "spool_claimed",           // it lies in active/, nothing of it is in the ledger
    "spool_file_read",         // all its bytes, into a copy of our own that has no place yet
    "spool_copied",            // the copy has taken its place in active/
    "spool_problems_written",  // of a refused file, which still lies in active/
    "spool_refusal_noted",     // for the report; the file still lies in active/
    "spool_refused", "spool_archived",
    "spool_wiped",          // codes are gone from an archived file, its result is still due
    "spool_refused_wiped",  // codes are gone from a file that lay in refused/ for long
    // A step of an order: intent, act, outcome.
    "planned",          // the plan is made; it is stored with the first intent
    "attempt_begun",    // plan and intent are stored, nothing is sent
    "call_returned",    // answered, nothing of it stored
    "answer_kept",      // it waits for the next intent's commit
    "outcome_written",  // of a main step
    "contact_made",     // the outcome of contactCreate is written
    "between_steps", "follow_up_begun", "follow_up_ended",
    "read_back",  // what it showed is stored with the next verb
    // A pass of pending-check.
    "list_read", "operation_ended",
    "doubt_looked_at",  // settled or not: what the look showed is written
    "pass_over",
    // A person's decision.
    "retry_entered",  // the new orders are in the ledger, not sent
    "decided",
    // A report: its events taken, its mail written down, the server's yes not yet.
    "report_begun", "report_worded", "report_taken",
    // Orders that ended long ago.
    "archive_copied",   // a whole copy stands beside the ledger, to be cut down to them
    "archive_written",  // they stand in the archive, and in the ledger still
    "archive_cut",      // in the archive only; the ledger's file is as large as it was
};

// In builds with DOMSPOOL_CRASH_POINTS: kills the program with SIGKILL at the N-th passing of the
// point named in the environment, DOMSPOOL_CRASH_AT=name:N, and appends each name passed to the
// file DOMSPOOL_CRASH_LOG, if one is named. The name must be one of the list. In other builds:
// nothing.
void crash_point(std::string_view name);

// For tests in one process: called at each point, may throw. Not for several threads at once.
void at_crash_points(std::function<void(std::string_view name)> act);

}  // namespace domspool
