#include "ledger/ledger_write.h"
#include "ledger/sql/order_moving.h"
#include "ledger/sql/row_readers.h"
#include "store/connection.h"
#include "util/failure.h"

#include <algorithm>
#include <stdexcept>

namespace domspool {

namespace {

// Orders exist only in complete batches: complete_batch makes them. An order in progress that keeps
// its domain goes on even where an earlier one is accepted, else neither could.
const std::string kClaimable =
    "SELECT o.order_id FROM orders o "
    "WHERE o.claimed_by IS NULL AND o.state IN ('accepted', 'in_progress') AND o.order_id > $1 "
    "AND (o.postponed_by IS NULL OR o.postponed_by <> $2) "
    "AND ((o.state = 'accepted' AND NOT EXISTS (SELECT 1 FROM orders e "
    "WHERE e.domain = o.domain AND e.order_id < o.order_id AND e.state = 'accepted')) "
    "OR (o.state = 'in_progress' AND EXISTS (SELECT 1 FROM steps s WHERE s.order_id = o.order_id "
    "AND s.state = 'planned' AND (s.due_at IS NULL OR s.due_at <= $3)))) "
    "AND NOT EXISTS (SELECT 1 FROM orders k "
    "WHERE k.domain = o.domain AND k.keeps_domain = 1 AND k.order_id <> o.order_id) ";
// Accepted again after an answer: refused and released, or not possible for a moment.
const std::string kUntried =
    "AND NOT (o.state = 'accepted' AND EXISTS (SELECT 1 FROM attempts a "
    "WHERE a.order_id = o.order_id)) ";
// The sign keeps SQLite from reading the whole batch and sorting it, each time anew.
const std::string kOfBatch = "AND +o.batch_id = $4 ORDER BY o.order_id LIMIT $5";
const std::string kOfAll = "ORDER BY o.order_id LIMIT $4";

const std::string kToBeSent = " AND state IN ('accepted', 'in_progress')";

bool is_there(store::Connection& connection, OrderId order) {
    auto& row = connection.prepare("SELECT COUNT(*) FROM orders WHERE order_id = $1");
    row.bind(order);
    const bool found = row.next_row() && row.integer(0) == 1;
    connection.let_go();
    return found;
}

// One statement, its condition in the outer WHERE: of two runs that chose the same order one gets
// it.
std::optional<ClaimedOrder> claim(store::Connection& connection, RunId run, OrderId order,
                                  const std::string& condition) {
    auto& row = connection.prepare(
        "UPDATE orders SET claimed_by = $1, claim_number = claim_number + 1 "
        "WHERE order_id = $2 AND claimed_by IS NULL" +
        condition + " RETURNING " + order_columns() + ", claim_number");
    row.bind(run).bind(order);
    if (!row.next_row()) return std::nullopt;
    ClaimedOrder claimed{{order, run, row.integer(kOrderColumns)}, read_order_row(row)};
    row.run();
    read_steps_and_attempts(connection, claimed.order);
    return claimed;
}

int leave_for_other_runs(store::Connection& connection, const Claim& claim,
                         const std::string& reason, UtcTime now, int counted) {
    std::ignore = require_claim(connection, claim);  // Only that it stands.
    auto& row = connection.prepare(
        "UPDATE orders SET reason = $1, changed_at = $2, postponed_runs = postponed_runs + "
        "CASE WHEN postponed_by IS NOT NULL AND postponed_by = $3 THEN 0 "
        "ELSE CAST($4 AS BIGINT) END, "
        "postponed_by = $3 WHERE order_id = $5 RETURNING postponed_runs");
    row.bind(reason).bind(to_iso(now)).bind(claim.run).bind(counted).bind(claim.order);
    const bool is_written = row.next_row();
    DOMSPOOL_ASSERT(is_written);
    const int runs = static_cast<int>(row.integer(0));
    row.run();
    return runs;
}

}  // namespace

std::vector<ClaimedOrder> LedgerWrite::claim_next(RunId run, std::optional<BatchId> batch,
                                                  int limit, UtcTime now) {
    if (cursor_.run != run || cursor_.batch != batch) cursor_ = {run, batch};
    std::vector<ClaimedOrder> claimed;
    claim_more(claimed, limit, now);
    const auto is_full = [&] { return static_cast<int>(claimed.size()) >= limit; };
    if (!is_full() && cursor_.after > 0) {
        cursor_.after = 0;
        claim_more(claimed, limit, now);
    }
    if (!is_full() && !cursor_.is_untried_over) {
        cursor_.is_untried_over = true;
        cursor_.after = 0;
        claim_more(claimed, limit, now);
    }
    return claimed;
}

void LedgerWrite::claim_more(std::vector<ClaimedOrder>& claimed, int limit, UtcTime now) {
    const int wanted = limit - static_cast<int>(claimed.size());
    for (const OrderId order : claimable(wanted, now)) {
        if (auto one = claim(connection_, cursor_.run, order, kToBeSent)) {
            claimed.push_back(std::move(*one));
        }
        cursor_.after = std::max(cursor_.after, order);
    }
}

std::vector<OrderId> LedgerWrite::claimable(int limit, UtcTime now) {
    auto& row = connection_.prepare(kClaimable + (cursor_.is_untried_over ? "" : kUntried) +
                                    (cursor_.batch ? kOfBatch : kOfAll));
    row.bind(cursor_.after).bind(cursor_.run).bind(to_iso(now));
    if (cursor_.batch) row.bind(*cursor_.batch);
    row.bind(limit);
    std::vector<OrderId> orders;
    while (row.next_row()) orders.push_back(row.integer(0));
    return orders;
}

std::optional<ClaimedOrder> LedgerWrite::claim_order(RunId run, OrderId order) {
    auto claimed = claim(connection_, run, order, "");
    if (!claimed && !is_there(connection_, order)) {
        throw std::out_of_range("there is no order " + std::to_string(order));
    }
    return claimed;
}

void LedgerWrite::release(const Claim& claim) {
    auto& row = connection_.prepare(
        "UPDATE orders SET claimed_by = NULL "
        "WHERE order_id = $1 AND claimed_by = $2 AND claim_number = $3 "
        "RETURNING state, postponed_by");
    row.bind(claim.order).bind(claim.run).bind(claim.number);
    if (!row.next_row()) {
        throw ClaimLost("order " + std::to_string(claim.order) + " is no longer claimed by run " +
                        std::to_string(claim.run));
    }
    const OrderState state = state_in(row, 0);
    const bool is_put_aside = row.integer_or_null(1) == claim.run;
    row.run();
    const bool may_be_claimed = state == OrderState::accepted || state == OrderState::in_progress;
    if (may_be_claimed && !is_put_aside) {
        cursor_.after = std::min(cursor_.after, claim.order - 1);
    }
}

int LedgerWrite::postpone(const Claim& claim, const std::string& reason, UtcTime now) {
    return leave_for_other_runs(connection_, claim, reason, now, 1);
}

void LedgerWrite::put_aside(const Claim& claim, const std::string& reason, UtcTime now) {
    leave_for_other_runs(connection_, claim, reason, now, 0);
}

int LedgerWrite::take_up_again(RunId run) {
    auto& row = connection_.prepare(
        "UPDATE orders SET postponed_by = NULL WHERE postponed_by = $1 AND postponed_runs = 0" +
        kToBeSent + " RETURNING order_id");
    row.bind(run);
    int orders = 0;
    while (row.next_row()) ++orders;
    return orders;
}

}  // namespace domspool
