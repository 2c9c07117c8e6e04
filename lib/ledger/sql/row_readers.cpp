#include "ledger/sql/row_readers.h"

#include "util/failure.h"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>

namespace domspool {

namespace {

std::string listed(std::string_view table, std::initializer_list<std::string_view> names) {
    std::string columns;
    for (const std::string_view name : names) {
        if (!columns.empty()) columns += ", ";
        columns.append(table).append(name);
    }
    return columns;
}

template <typename Value>
Value known(const std::optional<Value>& value, const std::string& what) {
    if (!value) throw_unreadable(what);
    return *value;
}

// Attempts as "a", their steps as "s".
std::string attempt_columns() {
    return listed("a.", {"attempt_id",
                         "order_id",
                         "position",
                         "run_id",
                         "begun_at",
                         "begun_boot",
                         "begun_since_boot",
                         "picture",
                         "reserved_cents",
                         "outcome",
                         "operation_id",
                         "status",
                         "code",
                         "text",
                         "ended_at",
                         "ended_boot",
                         "ended_since_boot",
                         "settled",
                         "look_at",
                         "look_boot",
                         "look_since_boot",
                         "looks",
                         "settled_as",
                         "is_unproven",
                         "look_date"}) +
           ", s.function";
}

AttemptRecord read_attempt_row(const store::Statement& row) {
    AttemptRecord attempt;
    attempt.id = row.integer(0);
    attempt.order = row.integer(1);
    attempt.position = static_cast<int>(row.integer(2));
    attempt.run = row.integer(3);
    attempt.begun = known(moment_or_null(row, 4), "the begin of an attempt");
    attempt.picture = fields_in(row, 7);
    attempt.reserved_cents = row.integer(8);
    if (const auto word = row.text_or_null(9)) {
        attempt.outcome = known(outcome_of(*word), "an outcome");
    }
    attempt.operation = row.integer_or_null(10);
    attempt.status = row.text(11);
    attempt.code = row.text(12);
    attempt.text = row.text(13);
    attempt.ended = moment_or_null(row, 14);
    attempt.settled = row.text(17);
    attempt.empty_look = moment_or_null(row, 18);
    attempt.empty_looks = static_cast<int>(row.integer(21));
    if (const auto word = row.text_or_null(22)) {
        attempt.settled_as = known(outcome_of(*word), "the settlement of a doubt");
    }
    attempt.is_unproven = row.integer(23) == 1;
    attempt.empty_look_date = row.text(24);
    attempt.function = row.text(25);
    return attempt;
}

// The sign keeps SQLite from reading all attempts there ever were, only to have them sorted.
store::Statement& attempts_asked(store::Connection& connection, const std::string& condition) {
    return connection.prepare("SELECT " + attempt_columns() +
                              " FROM attempts a JOIN steps s ON s.order_id = a.order_id "
                              "AND s.position = a.position WHERE " +
                              condition + " ORDER BY +a.attempt_id");
}

std::vector<AttemptRecord> attempts_in(store::Statement& row) {
    std::vector<AttemptRecord> attempts;
    while (row.next_row()) {
        attempts.push_back(in_row("attempt " + std::to_string(row.integer(0)),
                                  [&] { return read_attempt_row(row); }));
    }
    return attempts;
}

}  // namespace

void throw_unreadable(const std::string& what) {
    throw store::StoreError(store::Trouble::corrupt,
                            "the ledger holds " + what + " that cannot be read");
}

std::string order_columns(std::string_view table) {
    return listed(table, {"order_id", "batch_id", "line", "kind", "domain", "reference", "fields",
                          "state", "reason", "keeps_domain"}) +
           ", CASE WHEN " + std::string(table) + "auth_code IS NULL THEN 0 ELSE 1 END, " +
           listed(table, {"operation_id", "code", "message", "price_cents", "price_currency",
                          "postponed_runs", "instead_of", "accepted_at", "changed_at", "ended_at",
                          "claimed_by", "resembles", "held_for"});
}

namespace {

OrderRecord order_in(const store::Statement& row, int first) {
    const auto at = [first](int column) { return first + column; };
    OrderRecord order{.domain = domain_in(row, at(4)), .fields = fields_in(row, at(6))};
    order.id = row.integer(at(0));
    order.batch = row.integer(at(1));
    order.line = static_cast<int>(row.integer(at(2)));
    order.kind = kind_in(row, at(3));
    order.reference = row.text(at(5));
    order.state = state_in(row, at(7));
    order.reason = row.text(at(8));
    order.keeps_domain = row.integer(at(9)) == 1;
    order.has_auth_code = row.integer(at(10)) == 1;
    order.operation = row.integer_or_null(at(11));
    order.code = row.text(at(12));
    order.message = row.text(at(13));
    if (const auto cents = row.integer_or_null(at(14)))
        order.price = Money{*cents, row.text(at(15))};
    order.postponed_runs = static_cast<int>(row.integer(at(16)));
    order.instead_of = row.integer_or_null(at(17));
    order.accepted_at = time_in(row, at(18));
    order.changed_at = time_in(row, at(19));
    order.ended_at = time_or_null(row, at(20));
    order.claimed_by = row.integer_or_null(at(21));
    order.resembles = row.integer_or_null(at(22));
    order.held_for = held_for_in(row, at(23));
    if ((order.state == OrderState::held) != (order.held_for != HeldFor::nothing)) {
        throw_unreadable("a hold without a cause, or a cause without a hold,");
    }
    return order;
}

StepRecord step_in(const store::Statement& row) {
    StepRecord step;
    step.position = static_cast<int>(row.integer(0));
    step.phase = known(step_phase_of(row.text(1)), "a phase");
    step.function = row.text(2);
    step.arguments = fields_in(row, 3);
    step.state = known(step_state_of(row.text(4)), "the state of a step");
    step.result = row.text(5);
    step.note = row.text(6);
    step.tries = static_cast<int>(row.integer(7));
    step.due_at = time_or_null(row, 8);
    step.operation = row.integer_or_null(9);
    step.evidence = known(evidence_of(row.text(10)), "the evidence of a step");
    step.waits_for = known(waits_for_of(row.text(11)), "what a step waits for");
    step.since = time_or_null(row, 12);
    return step;
}

}  // namespace

OrderRecord read_order_row(const store::Statement& row, int first) {
    return in_row("order " + std::to_string(row.integer(first)),
                  [&] { return order_in(row, first); });
}

std::vector<StepRecord> read_steps(store::Connection& connection, OrderId order) {
    auto& row = connection.prepare(
        "SELECT position, phase, function, arguments, state, result, note, tries, due_at, "
        "operation_id, evidence, waits_for, since FROM steps WHERE order_id = $1 ORDER BY "
        "position");
    row.bind(order);
    std::vector<StepRecord> steps;
    while (row.next_row()) {
        steps.push_back(
            in_row("step " + std::to_string(row.integer(0)) + " of order " + std::to_string(order),
                   [&] { return step_in(row); }));
    }
    return steps;
}

std::vector<AttemptRecord> read_attempts(store::Connection& connection, OrderId order) {
    return attempts_in(attempts_asked(connection, "a.order_id = $1").bind(order));
}

std::vector<AttemptRecord> read_attempts_where(store::Connection& connection,
                                               const std::string& condition) {
    return attempts_in(attempts_asked(connection, condition));
}

void read_steps_and_attempts(store::Connection& connection, OrderRecord& order) {
    order.steps = read_steps(connection, order.id);
    const bool is_tried = std::any_of(order.steps.begin(), order.steps.end(),
                                      [](const StepRecord& step) { return step.tries > 0; });
    if (is_tried) order.attempts = read_attempts(connection, order.id);
}

UtcTime time_in(const store::Statement& row, int column) {
    return known(from_iso(row.text(column)), "a time");
}

std::optional<UtcTime> time_or_null(const store::Statement& row, int column) {
    const auto text = row.text_or_null(column);
    if (!text) return std::nullopt;
    return known(from_iso(*text), "a time");
}

std::optional<Moment> moment_or_null(const store::Statement& row, int first) {
    const auto utc = time_or_null(row, first);
    if (!utc) return std::nullopt;
    return Moment{*utc, row.text(first + 1), std::chrono::milliseconds(row.integer(first + 2))};
}

FieldMap fields_in(const store::Statement& row, int column) {
    auto fields = read_fields(row.text(column));
    if (!fields) throw_unreadable("fields");
    return std::move(*fields);
}

DomainName domain_in(const store::Statement& row, int column) {
    try {
        return DomainName::from_stored(row.text(column));
    } catch (const std::invalid_argument&) {
        throw_unreadable("a domain name");
    }
}

OrderKind kind_in(const store::Statement& row, int column) {
    return known(order_kind_of(row.text(column)), "a kind of order");
}

HeldFor held_for_in(const store::Statement& row, int column) {
    return known(held_for_of(row.text(column)), "the cause of a hold");
}

OrderState state_in(const store::Statement& row, int column) {
    return known(order_state_of(row.text(column)), "the state of an order");
}

std::int64_t number_from(store::Connection& connection, const std::string& sql) {
    auto& row = connection.prepare(sql);
    const bool is_there = row.next_row();
    DOMSPOOL_ASSERT(is_there);
    const std::int64_t number = row.integer(0);
    row.run();
    return number;
}

std::optional<std::string> iso_or_null(const std::optional<UtcTime>& time) {
    if (!time) return std::nullopt;
    return to_iso(*time);
}

}  // namespace domspool
