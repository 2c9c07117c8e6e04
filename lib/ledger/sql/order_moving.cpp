#include "ledger/sql/order_moving.h"

#include "ledger/ledger_write.h"
#include "ledger/sql/row_readers.h"
#include "util/failure.h"

namespace domspool {

namespace {

StandingOrder read_standing(const store::Statement& row, OrderId order) {
    return {order, state_in(row, 0), row.integer(1) == 1, row.integer(2), row.text(3)};
}

void move_step(store::Connection& connection, OrderId order, const OrderMove& move) {
    auto& moved = connection.prepare(
        "UPDATE steps SET state = $1, note = $2, due_at = $3, "
        "result = CASE WHEN $4 = '' THEN result ELSE $4 END, "
        "evidence = $5, waits_for = $6, since = $7 WHERE order_id = $8 AND position = $9");
    moved.bind(to_word(move.step_state)).bind(move.step_note).bind(iso_or_null(move.due_at));
    moved.bind(move.step_result).bind(to_word(move.evidence)).bind(to_word(move.waits_for));
    moved.bind(iso_or_null(move.since)).bind(order).bind(move.position).run();
    DOMSPOOL_ASSERT(connection.rows_changed() == 1);
}

void set_result_due(store::Connection& connection, BatchId batch) {
    connection.prepare("UPDATE batches SET result_due = 1 WHERE batch_id = $1 AND result_due = 0")
        .bind(batch)
        .run();
}

void write_order(store::Connection& connection, OrderId order, const OrderMove& move, UtcTime now) {
    const bool ends = is_end(move.state);
    auto& moved = connection.prepare(
        "UPDATE orders SET state = $1, reason = $2, keeps_domain = $3, "
        "code = CASE WHEN $4 = '' THEN code ELSE $4 END, "
        "message = CASE WHEN $5 = '' THEN message ELSE $5 END, "
        "changed_at = $6, ended_at = $7, held_for = $8 WHERE order_id = $9");
    moved.bind(to_word(move.state)).bind(move.reason).bind(move.keeps_domain && !ends ? 1 : 0);
    moved.bind(move.code).bind(move.message).bind(to_iso(now));
    moved.bind(ends ? std::optional(to_iso(now)) : std::nullopt).bind(to_word(move.held_for));
    moved.bind(order).run();
}

// Else the next run that cannot know something would hold it at once.
void count_runs_anew(store::Connection& connection, OrderId order) {
    connection.prepare("UPDATE orders SET postponed_runs = 0 WHERE order_id = $1")
        .bind(order)
        .run();
}

// The order that was made in place of a failed one and has its reference.
std::optional<OrderId> in_place_of(store::Connection& connection, OrderId order) {
    auto& row = connection.prepare(
        "SELECT other.order_id FROM orders AS other JOIN orders AS failed "
        "ON other.kind = failed.kind AND other.reference = failed.reference "
        "WHERE failed.order_id = $1 AND failed.reference <> '' "
        "AND other.order_id <> failed.order_id AND other.state NOT IN ('failed', 'cancelled') "
        "AND NOT (other.state = 'skipped' AND other.resembles IS NOT NULL)");
    row.bind(order);
    if (!row.next_row()) return std::nullopt;
    const OrderId other = row.integer(0);
    row.run();
    return other;
}

[[noreturn]] void throw_replaced(OrderId other) {
    throw DomainBusy(other, "order " + std::to_string(other) + " stands in its place");
}

}  // namespace

StandingOrder standing_order(store::Connection& connection, OrderId order) {
    auto& row = connection.prepare(
        "SELECT state, keeps_domain, batch_id, domain FROM orders WHERE order_id = $1");
    row.bind(order);
    const bool is_there = row.next_row();
    DOMSPOOL_ASSERT(is_there);
    StandingOrder standing = read_standing(row, order);
    row.run();
    return standing;
}

StandingOrder require_claim(store::Connection& connection, const Claim& claim) {
    auto& row = connection.prepare(
        "SELECT state, keeps_domain, batch_id, domain FROM orders "
        "WHERE order_id = $1 AND claimed_by = $2 AND claim_number = $3");
    row.bind(claim.order).bind(claim.run).bind(claim.number);
    if (!row.next_row()) {
        throw ClaimLost("order " + std::to_string(claim.order) + " is no longer claimed by run " +
                        std::to_string(claim.run));
    }
    StandingOrder standing = read_standing(row, claim.order);
    row.run();
    return standing;
}

std::optional<OrderId> keeper_of(store::Connection& connection, const StandingOrder& order) {
    auto& row = connection.prepare(
        "SELECT order_id FROM orders WHERE domain = $1 AND keeps_domain = 1 AND order_id <> $2");
    row.bind(order.domain).bind(order.id);
    if (!row.next_row()) return std::nullopt;
    const OrderId keeper = row.integer(0);
    row.run();
    return keeper;
}

void throw_domain_busy(OrderId keeper) {
    throw DomainBusy(keeper,
                     "order " + std::to_string(keeper) + ", begun and not ended, keeps the domain");
}

void apply_move(store::Connection& connection, const StandingOrder& order, RunId run,
                const OrderMove& move, UtcTime now) {
    DOMSPOOL_ASSERT(may_move(order.state, move.state));
    DOMSPOOL_ASSERT((move.state == OrderState::held) == (move.held_for != HeldFor::nothing));
    const bool will_keep = move.keeps_domain && !is_end(move.state);
    if (will_keep && !order.keeps_domain) {
        if (const auto keeper = keeper_of(connection, order)) throw_domain_busy(*keeper);
    }
    if (order.state == OrderState::failed) {
        if (const auto other = in_place_of(connection, order.id)) throw_replaced(*other);
    }
    if (move.position > 0) move_step(connection, order.id, move);
    write_order(connection, order.id, move, now);
    if (move.state == order.state) return;
    if (order.state == OrderState::held && !is_end(move.state)) {
        count_runs_anew(connection, order.id);
    }
    if (is_end(move.state) || is_end(order.state)) set_result_due(connection, order.batch);
    std::string text(to_word(move.state));
    if (!move.reason.empty()) text += ": " + move.reason;
    note_event(connection, {.at = now,
                            .run = run,
                            .order = order.id,
                            .batch = order.batch,
                            .kind = "order_moved",
                            .text = text});
}

void note_event(store::Connection& connection, const EventRecord& event) {
    connection
        .prepare(
            "INSERT INTO events (noted_at, run_id, order_id, batch_id, kind, text) "
            "VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(to_iso(event.at))
        .bind(event.run)
        .bind(event.order)
        .bind(event.batch)
        .bind(event.kind)
        .bind(event.text)
        .run();
}

}  // namespace domspool
