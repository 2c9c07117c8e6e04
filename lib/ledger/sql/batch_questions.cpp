#include "ledger/ledger_questions.h"
#include "ledger/sql/row_readers.h"
#include "ledger/sql/text_list.h"
#include "util/failure.h"

namespace domspool {

namespace {

constexpr int kPortion = 100;  // rows read at once, of up to 1,000 fields

const std::string kBatches =
    "SELECT b.batch_id, b.name, b.content_hash, b.taken_at, b.complete, b.result_due, "
    "b.row_count, b.columns, b.states_count, b.archive, b.promised_result, b.is_retry, CASE WHEN "
    "EXISTS (SELECT 1 FROM orders o "
    "WHERE o.batch_id = b.batch_id AND o.ended_at IS NULL) THEN 1 ELSE 0 END FROM batches b ";

BatchRecord read_batch(const store::Statement& row) {
    BatchRecord batch;
    batch.id = row.integer(0);
    batch.name = row.text(1);
    batch.content_hash = row.text(2);
    batch.taken_at = time_in(row, 3);
    batch.complete = row.integer(4) == 1;
    batch.result_due = row.integer(5) == 1;
    batch.rows = static_cast<int>(row.integer(6));
    batch.columns = read_list(row.text(7));
    batch.states_count = row.integer(8) == 1;
    batch.archive = row.text(9);
    batch.promised_result = row.text_or_null(10);
    batch.is_retry = row.integer(11) == 1;
    batch.finished = batch.complete && row.integer(12) == 0;
    return batch;
}

BatchRow read_batch_row(const store::Statement& row) {
    BatchRow read;
    read.line = static_cast<int>(row.integer(0));
    read.kind = kind_in(row, 1);
    read.given = fields_in(row, 2);
    read.domain = row.text(3);
    read.reference = row.text(4);
    read.problems = read_list(row.text(5));
    read.earlier_order = row.integer_or_null(6);
    if (const auto word = row.text_or_null(7)) {
        read.same_by = same_by_of(*word);
        if (!read.same_by) throw_unreadable("what makes two orders the same");
    }
    read.named = {row.integer_or_null(8), row.text(9)};
    constexpr int kOrder = 10, kEarlier = kOrder + kOrderColumns;
    if (row.integer_or_null(kOrder)) read.order = read_order_row(row, kOrder);
    if (row.integer_or_null(kEarlier)) read.earlier = read_order_row(row, kEarlier);
    return read;
}

void add_counts(store::Statement& row, std::map<std::string, int>& counts) {
    while (row.next_row()) counts[row.text(0)] += static_cast<int>(row.integer(1));
}

}  // namespace

std::string LedgerQuestions::id() const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT ledger_id FROM stamp");
    const bool is_there = row.next_row();
    DOMSPOOL_ASSERT(is_there);
    return row.text(0);
}

std::optional<BatchRecord> LedgerQuestions::batch(BatchId id) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(kBatches + "WHERE b.batch_id = $1");
    row.bind(id);
    if (!row.next_row()) return std::nullopt;
    return read_batch(row);
}

// One read whole tells more than one that a dead run read by half.
std::optional<BatchRecord> LedgerQuestions::batch_of_content(const std::string& hash) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        kBatches + "WHERE b.content_hash = $1 ORDER BY b.complete DESC, b.batch_id DESC LIMIT 1");
    row.bind(hash);
    if (!row.next_row()) return std::nullopt;
    return read_batch(row);
}

std::vector<BatchRecord> LedgerQuestions::batches_with_result_due() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(kBatches + "WHERE b.result_due = 1 ORDER BY b.batch_id");
    std::vector<BatchRecord> batches;
    while (row.next_row()) batches.push_back(read_batch(row));
    return batches;
}

std::map<std::string, int> LedgerQuestions::count_by_state(std::optional<BatchId> batch) const {
    const Asking asking(*this);
    std::map<std::string, int> counts;
    if (batch) {
        add_counts(connection_
                       .prepare("SELECT state, COUNT(*) FROM orders WHERE batch_id = $1 "
                                "GROUP BY state")
                       .bind(*batch),
                   counts);
        add_counts(connection_
                       .prepare("SELECT verdict, COUNT(*) FROM batch_rows WHERE batch_id = $1 "
                                "AND verdict <> 'good' GROUP BY verdict")
                       .bind(*batch),
                   counts);
        return counts;
    }
    add_counts(connection_.prepare("SELECT state, COUNT(*) FROM orders GROUP BY state"), counts);
    add_counts(connection_.prepare("SELECT r.verdict, COUNT(*) FROM batch_rows r "
                                   "JOIN batches b ON b.batch_id = r.batch_id "
                                   "WHERE r.verdict <> 'good' AND b.complete = 1 "
                                   "GROUP BY r.verdict"),
               counts);
    return counts;
}

int LedgerQuestions::orders_cancelled_by_others() const {
    const Asking asking(*this);
    return static_cast<int>(
        number_from(connection_,
                    "SELECT COUNT(*) FROM steps s JOIN orders o ON o.order_id = s.order_id "
                    "WHERE s.phase = 'main' AND s.state = 'open_end' AND o.state = 'cancelled'"));
}

// In portions, and not while asking: whoever takes the rows may ask and write.
void LedgerQuestions::rows_of_batch(BatchId id, const std::function<void(BatchRow&&)>& take) const {
    int line = -1;
    for (;;) {
        auto rows = rows_behind(id, line);
        if (rows.empty()) return;
        line = rows.back().line;
        for (BatchRow& row : rows) take(std::move(row));
    }
}

std::vector<BatchRow> LedgerQuestions::rows_behind(BatchId batch, int line) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT r.line, r.kind, r.given, r.domain, r.reference, r.problems, r.earlier_order, "
        "r.same_by, r.named_order, r.named_ledger, " +
        order_columns("o.") + ", " + order_columns("e.") +
        " FROM batch_rows r LEFT JOIN orders o ON o.batch_id = r.batch_id AND o.line = r.line "
        "LEFT JOIN orders e ON e.order_id = r.earlier_order "
        "WHERE r.batch_id = $1 AND r.line > $2 ORDER BY r.line LIMIT $3");
    row.bind(batch).bind(line).bind(kPortion);
    std::vector<BatchRow> rows;
    while (row.next_row()) {
        rows.push_back(read_batch_row(row));
        if (rows.back().order) complete(*rows.back().order);
    }
    return rows;
}

}  // namespace domspool
