// Orders that wait for a person, and what was dismissed.
#include "ledger/ledger_questions.h"
#include "ledger/ledger_write.h"
#include "ledger/sql/row_readers.h"

namespace domspool {

namespace {

// What can wait for anybody: failed ones as long as they are told, cancelled ones only where their
// own step is left open. Not what was dismissed and stands so still, nor what is archived; nor,
// where it has ended, what a later order of the same wish has done. $1: failed since; $2: now.
const std::string kWaits =
    " FROM orders o WHERE (o.state IN ('held', 'in_doubt', 'done_open_ends', 'accepted') "
    "OR (o.state = 'failed' AND o.changed_at >= $1) "
    "OR (o.state = 'cancelled' AND EXISTS (SELECT 1 FROM steps s WHERE s.order_id = o.order_id "
    "AND s.phase = 'main' AND s.state = 'open_end')) "
    "OR (o.state IN ('in_progress', 'waiting') AND EXISTS (SELECT 1 FROM operations p "
    "WHERE p.order_id = o.order_id AND p.is_open = 1 AND p.age_warned = 1))) "
    "AND NOT EXISTS (SELECT 1 FROM dismissals d WHERE d.order_id = o.order_id "
    "AND d.dismissed_at >= o.changed_at AND (d.until IS NULL OR d.until > $2)) "
    "AND (o.state NOT IN ('failed', 'done_open_ends', 'cancelled') OR (NOT EXISTS ("
    "SELECT 1 FROM orders f WHERE f.order_id > o.order_id AND f.state = 'done' "
    "AND f.kind = o.kind AND f.domain = o.domain) "
    "AND NOT EXISTS (SELECT 1 FROM orders f WHERE f.order_id > o.order_id AND f.state = 'done' "
    "AND o.reference <> '' AND f.kind = o.kind AND f.reference = o.reference))) "
    "AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.batch_id = o.batch_id AND b.archive <> '') "
    "ORDER BY o.order_id";

}  // namespace

std::vector<OrderForAPerson> LedgerQuestions::orders_for_a_person(UtcTime now) const {
    std::map<OrderId, UtcTime> overdue;
    for (const OpenOperation& operation : open_operations()) {
        if (operation.age_warned) overdue.emplace(operation.order, operation.since);
    }
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT " + order_columns("o.") + kWaits);
    row.bind(to_iso(now - kFailedIsTold)).bind(to_iso(now));
    std::vector<OrderForAPerson> orders;
    while (row.next_row()) {
        OrderRecord order = read_order_row(row);
        order.steps = read_steps(connection_, order.id);
        complete(order);
        const auto found = overdue.find(order.id);
        const auto since =
            found == overdue.end() ? std::nullopt : std::optional<UtcTime>(found->second);
        if (const auto attention = attention_of(order, since, now)) {
            orders.push_back({std::move(order), *attention});
        }
    }
    return orders;
}

std::optional<Dismissal> LedgerQuestions::dismissal(OrderId order) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT person, reason, dismissed_at, until FROM dismissals WHERE order_id = $1");
    row.bind(order);
    if (!row.next_row()) return std::nullopt;
    return in_row("dismissals of order " + std::to_string(order), [&] {
        return Dismissal{order, row.text(0), row.text(1), time_in(row, 2), time_or_null(row, 3)};
    });
}

void LedgerWrite::dismiss(const Dismissal& dismissal) {
    auto& row = connection_.prepare(
        "INSERT INTO dismissals (order_id, person, reason, dismissed_at, until) "
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (order_id) DO UPDATE SET "
        "person = excluded.person, reason = excluded.reason, "
        "dismissed_at = excluded.dismissed_at, until = excluded.until");
    row.bind(dismissal.order).bind(dismissal.person).bind(dismissal.reason);
    row.bind(to_iso(dismissal.at)).bind(iso_or_null(dismissal.until)).run();
}

}  // namespace domspool
