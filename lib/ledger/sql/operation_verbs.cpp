#include "ledger/ledger_write.h"
#include "ledger/sql/order_moving.h"
#include "ledger/sql/row_readers.h"
#include "ledger/sql/spending.h"
#include "store/connection.h"
#include "util/failure.h"

#include <algorithm>

namespace domspool {

namespace {

AttemptId close_operation(store::Connection& connection, OperationId operation, OrderId order,
                          const std::string& status, const std::string& message, UtcTime now) {
    auto& row = connection.prepare(
        "UPDATE operations SET is_open = 0, message = $1, last_seen_at = $2, asked_at = $2, "
        "failed_questions = 0, status = CASE WHEN $3 = '' THEN status ELSE $3 END "
        "WHERE operation_id = $4 AND order_id = $5 AND is_open = 1 RETURNING attempt_id");
    row.bind(message).bind(to_iso(now)).bind(status).bind(operation).bind(order);
    const bool was_open = row.next_row();
    DOMSPOOL_ASSERT(was_open);
    const AttemptId attempt = row.integer(0);
    row.run();
    return attempt;
}

AttemptId open_again(store::Connection& connection, OperationId operation, OrderId order,
                     UtcTime now) {
    auto& row = connection.prepare(
        "UPDATE operations SET is_open = 1, status = 'Pending', message = '', last_seen_at = $1, "
        "asked_at = $1, failed_questions = 0, age_warned = 0 "
        "WHERE operation_id = $2 AND order_id = $3 AND is_open = 0 RETURNING attempt_id");
    row.bind(to_iso(now)).bind(operation).bind(order);
    const bool was_ended = row.next_row();
    DOMSPOOL_ASSERT(was_ended);
    const AttemptId attempt = row.integer(0);
    row.run();
    return attempt;
}

struct Reserved {
    std::int64_t cents = 0;
    UtcTime begun;
};

Reserved money_of(store::Connection& connection, AttemptId attempt) {
    auto& row =
        connection.prepare("SELECT reserved_cents, begun_at FROM attempts WHERE attempt_id = $1");
    row.bind(attempt);
    const bool is_there = row.next_row();
    DOMSPOOL_ASSERT(is_there);
    const Reserved reserved{row.integer(0), time_in(row, 1)};
    row.run();
    return reserved;
}

std::vector<OperationId> open_foreign(store::Connection& connection) {
    auto& row = connection.prepare(
        "SELECT operation_id FROM operations WHERE is_foreign = 1 AND is_open = 1");
    std::vector<OperationId> operations;
    while (row.next_row()) operations.push_back(row.integer(0));
    return operations;
}

}  // namespace

void LedgerWrite::end_operation(const Claim& claim, OperationId operation,
                                const std::string& status, const std::string& message,
                                const OrderMove& move, UtcTime now) {
    const StandingOrder order = require_claim(connection_, claim);
    DOMSPOOL_ASSERT(move.position > 0);
    const AttemptId attempt =
        close_operation(connection_, operation, claim.order, status, message, now);
    // Whatever did not become done was not charged.
    if (move.step_state != StepState::done) {
        const Reserved money = money_of(connection_, attempt);
        give_money_back(connection_, money.cents, money.begun);
    }
    apply_move(connection_, order, claim.run, move, now);
}

void LedgerWrite::reopen_operation(const Claim& claim, OperationId operation, const OrderMove& move,
                                   UtcTime now) {
    const StandingOrder order = require_claim(connection_, claim);
    DOMSPOOL_ASSERT(order.state == OrderState::failed && move.step_state == StepState::waiting);
    const AttemptId attempt = open_again(connection_, operation, claim.order, now);
    // It was ordered long since: no ceiling can stop it.
    const Reserved money = money_of(connection_, attempt);
    reserve_money(connection_, money.cents, money.begun, std::nullopt);
    connection_.prepare("UPDATE orders SET code = '', message = '' WHERE order_id = $1")
        .bind(claim.order)
        .run();
    apply_move(connection_, order, claim.run, move, now);
}

// What was no answer says nothing of the operation: its status stays.
void LedgerWrite::note_asked(OperationId operation, const std::string& status, bool answered,
                             UtcTime now) {
    auto& noted = connection_.prepare(
        "UPDATE operations SET asked_at = $1, "
        "status = CASE WHEN $2 = '' THEN status ELSE $2 END, "
        "failed_questions = CASE WHEN $3 = 1 THEN 0 ELSE failed_questions + 1 END "
        "WHERE operation_id = $4");
    noted.bind(to_iso(now)).bind(answered ? status : std::string()).bind(answered ? 1 : 0);
    noted.bind(operation).run();
}

void LedgerWrite::note_listed(const std::vector<OperationId>& operations, UtcTime now) {
    const std::string at = to_iso(now);
    for (const OperationId operation : operations) {
        connection_
            .prepare(
                "UPDATE operations SET last_seen_at = $1, failed_questions = 0 "
                "WHERE operation_id = $2")
            .bind(at)
            .bind(operation)
            .run();
    }
}

void LedgerWrite::note_age_warned(OperationId operation) {
    connection_.prepare("UPDATE operations SET age_warned = 1 WHERE operation_id = $1")
        .bind(operation)
        .run();
}

int LedgerWrite::note_foreign(const ForeignOperation& operation) {
    auto& row = connection_.prepare(
        "INSERT INTO operations (operation_id, code, target, status, is_open, is_foreign, "
        "first_seen_at, last_seen_at, passes) VALUES ($1, $2, $3, $4, 1, 1, $5, $6, 1) "
        "ON CONFLICT (operation_id) DO UPDATE SET status = excluded.status, is_open = 1, "
        "last_seen_at = excluded.last_seen_at, "
        "passes = CASE WHEN operations.is_open = 1 THEN operations.passes + 1 ELSE 1 END "
        "WHERE operations.is_foreign = 1 RETURNING passes");
    row.bind(operation.id).bind(operation.code).bind(operation.target).bind(operation.status);
    row.bind(to_iso(operation.first_seen)).bind(to_iso(operation.last_seen));
    if (!row.next_row()) return 0;  // Ours since.
    const int passes = static_cast<int>(row.integer(0));
    row.run();
    return passes;
}

void LedgerWrite::note_restart_told(OperationId operation) {
    connection_.prepare("UPDATE operations SET restart_told = 1 WHERE operation_id = $1")
        .bind(operation)
        .run();
}

void LedgerWrite::forget_foreign_except(const std::vector<OperationId>& still_listed) {
    std::vector<OperationId> listed = still_listed;
    std::sort(listed.begin(), listed.end());
    for (const OperationId operation : open_foreign(connection_)) {
        if (std::binary_search(listed.begin(), listed.end(), operation)) continue;
        connection_
            .prepare(
                "UPDATE operations SET is_open = 0 "
                "WHERE operation_id = $1 AND is_foreign = 1")
            .bind(operation)
            .run();
    }
}

}  // namespace domspool
