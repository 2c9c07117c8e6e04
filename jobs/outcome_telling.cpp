#include "jobs/outcome_telling.h"

#include "report/machine/json_lines.h"
#include "report/orders/outcome_row.h"
#include "report/orders/outcome_table.h"
#include "util/visible_text.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr auto kBetweenBars = std::chrono::milliseconds(100);

std::string state_and_why(const OutcomeRow& row) {
    return row.state + (row.message.empty() ? "" : ": " + row.message);
}

std::string in_one_line(const OutcomeRow& row) {
    return "line " + std::to_string(row.line) + " " + row.domain + ": " +
           visible_text(state_and_why(row));
}

}  // namespace

OutcomeTelling::OutcomeTelling(Console& console, Tables tables)
    : console_(console),
      shows_tables_(tables == Tables::unless_quiet && console.as_text()),
      begun_(std::chrono::steady_clock::now()) {}

void OutcomeTelling::expect(int orders) {
    const std::lock_guard lock(mutex_);
    progress_.total += orders;
}

void OutcomeTelling::note(const OrderRecord& order) {
    const std::lock_guard lock(mutex_);
    const bool is_first = touched_.insert(order.id).second;
    touched_batches_.insert(order.batch);
    if (console_.is_verbose()) {
        console_.print(in_one_line(outcome_row(order)) + "\n");
    }
    if (!is_first) return;
    if (needs_a_person(order)) {
        ++progress_.wrong;
    } else if (is_end(order.state)) {
        ++progress_.ended;
    } else if (order.state != OrderState::accepted) {
        ++progress_.pending;
    }
    show_progress(order);
}

void OutcomeTelling::show_progress(const OrderRecord& order) {
    if (!console_.look().is_terminal() || console_.is_quiet()) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_shown_ < kBetweenBars) return;
    last_shown_ = now;
    progress_.now = order.domain.unicode();
    progress_.elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - begun_);
    console_.show_progress(progress_bar(progress_, console_.look()));
}

void OutcomeTelling::count(const BatchRow& row, IsNew is_new) {
    ++rows_;
    const OutcomeRow outcome = outcome_row(row);
    if (outcome.state == to_word(OrderState::accepted)) {
        ++left_over_;
        if (row.order) batches_left_over_.insert(row.order->batch);
        if (!outcome.message.empty()) {
            postponed_.add({source_, outcome.domain, outcome.line, outcome.message});
        }
    }
    // What was told by an earlier run is no news.
    const bool is_news = row.order ? touched_.contains(row.order->id) : is_new == IsNew::yes;
    if (!is_news || !(outcome.needs_a_person || is_skipped_as_alike(row))) return;
    ++wrong_[outcome.state];
    wrong_rows_.add({source_, outcome.domain, outcome.line, state_and_why(outcome), row.problems});
}

void OutcomeTelling::tell_batch(const Ledger& ledger, BatchId batch, IsNew is_new,
                                const std::string& result_place, Rows rows) {
    console_.show_progress("");
    source_ = ledger.batch(batch)->name;
    OutcomeTable table(console_.look(), [&](std::string_view text) { console_.print(text); });
    const bool as_json = console_.as_json();
    ledger.rows_of_batch(batch, [&](BatchRow&& row) {
        const bool is_touched = row.order && touched_.contains(row.order->id);
        if (rows == Rows::touched && !is_touched) return;
        count(row, is_new);
        if (as_json) console_.print(json_line(outcome_row(row)));
        if (shows_tables_) table.add(row);
    });
    if (shows_tables_) table.finish(result_place);
}

std::set<BatchId> OutcomeTelling::touched_batches() const {
    const std::lock_guard lock(mutex_);
    return touched_batches_;
}

void OutcomeTelling::tell_news() {
    std::string counts;
    for (const auto& [state, count] : wrong_) {
        counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + state;
    }
    if (wrong_rows_.count() > 0) {
        const bool is_shown = shows_tables_ || console_.as_json();
        console_.complain(ExitCode::some_orders_wrong,
                          std::to_string(wrong_rows_.count()) + " of " + std::to_string(rows_) +
                              " rows need a person: " + counts +
                              (is_shown ? "" : wrong_rows_.text(console_.look())));
    }
    if (postponed_.count() > 0) {
        console_.complain(
            ExitCode::try_later,
            std::to_string(postponed_.count()) + " of " + std::to_string(rows_) +
                " orders cannot be sent now and stay accepted:" + postponed_.text(console_.look()));
    }
}

std::string OutcomeTelling::left_over() const {
    if (left_over_ == 0) return "";
    return std::to_string(left_over_) + " of " + std::to_string(rows_) +
           " orders were not sent and stay accepted";
}

}  // namespace domspool
