// --dry-run of the programs that take order files: asks, prices and plans; changes nothing.
#pragma once

#include "jobs/order_files.h"
#include "workflow/sending/runner_settings.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct DryRunSettings {
    std::string ledger_path;
    std::string currency;  // of the limits
    std::optional<Money> max_spend_per_day;
    bool check_balance = true;
    std::optional<Money> balance_floor;
    bool as_far_as_funds_go = false;
    int most_orders = 0;  // limits.max_orders_per_run, of a run of the spool; 0: no limit
};

// Each is made when it is first asked for.
struct DryRunParts {
    const Ledger& ledger;
    const Clock& clock;
    std::function<AnswerCache&()> cache;
    std::function<RegistrarQueries&()> queries;
    std::function<const PreflightSettings&()> preflight;
    std::function<bool()> is_called_off;
};

// Tells of each row what would become of it, then the bill. The exit code is the one that these
// rows would bring. Files were looked through before.
void tell_dry_run(Console& console, const DryRunSettings& settings, const DryRunParts& parts,
                  std::vector<OrderFile>& files);
// So of a run that then sends whatever else is accepted, too.
void tell_dry_run_of_all(Console& console, const DryRunSettings& settings, const DryRunParts& parts,
                         std::vector<OrderFile>& files);

}  // namespace domspool
