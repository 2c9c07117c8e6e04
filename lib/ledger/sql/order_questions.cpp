#include "ledger/ledger_questions.h"
#include "ledger/sql/row_readers.h"

#include <stdexcept>

namespace domspool {

namespace {

// A WHERE clause and what is bound to it, in order of first appearance.
class Conditions {
  public:
    Conditions& add(const std::string& condition, std::string_view text) {
        return add(condition, std::optional(std::string(text)), std::nullopt);
    }
    Conditions& add(const std::string& condition, std::int64_t number) {
        return add(condition, std::nullopt, number);
    }
    const std::string& text() const { return text_; }
    int count() const { return static_cast<int>(values_.size()); }
    void bind_to(store::Statement& statement) const {
        for (const auto& [text, number] : values_) {
            if (number) {
                statement.bind(*number);
            } else {
                statement.bind(text);
            }
        }
    }

  private:
    // `?` stands for the parameter.
    Conditions& add(std::string condition, std::optional<std::string> text,
                    std::optional<std::int64_t> number) {
        values_.emplace_back(std::move(text), number);
        condition.replace(condition.find('?'), 1, "$" + std::to_string(count()));
        text_ += (count() == 1 ? " WHERE " : " AND ") + condition;
        return *this;
    }

    std::string text_;
    std::vector<std::pair<std::optional<std::string>, std::optional<std::int64_t>>> values_;
};

Conditions conditions_of(const OrderFilter& filter) {
    Conditions conditions;
    if (filter.state) conditions.add("o.state = ?", to_word(*filter.state));
    if (filter.kind) conditions.add("o.kind = ?", to_word(*filter.kind));
    if (filter.batch) conditions.add("o.batch_id = ?", *filter.batch);
    if (!filter.domain.empty()) conditions.add("o.domain = ?", filter.domain);
    if (!filter.reference.empty()) {
        conditions.add("o.reference <> '' AND o.reference = ?", filter.reference);
    }
    if (filter.operation) {
        conditions.add(
            "o.order_id IN (SELECT p.order_id FROM operations p WHERE p.operation_id = ?)",
            *filter.operation);
    }
    if (filter.accepted_before) {
        conditions.add("o.accepted_at < ?", to_iso(*filter.accepted_before));
    }
    if (filter.accepted_after) {
        conditions.add("o.accepted_at > ?", to_iso(*filter.accepted_after));
    }
    return conditions;
}

}  // namespace

LedgerQuestions::Asking::Asking(const LedgerQuestions& with)
    : lock_(with.asking_), connection_(with.connection_) {}

LedgerQuestions::Asking::~Asking() {
    connection_.let_go();
}

OrderRecord LedgerQuestions::order(OrderId id) const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT " + order_columns("o.") +
                                    " FROM orders o WHERE o.order_id = $1");
    row.bind(id);
    if (!row.next_row()) throw std::out_of_range("there is no order " + std::to_string(id));
    OrderRecord order = read_order_row(row);
    read_steps_and_attempts(connection_, order);
    complete(order);
    return order;
}

std::vector<OrderRecord> LedgerQuestions::orders(const OrderFilter& filter) const {
    const Asking asking(*this);
    const Conditions conditions = conditions_of(filter);
    std::string sql = "SELECT " + order_columns("o.") + " FROM orders o" + conditions.text() +
                      " ORDER BY o.order_id" + (filter.oldest_first ? "" : " DESC");
    if (filter.limit > 0) sql += " LIMIT $" + std::to_string(conditions.count() + 1);
    auto& row = connection_.prepare(sql);
    conditions.bind_to(row);
    if (filter.limit > 0) row.bind(filter.limit);
    std::vector<OrderRecord> orders;
    while (row.next_row()) {
        orders.push_back(read_order_row(row));
        orders.back().steps = read_steps(connection_, orders.back().id);
        complete(orders.back());
    }
    return orders;
}

// Of a cancelled order only the steps tell whether anybody here had asked for it.
void LedgerQuestions::complete(OrderRecord& order) const {
    explain_waiting(order);
    if (order.state == OrderState::cancelled && order.steps.empty()) {
        order.steps = read_steps(connection_, order.id);
    }
}

// Nobody claims an order that waits for another one, so nobody could have written it down.
void LedgerQuestions::explain_waiting(OrderRecord& order) const {
    if (order.state != OrderState::accepted || !order.reason.empty()) return;
    auto& row = connection_.prepare(
        "SELECT MIN(order_id) FROM orders WHERE domain = $1 AND order_id <> $2 "
        "AND (keeps_domain = 1 OR (state = 'accepted' AND order_id < $2))");
    row.bind(order.domain.ascii()).bind(order.id);
    if (row.next_row()) {
        if (const auto other = row.integer_or_null(0)) {
            order.reason = "waits for order " + std::to_string(*other) +
                           ", which is not ended, for the same domain";
        }
    }
}

std::vector<EventRecord> LedgerQuestions::events(OrderId order) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT event_id, noted_at, run_id, order_id, batch_id, kind, text FROM events "
        "WHERE order_id = $1 ORDER BY event_id");
    row.bind(order);
    std::vector<EventRecord> events;
    while (row.next_row()) {
        events.push_back({row.integer(0), time_in(row, 1), row.integer(2), row.integer_or_null(3),
                          row.integer_or_null(4), row.text(5), row.text(6)});
    }
    return events;
}

Secret LedgerQuestions::auth_code(OrderId order) const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT auth_code FROM orders WHERE order_id = $1");
    row.bind(order);
    if (!row.next_row()) throw std::out_of_range("there is no order " + std::to_string(order));
    return Secret(row.text_or_null(0).value_or(""));
}

// The condition is that of wipe_auth_codes().
bool LedgerQuestions::has_codes_to_wipe(UtcTime failed_before) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT 1 FROM orders WHERE auth_code IS NOT NULL AND "
        "(state IN ('done', 'done_open_ends', 'skipped', 'cancelled') "
        "OR (state = 'failed' AND ended_at < $1)) LIMIT 1");
    row.bind(to_iso(failed_before));
    return row.next_row();
}

std::vector<OrderId> LedgerQuestions::orders_with_due_follow_ups(UtcTime now) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT o.order_id FROM orders o WHERE o.state = 'in_progress' AND o.claimed_by IS NULL "
        "AND ((EXISTS (SELECT 1 FROM steps m WHERE m.order_id = o.order_id AND m.phase = 'main' "
        "AND m.state IN ('done', 'skipped')) "
        "AND EXISTS (SELECT 1 FROM steps s WHERE s.order_id = o.order_id AND s.phase = 'after' "
        "AND s.state = 'planned' AND (s.due_at IS NULL OR s.due_at <= $1))) "
        // A step before the main one that waits for its time.
        "OR EXISTS (SELECT 1 FROM steps w WHERE w.order_id = o.order_id AND w.phase = 'before' "
        "AND w.state = 'planned' AND w.due_at <= $2) "
        // A second sending that could not go out when it was decided on.
        "OR EXISTS (SELECT 1 FROM steps t JOIN attempts a ON a.order_id = t.order_id "
        "AND a.position = t.position WHERE t.order_id = o.order_id AND t.phase <> 'after' "
        "AND t.state = 'planned' AND t.due_at IS NULL AND a.outcome = 'in_doubt')) "
        "ORDER BY o.order_id");
    row.bind(to_iso(now)).bind(to_iso(now));
    std::vector<OrderId> orders;
    while (row.next_row()) orders.push_back(row.integer(0));
    return orders;
}

}  // namespace domspool
