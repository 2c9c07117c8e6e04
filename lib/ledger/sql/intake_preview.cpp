#include "ledger/sql/intake_preview.h"

#include "ledger/ledger_place.h"
#include "ledger/sql/text_list.h"
#include "ledger/sql/whole_file_questions.h"

namespace domspool {

namespace {

constexpr BatchId kNoBatch = 0;

// A temporary table goes before one of the same name in the ledger. In memory: rows can hold codes.
constexpr const char* kRowsInMemory =
    "CREATE TEMPORARY TABLE batch_rows (batch_id BIGINT NOT NULL, line BIGINT NOT NULL, "
    "kind TEXT NOT NULL, domain TEXT NOT NULL, reference TEXT NOT NULL, given TEXT NOT NULL, "
    "normalised TEXT NOT NULL, auth_code TEXT, verdict TEXT NOT NULL, "
    "problems TEXT NOT NULL DEFAULT '', earlier_order BIGINT, instead_of BIGINT, "
    "named_order BIGINT, named_ledger TEXT NOT NULL, same_by TEXT, resembles BIGINT, "
    "PRIMARY KEY (batch_id, line))";

std::vector<RowPreview> read_rows(store::Connection& connection) {
    auto& row = connection.prepare(
        "SELECT line, problems, earlier_order, same_by, instead_of, resembles, auth_code "
        "FROM batch_rows ORDER BY line");
    std::vector<RowPreview> rows;
    while (row.next_row()) {
        rows.push_back({static_cast<int>(row.integer(0)), read_list(row.text(1)),
                        row.integer_or_null(2), same_by_of(row.text_or_null(3).value_or("")),
                        row.integer_or_null(4), row.integer_or_null(5),
                        Secret(row.text_or_null(6).value_or(""))});
    }
    return rows;
}

}  // namespace

std::vector<RowPreview> foresee_intake(const std::string& ledger_path, const ForeseenFile& file,
                                       const std::vector<IntakeRow>& rows) {
    // PostgreSQL lets nobody who only reads make a table, not even one of his own.
    const bool is_file = !is_in_postgresql(ledger_path);
    store::Connection connection(
        database_of(ledger_path),
        {is_file ? store::Access::read_only : store::Access::read_write, true});
    if (is_file) connection.run("PRAGMA temp_store = MEMORY");
    connection.run(kRowsInMemory);
    for (const IntakeRow& row : rows) enter_row(connection, kNoBatch, row);
    judge_whole_file(connection, {kNoBatch, file.name, file.content_hash, file.now, file.judging});
    return read_rows(connection);
}

}  // namespace domspool
