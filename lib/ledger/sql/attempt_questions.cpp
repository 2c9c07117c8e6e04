#include "ledger/ledger_questions.h"
#include "ledger/sql/row_readers.h"

namespace domspool {

std::vector<AttemptRecord> LedgerQuestions::attempts(OrderId order) const {
    const Asking asking(*this);
    return read_attempts(connection_, order);
}

std::vector<AttemptRecord> LedgerQuestions::open_doubts() const {
    const Asking asking(*this);
    return read_attempts_where(connection_, "a.outcome = 'in_doubt' AND a.settled_as IS NULL");
}

std::vector<AttemptRecord> LedgerQuestions::attempts_under_way() const {
    const Asking asking(*this);
    return read_attempts_where(
        connection_, "(a.outcome IS NULL OR (a.outcome = 'in_doubt' AND a.settled_as IS NULL))");
}

std::vector<OpenOperation> LedgerQuestions::open_operations() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT p.operation_id, p.order_id, p.attempt_id, a.position, p.code, o.domain, "
        "p.asked_at, p.first_seen_at, p.failed_questions, p.age_warned, o.kind "
        "FROM operations p JOIN attempts a ON a.attempt_id = p.attempt_id "
        "JOIN orders o ON o.order_id = p.order_id "
        "WHERE p.is_open = 1 AND p.is_foreign = 0 ORDER BY p.operation_id");
    std::vector<OpenOperation> operations;
    while (row.next_row()) {
        operations.push_back({.id = row.integer(0),
                              .order = row.integer(1),
                              .attempt = row.integer(2),
                              .position = static_cast<int>(row.integer(3)),
                              .function = row.text(4),
                              .domain = domain_in(row, 5),
                              .asked_at = time_or_null(row, 6),
                              .since = time_in(row, 7),
                              .failed_questions = static_cast<int>(row.integer(8)),
                              .age_warned = row.integer(9) == 1,
                              .kind = kind_in(row, 10)});
    }
    return operations;
}

std::optional<AttemptId> LedgerQuestions::owner_of(OperationId operation) const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT attempt_id FROM operations WHERE operation_id = $1");
    row.bind(operation);
    if (!row.next_row()) return std::nullopt;
    return row.integer_or_null(0);
}

std::vector<ForeignOperation> LedgerQuestions::foreign_operations() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT operation_id, code, target, status, first_seen_at, last_seen_at, passes "
        "FROM operations WHERE is_foreign = 1 AND is_open = 1 ORDER BY operation_id");
    std::vector<ForeignOperation> operations;
    while (row.next_row()) {
        const int passes = static_cast<int>(row.integer(6));
        operations.push_back({row.integer(0), row.text(1), row.text(2), row.text(3),
                              time_in(row, 4), time_in(row, 5), passes, passes > 1});
    }
    return operations;
}

bool LedgerQuestions::is_domain_blocked_by_foreign(const DomainName& domain) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT COUNT(*) FROM operations WHERE target = $1 AND is_foreign = 1 AND is_open = 1");
    row.bind(domain.ascii());
    return row.next_row() && row.integer(0) > 0;
}

bool LedgerQuestions::is_restart_told(OperationId operation) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT COUNT(*) FROM operations WHERE operation_id = $1 AND restart_told = 1");
    row.bind(operation);
    return row.next_row() && row.integer(0) > 0;
}

}  // namespace domspool
