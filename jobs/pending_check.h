// The registrar's tutorial, "Pending requests management": one pass. Merges the operation ids of
// the ledger with queryOpePending, records final statuses, settles doubts, watches what a person
// said, runs follow-ups that are due. Never a first main step. While all sending is held it asks as
// ever, and sends nothing.
#pragma once

#include "ledger/ledger.h"
#include "workflow/doubt/doubt.h"
#include "workflow/pending/operation_following.h"
#include "workflow/pending/pending_pass.h"

#include <chrono>
#include <functional>
#include <string>

namespace domspool {

struct PendingSettings {
    std::chrono::seconds min_interval{300};
    DoubtSettings doubts;
    bool watch_foreign = false;
    std::chrono::minutes outage{60};
    // Of the files the login is made from: a refused one is tried again once it changes.
    std::string login_mark;
    bool is_asked = false;  // a person waits: a refused login is tried again at once
    UsualDays usual_days;
};

struct PendingReport : PassResult {
    enum class What {
        nothing_to_do,
        too_soon,  // the last pass began less than the interval ago, or one is at it
        passed,
        unreachable,    // quiet until the outage lasts long enough: see tell_outage
        login_refused,  // now, or a while ago and not tried again yet: see tell_login
    };
    What what = What::nothing_to_do;
    bool tell_outage = false;
    bool tell_login = false;
    std::string outage;  // since when, and the last trouble
};

// `parts` is asked once there is something to do: it may cost a password, TLS, the extension sheet.
// Where the registrar cannot be asked the run is stopped by the rules, and the report says how far
// the pass came; what was written stands, and the next pass goes on.
PendingReport check_pending(const PendingSettings& settings, Ledger& ledger, const Clock& clock,
                            const std::function<PassParts()>& parts);

}  // namespace domspool
