#include "ledger/ledger_write.h"
#include "ledger/sql/order_moving.h"
#include "store/connection.h"
#include "util/failure.h"

namespace domspool {

namespace {

void enter_step(store::Connection& connection, OrderId order, int position,
                const PlannedStep& step) {
    connection
        .prepare(
            "INSERT INTO steps (order_id, position, phase, function, arguments, state) "
            "VALUES ($1, $2, $3, $4, $5, 'planned')")
        .bind(order)
        .bind(position)
        .bind(to_word(step.phase))
        .bind(step.function)
        .bind(write_fields(step.arguments))
        .run();
}

int last_position(store::Connection& connection, OrderId order) {
    auto& row =
        connection.prepare("SELECT COALESCE(MAX(position), 0) FROM steps WHERE order_id = $1");
    row.bind(order);
    const bool is_there = row.next_row();
    DOMSPOOL_ASSERT(is_there);
    const int position = static_cast<int>(row.integer(0));
    row.run();
    return position;
}

}  // namespace

void LedgerWrite::store_plan(const Claim& claim, const std::vector<PlannedStep>& steps) {
    std::ignore = require_claim(connection_, claim);  // Only that it stands.
    int position = 0;
    for (const PlannedStep& step : steps) enter_step(connection_, claim.order, ++position, step);
}

void LedgerWrite::add_step(const Claim& claim, const PlannedStep& step) {
    std::ignore = require_claim(connection_, claim);  // Only that it stands.
    enter_step(connection_, claim.order, last_position(connection_, claim.order) + 1, step);
}

void LedgerWrite::set_price(const Claim& claim, const Money& price) {
    std::ignore = require_claim(connection_, claim);  // Only that it stands.
    connection_
        .prepare("UPDATE orders SET price_cents = $1, price_currency = $2 WHERE order_id = $3")
        .bind(price.cents)
        .bind(price.currency)
        .bind(claim.order)
        .run();
}

void LedgerWrite::move_order(const Claim& claim, const OrderMove& move, UtcTime now) {
    apply_move(connection_, require_claim(connection_, claim), claim.run, move, now);
}

void LedgerWrite::event(RunId run, const std::string& kind, const std::string& text, UtcTime now,
                        std::optional<OrderId> order, std::optional<BatchId> batch) {
    note_event(connection_,
               {.at = now, .run = run, .order = order, .batch = batch, .kind = kind, .text = text});
}

// The log is cut even where nothing was left to wipe: a run may have died in between.
int LedgerWrite::wipe_auth_codes(UtcTime failed_before) {
    connection_
        .prepare(
            "UPDATE orders SET auth_code = NULL WHERE auth_code IS NOT NULL AND "
            "(state IN ('done', 'done_open_ends', 'skipped', 'cancelled') "
            "OR (state = 'failed' AND ended_at < $1))")
        .bind(to_iso(failed_before))
        .run();
    wish_log_cut();
    return static_cast<int>(connection_.rows_changed());
}

}  // namespace domspool
