#include "ledger/ledger_write.h"
#include "ledger/sql/operation_owning.h"
#include "ledger/sql/order_moving.h"
#include "ledger/sql/row_readers.h"
#include "ledger/sql/sending_hold.h"
#include "ledger/sql/spending.h"
#include "store/connection.h"
#include "util/failure.h"

namespace domspool {

namespace {

bool costs_nothing(AttemptOutcome outcome) {
    switch (outcome) {
        case AttemptOutcome::refused:
        case AttemptOutcome::try_later:
            return true;
        case AttemptOutcome::done:
        case AttemptOutcome::pending:
        case AttemptOutcome::in_doubt:
            return false;
    }
    our_bug("an outcome without a name", __FILE__, __LINE__);
}

// Two attempts were answered with one operation: one of the two answers is wrong, and which one is
// not to be guessed.
OrderMove held_for_foreign_answer(const OrderMove& move, OperationId operation) {
    OrderMove held = move;
    held.state = OrderState::held;
    held.held_for = HeldFor::doubt;
    held.keeps_domain = true;
    held.reason = "the registrar answered with operation " + std::to_string(operation) +
                  ", which belongs to another attempt; look at both at the registrar";
    return held;
}

// An attempt whose outcome was just noted.
struct Answered {
    int position = 0;
    std::int64_t reserved_cents = 0;
    UtcTime begun;
};

AttemptId enter_attempt(store::Connection& connection, const Claim& claim,
                        const AttemptIntent& intent) {
    auto& row = connection.prepare(
        "INSERT INTO attempts (order_id, position, run_id, begun_at, begun_boot, "
        "begun_since_boot, picture, reserved_cents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
        "RETURNING attempt_id");
    row.bind(claim.order).bind(intent.position).bind(claim.run).bind(to_iso(intent.at.utc));
    row.bind(intent.at.boot_id).bind(intent.at.since_boot.count());
    row.bind(write_fields(intent.picture)).bind(intent.reserved_cents);
    const bool is_entered = row.next_row();
    DOMSPOOL_ASSERT(is_entered);
    const AttemptId attempt = row.integer(0);
    row.run();
    return attempt;
}

Answered note_outcome(store::Connection& connection, const Claim& claim, AttemptId attempt,
                      const AttemptEnd& end) {
    DOMSPOOL_ASSERT(!end.is_unproven || end.outcome == AttemptOutcome::in_doubt);
    auto& row = connection.prepare(
        "UPDATE attempts SET outcome = $1, operation_id = $2, status = $3, code = $4, text = $5, "
        "ended_at = $6, ended_boot = $7, ended_since_boot = $8, is_unproven = $9 "
        "WHERE attempt_id = $10 AND order_id = $11 AND outcome IS NULL "
        "RETURNING position, reserved_cents, begun_at");
    row.bind(to_word(end.outcome)).bind(end.operation).bind(end.status).bind(end.code);
    row.bind(end.text).bind(to_iso(end.at.utc)).bind(end.at.boot_id);
    row.bind(end.at.since_boot.count()).bind(end.is_unproven ? 1 : 0);
    row.bind(attempt).bind(claim.order);
    const bool was_open = row.next_row();
    DOMSPOOL_ASSERT(was_open);
    const Answered answered{static_cast<int>(row.integer(0)), row.integer(1), time_in(row, 2)};
    row.run();
    return answered;
}

// The attempt's own end stays as it was noted: a doubt, with what was seen then.
Answered note_settlement(store::Connection& connection, const Claim& claim, AttemptId attempt,
                         const AttemptEnd& end, const std::string& how) {
    auto& row = connection.prepare(
        "UPDATE attempts SET settled_as = $1, settled = $2, "
        "operation_id = COALESCE(CAST($3 AS BIGINT), operation_id), "
        "status = CASE WHEN $4 = '' THEN status ELSE $4 END, "
        "code = CASE WHEN $5 = '' THEN code ELSE $5 END "
        "WHERE attempt_id = $6 AND order_id = $7 AND outcome = 'in_doubt' "
        "AND settled_as IS NULL RETURNING position, reserved_cents, begun_at");
    row.bind(to_word(end.outcome)).bind(how).bind(end.operation).bind(end.status).bind(end.code);
    row.bind(attempt).bind(claim.order);
    const bool was_in_doubt = row.next_row();
    DOMSPOOL_ASSERT(was_in_doubt);
    const Answered answered{static_cast<int>(row.integer(0)), row.integer(1), time_in(row, 2)};
    row.run();
    return answered;
}

// What an answer names is held for a person; what was found is left to the other.
enum class IfOwned { hold, fail };

OrderMove conclude(store::Connection& connection, const Claim& claim, AttemptId attempt,
                   const Answered& answered, const AttemptEnd& end, const OrderMove& move,
                   IfOwned if_owned = IfOwned::hold) {
    const StandingOrder order = require_claim(connection, claim);
    if (costs_nothing(end.outcome)) {
        give_money_back(connection, answered.reserved_cents, answered.begun);
    }
    DOMSPOOL_ASSERT(end.outcome != AttemptOutcome::pending || end.operation);
    const bool is_pending = end.outcome == AttemptOutcome::pending;
    const OperationOwner owner{attempt, order.id, answered.position, order.domain};
    const bool is_ours =
        !end.operation || own_operation(connection, *end.operation, owner, end,
                                        is_pending ? OperationIs::open : OperationIs::ended);
    if (!is_ours && if_owned == IfOwned::fail) {
        throw OwnedAlready("operation " + std::to_string(*end.operation) +
                           " belongs to another attempt");
    }
    const OrderMove next = is_ours ? move : held_for_foreign_answer(move, *end.operation);
    apply_move(connection, order, claim.run, next, end.at.utc);
    return next;
}

}  // namespace

AttemptId LedgerWrite::begin_attempt(const Claim& claim, const AttemptIntent& intent,
                                     const std::optional<SpendCeiling>& ceiling) {
    const StandingOrder order = require_claim(connection_, claim);
    DOMSPOOL_ASSERT(may_move(order.state, OrderState::in_progress));
    if (!intent.asks_to_cancel) require_sending_allowed(connection_);
    if (!order.keeps_domain) {
        if (const auto keeper = keeper_of(connection_, order)) throw_domain_busy(*keeper);
    }
    reserve_money(connection_, intent.reserved_cents, intent.at.utc, ceiling);
    connection_
        .prepare(
            "UPDATE orders SET state = 'in_progress', held_for = '', keeps_domain = 1, reason = "
            "'', "
            "postponed_runs = 0, changed_at = $1 WHERE order_id = $2")
        .bind(to_iso(intent.at.utc))
        .bind(claim.order)
        .run();
    connection_
        .prepare(
            "UPDATE steps SET tries = tries + 1 "
            "WHERE order_id = $1 AND position = $2 AND state = 'planned'")
        .bind(claim.order)
        .bind(intent.position)
        .run();
    DOMSPOOL_ASSERT(connection_.rows_changed() == 1);
    return enter_attempt(connection_, claim, intent);
}

OrderMove LedgerWrite::finish_attempt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                                      const OrderMove& move) {
    std::ignore = require_claim(connection_, claim);  // Before anything is written.
    return conclude(connection_, claim, attempt, note_outcome(connection_, claim, attempt, end),
                    end, move);
}

