// What is accepted goes to the registrar: the bill, the snapshots, then order after order.
#pragma once

#include "ledger/ledger.h"
#include "workflow/sending/lanes.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace domspool {

// So many orders and the account's domains are read as one list instead of one by one.
inline constexpr int kSnapshotFrom = 20;

struct SubmissionSettings {
    std::optional<BatchId> batch;  // none: whatever is accepted
    int lanes = 2;
    int most_orders = 500;  // limits.max_orders_per_run; 0: no limit
    int most_claimed = 16;  // by a lane at once
    bool check_balance = true;
    std::optional<Money> balance_floor;
    bool as_far_as_funds_go = false;
};

struct SubmissionParts {
    Ledger& ledger;
    RunId run;
    AnswerCache& cache;
    StoppingRules& rules;
    const Clock& clock;
    std::function<Lane()> open_lane;
    std::function<bool()> is_called_off;
    std::function<void(const OrderRecord&)> tell;
};

// Accepted, or begun with something left to send. No batch named: of all.
int orders_to_send(const Ledger& ledger, std::optional<BatchId> batch);
// The files of which some are accepted.
std::set<BatchId> batches_to_send(const Ledger& ledger);

// What the accepted orders cost at listed prices, as far as the extensions' fees are known.
// QueryFailure.
std::int64_t cents_to_send(const SubmissionParts& parts, RegistrarQueries& queries);

// Returns how many orders were there to send. Why it stopped early, or sent nothing since all
// sending is held: parts.rules.
int submit_orders(const SubmissionSettings& settings, const SubmissionParts& parts);

}  // namespace domspool
