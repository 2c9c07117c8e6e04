#include "ledger/ledger_write.h"
#include "ledger/run_locks.h"
#include "ledger/sql/order_moving.h"
#include "ledger/sql/text_list.h"
#include "ledger/sql/whole_file_questions.h"
#include "store/connection.h"
#include "util/failure.h"

namespace domspool {

namespace {

struct BatchCounts {
    std::int64_t good = 0, refused = 0, skipped = 0;
    std::int64_t rows() const { return good + refused + skipped; }
};

BatchCounts count_rows(store::Connection& connection, BatchId batch) {
    auto& row = connection.prepare(
        "SELECT verdict, COUNT(*) FROM batch_rows WHERE batch_id = $1 GROUP BY verdict");
    row.bind(batch);
    BatchCounts counts;
    while (row.next_row()) {
        const std::string verdict = row.text(0);
        if (verdict == "good") counts.good = row.integer(1);
        if (verdict == "refused") counts.refused = row.integer(1);
        if (verdict == "skipped") counts.skipped = row.integer(1);
    }
    return counts;
}

struct BatchHead {
    std::string name, content_hash;
    RunId run = 0;
};

BatchHead require_incomplete(store::Connection& connection, BatchId batch) {
    auto& row = connection.prepare(
        "SELECT name, content_hash, run_id FROM batches WHERE batch_id = $1 AND complete = 0");
    row.bind(batch);
    const bool is_incomplete = row.next_row();
    DOMSPOOL_ASSERT(is_incomplete);
    BatchHead head{row.text(0), row.text(1), row.integer(2)};
    row.run();
    return head;
}

void make_orders(store::Connection& connection, BatchId batch, UtcTime now) {
    connection
        .prepare(
            "INSERT INTO orders (batch_id, line, kind, domain, reference, fields, auth_code, "
            "state, instead_of, resembles, accepted_at, changed_at) "
            "SELECT batch_id, line, kind, domain, reference, normalised, auth_code, "
            "'accepted', instead_of, resembles, CAST($1 AS TEXT), CAST($1 AS TEXT) FROM batch_rows "
            "WHERE batch_id = $2 AND verdict = 'good' ORDER BY line")
        .bind(to_iso(now))
        .bind(batch)
        .run();
    // The orders hold these now; a code is kept in one place.
    connection
        .prepare("UPDATE batch_rows SET normalised = '', auth_code = NULL WHERE batch_id = $1")
        .bind(batch)
        .run();
}

// The one statement after which the batch's orders can be claimed.
void mark_complete(store::Connection& connection, BatchId batch, const BatchEnd& end,
                   const BatchCounts& counts) {
    const bool some_rows_have_ended = counts.good < counts.rows();
    connection
        .prepare(
            "UPDATE batches SET complete = 1, columns = $1, row_count = $2, result_due = $3, "
            "states_count = $4 WHERE batch_id = $5 AND complete = 0")
        .bind(write_list(end.columns))
        .bind(counts.rows())
        .bind(some_rows_have_ended ? 1 : 0)
        .bind(end.states_count ? 1 : 0)
        .bind(batch)
        .run();
    DOMSPOOL_ASSERT(connection.rows_changed() == 1);
}

void require_nobody_reads(store::Connection& connection, const RunLocks& locks,
                          const std::string& content_hash, RunId run) {
    auto& row = connection.prepare(
        "SELECT run_id FROM batches WHERE content_hash = $1 AND complete = 0 AND run_id <> $2");
    row.bind(content_hash).bind(run);
    std::vector<RunId> readers;
    while (row.next_row()) readers.push_back(row.integer(0));
    for (const RunId reader : readers) {
        if (!locks.is_alive(reader)) continue;
        throw RunFailure(ExitCode::try_later, "cannot take the file: run " +
                                                  std::to_string(reader) +
                                                  " is just reading the same; try again later");
    }
}

}  // namespace

BatchId LedgerWrite::begin_batch(const BatchIntake& batch) {
    require_nobody_reads(connection_, locks_, batch.content_hash, batch.run);
    auto& row = connection_.prepare(
        "INSERT INTO batches (name, content_hash, run_id, taken_at, is_retry) "
        "VALUES ($1, $2, $3, $4, $5) RETURNING batch_id");
    row.bind(batch.name).bind(batch.content_hash).bind(batch.run).bind(to_iso(batch.at));
    row.bind(batch.is_retry ? 1 : 0);
    const bool is_entered = row.next_row();
    DOMSPOOL_ASSERT(is_entered);
    const BatchId id = row.integer(0);
    row.run();
    return id;
}

void LedgerWrite::enter_rows(BatchId batch, const std::vector<IntakeRow>& rows) {
    std::ignore = require_incomplete(connection_, batch);  // Only that it is.
    for (const IntakeRow& row : rows) enter_row(connection_, batch, row);
}

bool LedgerWrite::complete_batch(BatchId batch, const BatchEnd& end, UtcTime now) {
    const BatchHead head = require_incomplete(connection_, batch);
    judge_whole_file(connection_, {batch, head.name, head.content_hash, now, end.judging});
    const BatchCounts counts = count_rows(connection_, batch);
    if (end.on_error == OnError::refuse_file && counts.refused > 0) return false;
    make_orders(connection_, batch, now);
    mark_complete(connection_, batch, end, counts);
    note_event(connection_, {.at = now,
                             .run = head.run,
                             .order = {},
                             .batch = batch,
                             .kind = "batch_taken",
                             .text = head.name + ": " + std::to_string(counts.good) +
                                     " accepted, " + std::to_string(counts.refused) + " refused, " +
                                     std::to_string(counts.skipped) + " skipped"});
    return true;
}

std::vector<OrderId> LedgerWrite::accepted_of(BatchId batch) {
    auto& row = connection_.prepare(
        "SELECT order_id FROM orders WHERE batch_id = $1 AND state = 'accepted' ORDER BY order_id");
    row.bind(batch);
    std::vector<OrderId> orders;
    while (row.next_row()) orders.push_back(row.integer(0));
    return orders;
}

void LedgerWrite::abandon_batch(BatchId batch) {
    const BatchHead head = require_incomplete(connection_, batch);
    if (locks_.is_alive(head.run) && !locks_.is_ours(head.run)) {
        throw RunFailure(ExitCode::try_later, "cannot take the file: run " +
                                                  std::to_string(head.run) +
                                                  " is just reading the same; try again later");
    }
    delete_batch(batch);
}

void LedgerWrite::delete_batch(BatchId batch) {
    connection_.prepare("DELETE FROM batch_rows WHERE batch_id = $1").bind(batch).run();
    connection_.prepare("DELETE FROM batches WHERE batch_id = $1 AND complete = 0")
        .bind(batch)
        .run();
    wish_log_cut();
}

// An order that ended after its row was read makes the result due again.
void LedgerWrite::note_result_written(BatchId batch, UtcTime now) {
    connection_
        .prepare(
            "UPDATE batches SET result_due = 0 WHERE batch_id = $1 AND NOT EXISTS "
            "(SELECT 1 FROM orders WHERE batch_id = $1 AND ended_at > $2)")
        .bind(batch)
        .bind(to_iso(now))
        .run();
    connection_.prepare("UPDATE batches SET promised_result = NULL WHERE batch_id = $1")
        .bind(batch)
        .run();
}

}  // namespace domspool
