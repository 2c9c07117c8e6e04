// A ledger that was put back does not know the files taken since. They lie in the spool's done/ and
// active/, some with a result file that was written from the ledger that is lost. That is all there
// is to go by, and it is weighed so:
// - "ended" in a result file was true when it was written, and an end is an end: such an order is
//   entered as ended and never sent.
// - Everything else (accepted, waiting, held, a row the result does not tell, no result at all) may
//   have been sent after the result was written, in a run nobody remembers: perhaps sent, in doubt.
// - A row that was refused then is refused now, in the words of its result, though the reader or
//   the rules may have changed since.
//
// The questions about a whole file are asked as at any intake, so that the same rows are skipped
// for an earlier order. Only a missing EPP code refuses nothing: codes are wiped from files that
// ended.
//
// Numbers are kept, of batches and of orders, because people have them: in mails, in result files
// they may hand in again, in the names of files. So all unknown files are read first, and new
// numbers begin above every number that any of them tells; then they are entered one by one. A
// number that is taken already (another order has it in the copy) is given up for a new one.
//
// Known is a file by its content; by its name in active/, which was noted together with its batch;
// or, where its codes were wiped and its content is another now, by its batch number, if it lies
// where that batch's file lies. In doubt it is unknown: read a second time, its rows are skipped
// for the orders there are or looked for before they are sent; taken for known, they would be lost.
//
// Nobody else writes meanwhile: reconcile holds the lock of all runs, and this is one transaction
// with the doubting of the orders that are known.
#include "ledger/care/entering_found.h"

#include "ledger/ledger_questions.h"
#include "ledger/sql/order_moving.h"
#include "ledger/sql/row_readers.h"
#include "ledger/sql/text_list.h"
#include "ledger/sql/whole_file_questions.h"
#include "util/failure.h"

#include <algorithm>
#include <map>
#include <set>

namespace domspool {

namespace {

bool is_known(store::Connection& connection, const FoundFile& file) {
    const LedgerQuestions questions(connection);
    const auto same = questions.batch_of_content(file.content_hash);
    if (same && same->complete) return true;
    if (!file.read_from.empty()) {
        const auto read = questions.spool_file(file.read_from);
        if (!read || !read->batch) return false;
        const auto batch = questions.batch(*read->batch);
        return batch && batch->complete;
    }
    if (!file.batch || !file.codes_are_wiped) return false;
    const auto batch = questions.batch(*file.batch);
    connection.let_go();
    return batch && batch->complete && file.belongs_to(*batch);
}

// A refused row names what its file named, a skipped one may name the earlier order that it is.
bool has_surely_own_order(const OldOutcome& outcome) {
    return outcome.order && outcome.state != "refused" &&
           outcome.state != to_word(OrderState::skipped);
}

// The number of an order that has ended, or nothing where it is not told.
std::optional<OrderState> end_in(const std::optional<OldOutcome>& outcome) {
    if (!outcome) return std::nullopt;
    const auto state = order_state_of(outcome->state);
    return state && is_end(*state) ? state : std::nullopt;
}

class FoundEntry {
  public:
    FoundEntry(store::Connection& connection, LedgerWrite& verbs, RunId run, UtcTime now,
               const std::function<void(OrderId)>& doubt)
        : connection_(connection),
          verbs_(verbs),
          run_(run),
          now_(now),
          doubt_(doubt),
          last_known_(connection.last_number("orders", "order_id")),
          next_free_(last_known_ + 1) {}

    // New numbers stay clear of those that people were told.
    void keep_clear_of(const FoundRows& rows) {
        for (const FoundRow& row : rows.rows) {
            if (!row.outcome || !row.outcome->order || row.outcome->state == "refused") continue;
            next_free_ = std::max(next_free_, *row.outcome->order + 1);
            if (has_surely_own_order(*row.outcome)) taken_.insert(*row.outcome->order);
        }
    }

