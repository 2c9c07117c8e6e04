#include "ledger/sql/operation_owning.h"

#include "ledger/sql/row_readers.h"
#include "util/failure.h"

namespace domspool {

namespace {

bool enter(store::Connection& connection, OperationId operation, const OperationOwner& owner,
           const AttemptEnd& end, const std::string& function, OperationIs open_or_ended) {
    auto& entered = connection.prepare(
        "INSERT INTO operations (operation_id, attempt_id, order_id, code, target, status, "
        "message, is_open, is_foreign, first_seen_at, last_seen_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9) "
        "ON CONFLICT (operation_id) DO UPDATE SET attempt_id = excluded.attempt_id, "
        "order_id = excluded.order_id, code = excluded.code, target = excluded.target, "
        "status = excluded.status, message = excluded.message, "
        "is_open = excluded.is_open, is_foreign = 0, last_seen_at = excluded.last_seen_at "
        "WHERE operations.is_foreign = 1 OR operations.attempt_id = excluded.attempt_id");
    entered.bind(operation).bind(owner.attempt).bind(owner.order).bind(function);
    entered.bind(owner.domain).bind(end.status).bind(end.text);
    entered.bind(open_or_ended == OperationIs::open ? 1 : 0).bind(to_iso(end.at.utc)).run();
    return connection.rows_changed() == 1;
}

}  // namespace

bool own_operation(store::Connection& connection, OperationId operation,
                   const OperationOwner& owner, const AttemptEnd& end, OperationIs open_or_ended) {
    auto& step = connection.prepare(
        "SELECT phase, function FROM steps WHERE order_id = $1 AND position = $2");
    step.bind(owner.order).bind(owner.position);
    const bool is_there = step.next_row();
    DOMSPOOL_ASSERT(is_there);
    const bool is_main = step.text(0) == to_word(StepPhase::main);
    const std::string function = step.text(1);
    step.run();
    if (!enter(connection, operation, owner, end, function, open_or_ended)) return false;
    connection.prepare("UPDATE steps SET operation_id = $1 WHERE order_id = $2 AND position = $3")
        .bind(operation)
        .bind(owner.order)
        .bind(owner.position)
        .run();
    if (!is_main) return true;
    connection.prepare("UPDATE orders SET operation_id = $1 WHERE order_id = $2")
        .bind(operation)
        .bind(owner.order)
        .run();
    return true;
}

}  // namespace domspool