OrderMove LedgerWrite::settle_doubt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                                    const std::string& how, const OrderMove& move) {
    DOMSPOOL_ASSERT(end.outcome != AttemptOutcome::in_doubt);
    std::ignore = require_claim(connection_, claim);  // Before anything is written.
    return conclude(connection_, claim, attempt,
                    note_settlement(connection_, claim, attempt, end, how), end, move);
}

OrderMove LedgerWrite::adopt(const Claim& claim, AttemptId attempt, const AttemptEnd& end,
                             const std::string& how, const OrderMove& move) {
    std::ignore = require_claim(connection_, claim);  // Before anything is written.
    return conclude(connection_, claim, attempt,
                    note_settlement(connection_, claim, attempt, end, how), end, move,
                    IfOwned::fail);
}

void LedgerWrite::note_empty_look(const Claim& claim, AttemptId attempt, const Moment& at,
                                  const std::string& server_date) {
    std::ignore = require_claim(connection_, claim);  // Only that it stands.
    auto& noted = connection_.prepare(
        "UPDATE attempts SET look_at = $1, look_boot = $2, look_since_boot = $3, "
        "look_date = $4, looks = looks + 1 "
        "WHERE attempt_id = $5 AND order_id = $6 AND outcome = 'in_doubt' "
        "AND settled_as IS NULL");
    noted.bind(to_iso(at.utc)).bind(at.boot_id).bind(at.since_boot.count());
    noted.bind(server_date).bind(attempt).bind(claim.order).run();
    DOMSPOOL_ASSERT(connection_.rows_changed() == 1);
}

}  // namespace domspool
