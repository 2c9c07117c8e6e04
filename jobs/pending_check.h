// The registrar's tutorial, "Pending requests management": one pass. Merges the operation ids of
// the ledger with queryOpePending, records final statuses, settles doubts, watches what a person
// said, runs follow-ups that are due. Never a first main step.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "workflow/doubt.h"
#include "workflow/order_runner.h"

namespace domspool {

// So many missing ids that all turn out Pending, and the list is not believed (SAFETY).
inline constexpr int kMissingUntilDisbelief = 20;
// Questions about one operation that got a fault, in as many passes, until it is settled otherwise.
inline constexpr int kFaultsUntilLook = 3;

struct PendingSettings {
    std::chrono::seconds min_interval{300};
    DoubtSettings doubts;
    bool watch_foreign = false;
    std::chrono::minutes outage{60};
    // Days after which an operation of this kind and extension is warned about once.
    std::function<int(OrderKind kind, const std::string& extension)> usual_days;
};

struct PendingReport {
    enum class What {
        nothing_to_do,
        too_soon,  // the last pass began less than the interval ago, or one is at it
        passed,
        unreachable,  // quiet until the outage lasts long enough: see tell_outage
    };
    What what = What::nothing_to_do;
    int still_pending = 0, ended = 0, adopted = 0, settled = 0, follow_ups = 0;
    // Orders that this pass brought to an end, to held or back into doubt, as they now stand.
    std::vector<OrderRecord> news;
    std::vector<std::string> warnings;
    bool tell_outage = false;
    std::string outage;  // since when, and the last trouble
};

struct PendingParts {
    Ledger& ledger;
    const Clock& clock;
    Knowledge& knowledge;
    StoppingRules& rules;
    RegistrarView& view;
    // A runner without a planner, for this run; made once there is something to do.
    std::function<OrderRunner&()> runner;
    std::function<RunId()> run;
    std::function<bool()> is_called_off;
};

// Whether there is anything a pass could do; costs no call.
bool is_anything_open(const Ledger& ledger, UtcTime now);

PendingReport check_pending(const PendingSettings& settings, const PendingParts& parts);

}  // namespace domspool
