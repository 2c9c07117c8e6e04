#include "ledger/sql/row_verdicts.h"

#include "ledger/sql/text_list.h"
#include "util/failure.h"

namespace domspool {

namespace {

void refuse(store::Connection& connection, BatchId batch, int line, const std::string& problem) {
    auto& row =
        connection.prepare("SELECT problems FROM batch_rows WHERE batch_id = $1 AND line = $2");
    row.bind(batch).bind(line);
    const bool is_there = row.next_row();
    DOMSPOOL_ASSERT(is_there);
    std::vector<std::string> problems = read_list(row.text(0));
    row.run();
    problems.push_back(problem);
    connection
        .prepare(
            "UPDATE batch_rows SET verdict = 'refused', problems = $1, earlier_order = NULL, "
            "same_by = NULL WHERE batch_id = $2 AND line = $3")
        .bind(write_list(problems))
        .bind(batch)
        .bind(line)
        .run();
}

void skip(store::Connection& connection, BatchId batch, const RowVerdict& verdict) {
    connection
        .prepare(
            "UPDATE batch_rows SET verdict = 'skipped', earlier_order = $1, same_by = $2 "
            "WHERE batch_id = $3 AND line = $4 AND verdict = 'good'")
        .bind(verdict.order)
        .bind(to_word(verdict.how))
        .bind(batch)
        .bind(verdict.line)
        .run();
}

void link(store::Connection& connection, BatchId batch, const RowVerdict& verdict) {
    connection
        .prepare(
            "UPDATE batch_rows SET instead_of = $1 "
            "WHERE batch_id = $2 AND line = $3 AND verdict = 'good' AND instead_of IS NULL")
        .bind(verdict.order)
        .bind(batch)
        .bind(verdict.line)
        .run();
}

void resemble(store::Connection& connection, BatchId batch, const RowVerdict& verdict) {
    connection
        .prepare(
            "UPDATE batch_rows SET resembles = $1 "
            "WHERE batch_id = $2 AND line = $3 AND verdict = 'good'")
        .bind(verdict.order)
        .bind(batch)
        .bind(verdict.line)
        .run();
}

}  // namespace

void enter_verdicts(store::Connection& connection, BatchId batch, const std::string& file_name,
                    const std::vector<RowVerdict>& verdicts) {
    for (const RowVerdict& verdict : verdicts) {
        switch (verdict.what) {
            case RowVerdict::What::refused:
                refuse(connection, batch, verdict.line,
                       file_name + ":" + std::to_string(verdict.line) + ": " + verdict.text);
                break;
            case RowVerdict::What::skipped:
                skip(connection, batch, verdict);
                break;
            case RowVerdict::What::linked:
                link(connection, batch, verdict);
                break;
            case RowVerdict::What::resembling:
                resemble(connection, batch, verdict);
                break;
        }
    }
}

}  // namespace domspool
