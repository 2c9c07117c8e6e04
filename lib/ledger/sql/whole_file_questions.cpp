#include "ledger/sql/whole_file_questions.h"

#include "ledger/sql/earlier_orders.h"
#include "ledger/sql/named_orders.h"
#include "ledger/sql/row_verdicts.h"
#include "ledger/sql/text_list.h"

#include <vector>

namespace domspool {

namespace {

using What = RowVerdict::What;

// Refused rows count as well: which of the two was meant is not to be guessed. MATERIALIZED:
// PostgreSQL, which has not counted the new rows yet, would gather them anew for each of them.
constexpr const char* kSameDomain =
    "WITH t (kind, domain, first_line, last_line) AS MATERIALIZED (SELECT kind, domain, "
    "MIN(line), MAX(line) FROM batch_rows WHERE batch_id = $1 AND domain <> '' "
    "GROUP BY kind, domain HAVING COUNT(*) > 1) "
    "SELECT r.line, CASE WHEN r.line = t.first_line THEN t.last_line ELSE t.first_line END, "
    "r.domain FROM t JOIN batch_rows r ON r.kind = t.kind AND r.domain = t.domain "
    "WHERE r.batch_id = $1 ORDER BY r.line";

constexpr const char* kSameReference =
    "WITH t (kind, reference, first_line, last_line) AS MATERIALIZED (SELECT kind, reference, "
    "MIN(line), MAX(line) FROM batch_rows WHERE batch_id = $1 AND reference <> '' "
    "GROUP BY kind, reference HAVING COUNT(*) > 1) "
    "SELECT r.line, CASE WHEN r.line = t.first_line THEN t.last_line ELSE t.first_line END, "
    "r.reference FROM t JOIN batch_rows r ON r.kind = t.kind AND r.reference = t.reference "
    "WHERE r.batch_id = $1 ORDER BY r.line";

// What an order is that it may only resemble, the run that sends finds out before it needs a code.
constexpr const char* kMissingCodes =
    "SELECT r.line FROM batch_rows r WHERE r.batch_id = $1 AND r.verdict = 'good' "
    "AND r.auth_code = '(kept)' AND r.resembles IS NULL AND NOT EXISTS (SELECT 1 FROM orders o "
    "WHERE o.domain = r.domain AND o.kind = r.kind AND o.auth_code IS NOT NULL) ORDER BY r.line";

constexpr const char* kTakeKeptCodes =
    "UPDATE batch_rows SET auth_code = (SELECT o.auth_code FROM orders o "
    "WHERE o.domain = batch_rows.domain AND o.kind = batch_rows.kind "
    "AND o.auth_code IS NOT NULL ORDER BY o.order_id DESC LIMIT 1) "
    "WHERE batch_id = $1 AND verdict = 'good' AND auth_code = '(kept)'";

// With the texts around the other line's number.
void add_twice(store::Connection& connection, BatchId batch, const char* question,
               const std::string& field, const std::string& advice,
               std::vector<RowVerdict>& verdicts) {
    auto& row = connection.prepare(question);
    row.bind(batch);
    while (row.next_row()) {
        verdicts.push_back({.line = static_cast<int>(row.integer(0)),
                            .what = What::refused,
                            .text = field + " '" + row.text(2) + "': stands in line " +
                                    std::to_string(row.integer(1)) + " too" + advice});
    }
}

std::vector<RowVerdict> verdicts_on_twice(store::Connection& connection, BatchId batch) {
    std::vector<RowVerdict> verdicts;
    add_twice(connection, batch, kSameDomain, "domain",
              ", with the same kind of order; leave one of the two", verdicts);
    add_twice(connection, batch, kSameReference, "reference",
              "; give each order a reference of its own", verdicts);
    return verdicts;
}

std::vector<RowVerdict> verdicts_on_codes(store::Connection& connection, BatchId batch) {
    auto& row = connection.prepare(kMissingCodes);
    row.bind(batch);
    std::vector<RowVerdict> verdicts;
    while (row.next_row()) {
        verdicts.push_back(
            {.line = static_cast<int>(row.integer(0)),
             .what = What::refused,
             .text =
                 "auth_code '(kept)': the ledger keeps no code for this domain; give the code"});
    }
    return verdicts;
}

}  // namespace

void enter_row(store::Connection& connection, BatchId batch, const IntakeRow& row) {
    auto& entered = connection.prepare(
        "INSERT INTO batch_rows (batch_id, line, kind, domain, reference, given, normalised, "
        "auth_code, verdict, problems, named_order, named_ledger) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    entered.bind(batch).bind(row.line).bind(to_word(row.kind)).bind(row.domain);
    entered.bind(row.reference).bind(write_fields(row.given));
    entered.bind(write_fields(row.normalised));
    if (row.auth_code.empty()) {
        entered.bind_null();
    } else {
        entered.bind(row.auth_code.reveal());
    }
    entered.bind(row.problems.empty() ? "good" : "refused");
    entered.bind(write_list(row.problems));
    entered.bind(row.named.order).bind(row.named.ledger).run();
}

void judge_whole_file(store::Connection& connection, const JudgedFile& file) {
    const auto enter = [&](const std::vector<RowVerdict>& verdicts) {
        enter_verdicts(connection, file.batch, file.name, verdicts);
    };
    const std::vector<RowVerdict> twice = verdicts_on_twice(connection, file.batch);
    // A number names an order better than its reference does.
    enter(verdicts_on_named(connection, file));
    const std::vector<RowVerdict> by_reference = verdicts_by_reference(connection, file);
    enter(twice);
    enter(by_reference);
    enter(verdicts_by_domain(connection, file));
    // An order that was sent may have been sent with a code that is gone.
    if (file.judging != Judging::as_found) enter(verdicts_on_codes(connection, file.batch));
    connection.prepare(kTakeKeptCodes).bind(file.batch).run();
}

}  // namespace domspool