    ledger_care::EnteredFile enter(const FoundFile& file, FoundRows&& found) {
        const BatchId batch = begin(file);
        std::map<int, OldOutcome> outcomes;
        bool is_all_told = true;
        for (FoundRow& each : found.rows) {
            is_all_told = is_all_told && each.outcome;
            enter_row(connection_, batch, as_it_was(each));
            if (each.outcome) outcomes.emplace(each.row.line, std::move(*each.outcome));
        }
        judge_whole_file(connection_,
                         {batch, file.name, file.content_hash, file.taken_at, Judging::as_found});
        ledger_care::EnteredFile report{batch, file.name, 0, 0, 0};
        make_orders(file, batch, outcomes, report);
        complete(file, batch, found, is_all_told, report);
        return report;
    }

  private:
    BatchId begin(const FoundFile& file) {
        const bool is_free =
            file.batch && !LedgerQuestions(connection_).batch(*file.batch).has_value();
        const BatchId id =
            is_free ? *file.batch : connection_.last_number("batches", "batch_id") + 1;
        connection_
            .prepare(
                "INSERT INTO batches (batch_id, name, content_hash, run_id, taken_at) "
                "VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(file.name)
            .bind(file.content_hash)
            .bind(run_)
            .bind(to_iso(file.taken_at))
            .run();
        connection_.keep_numbers_above("batches", "batch_id", id);
        if (!file.read_from.empty()) verbs_.note_spool_file(file.read_from, {id, false});
        if (file.codes_are_wiped) verbs_.note_wiped_file(file.content_hash, id);
        return id;
    }

    // What became no order then becomes none now, whatever it was refused for.
    static IntakeRow as_it_was(const FoundRow& found) {
        IntakeRow row = found.row;
        const bool was_refused = found.outcome && found.outcome->state == "refused";
        if (was_refused && row.problems.empty()) {
            row.problems = {found.outcome->message};
            row.normalised.clear();
        }
        return row;
    }

    void make_orders(const FoundFile& file, BatchId batch,
                     const std::map<int, OldOutcome>& outcomes, ledger_care::EnteredFile& report) {
        for (const int line : good_lines(batch)) {
            const auto told = outcomes.find(line);
            const auto outcome =
                told == outcomes.end() ? std::optional<OldOutcome>() : std::optional(told->second);
            const OrderId order = number_for(outcome);
            insert(order, batch, line, outcome, file.taken_at);
            if (end_in(outcome)) {
                ++report.ended;
            } else {
                ++report.perhaps_sent;
                doubt_(order);
            }
        }
    }

    std::vector<int> good_lines(BatchId batch) {
        auto& row = connection_.prepare(
            "SELECT line FROM batch_rows WHERE batch_id = $1 AND verdict = 'good' ORDER BY line");
        row.bind(batch);
        std::vector<int> lines;
        while (row.next_row()) lines.push_back(static_cast<int>(row.integer(0)));
        return lines;
    }

    OrderId number_for(const std::optional<OldOutcome>& outcome) {
        const bool is_named = outcome && outcome->order && outcome->state != "refused" &&
                              *outcome->order > last_known_;
        const bool is_its_own =
            is_named && (has_surely_own_order(*outcome) || !taken_.contains(*outcome->order)) &&
            given_.insert(*outcome->order).second;
        return is_its_own ? *outcome->order : next_free_++;
    }

    void insert(OrderId order, BatchId batch, int line, const std::optional<OldOutcome>& outcome,
                UtcTime taken_at) {
        const auto end = end_in(outcome);
        auto& made = connection_.prepare(
            "INSERT INTO orders (order_id, batch_id, line, kind, domain, reference, fields, "
            "auth_code, state, reason, operation_id, code, price_cents, price_currency, "
            "instead_of, accepted_at, changed_at, ended_at) "
            "SELECT CAST($1 AS BIGINT), batch_id, line, kind, domain, reference, normalised, "
            "CASE WHEN CAST($2 AS BIGINT) = 1 THEN NULL ELSE auth_code END, $3, $4, "
            "CAST($5 AS BIGINT), $6, CAST($7 AS BIGINT), $8, instead_of, CAST($9 AS TEXT), "
            "CAST($9 AS TEXT), CAST($10 AS TEXT) FROM batch_rows "
            "WHERE batch_id = $11 AND line = $12");
        made.bind(order).bind(end ? 1 : 0).bind(to_word(end.value_or(OrderState::accepted)));
        made.bind(end ? outcome->message : std::string());
        made.bind(outcome ? outcome->operation : std::nullopt);
        made.bind(outcome ? outcome->code : std::string());
        bind_price(made, outcome);
        made.bind(to_iso(taken_at));
        made.bind(end ? std::optional(to_iso(taken_at)) : std::nullopt);
        made.bind(batch).bind(line).run();
        DOMSPOOL_ASSERT(connection_.rows_changed() == 1);
        connection_.keep_numbers_above("orders", "order_id", order);
    }

    static void bind_price(store::Statement& made, const std::optional<OldOutcome>& outcome) {
        const bool is_told = outcome && outcome->price;
        made.bind(is_told ? std::optional(outcome->price->cents) : std::nullopt);
        made.bind(is_told ? std::optional(outcome->price->currency) : std::nullopt);
    }

    void complete(const FoundFile& file, BatchId batch, const FoundRows& found, bool is_all_told,
                  ledger_care::EnteredFile& report) {
        // The orders hold these now; a code is kept in one place.
        connection_
            .prepare("UPDATE batch_rows SET normalised = '', auth_code = NULL WHERE batch_id = $1")
            .bind(batch)
            .run();
        connection_
            .prepare(
                "UPDATE batches SET complete = 1, columns = $1, row_count = $2, result_due = $3, "
                "states_count = $4 WHERE batch_id = $5")
            .bind(write_list(found.columns))
            .bind(static_cast<std::int64_t>(found.rows.size()))
            .bind(is_all_told ? 0 : 1)
            .bind(found.states_count ? 1 : 0)
            .bind(batch)
            .run();
        report.other_rows =
            static_cast<int>(found.rows.size()) - report.ended - report.perhaps_sent;
        note_event(connection_,
                   {.at = now_,
                    .run = run_,
                    .order = {},
                    .batch = batch,
                    .kind = "batch_taken",
                    .text = file.name + ": found in the spool, " +
                            std::to_string(report.perhaps_sent) + " perhaps sent, " +
                            std::to_string(report.ended) + " ended as its result file says, " +
                            std::to_string(report.other_rows) + " refused or skipped"});
    }

    store::Connection& connection_;
    LedgerWrite& verbs_;
    const RunId run_;
    const UtcTime now_;
    const std::function<void(OrderId)>& doubt_;
    const OrderId last_known_;
    OrderId next_free_;
    std::set<OrderId> given_;
    std::set<OrderId> taken_;  // by rows whose own order has the number
};

}  // namespace

std::vector<ledger_care::EnteredFile> enter_found_files(store::Connection& connection,
                                                        LedgerWrite& verbs, RunId run,
                                                        const std::vector<FoundFile>& files,
                                                        UtcTime now,
                                                        const std::function<void(OrderId)>& doubt) {
    FoundEntry entry(connection, verbs, run, now, doubt);
    std::vector<std::pair<const FoundFile*, FoundRows>> unknown;
    for (const FoundFile& file : files) {
        if (is_known(connection, file)) continue;
        unknown.emplace_back(&file, file.read());
        entry.keep_clear_of(unknown.back().second);
    }
    std::vector<ledger_care::EnteredFile> entered;
    for (auto& [file, rows] : unknown) {
        // Another copy of the same file may just have been entered.
        if (is_known(connection, *file)) continue;
        entered.push_back(entry.enter(*file, std::move(rows)));
    }
    return entered;
}

}  // namespace domspool
