#include "report/summary/summary.h"

#include "report/orders/settling.h"
#include "util/failure.h"

#include <algorithm>
#include <utility>

namespace domspool {

namespace {

constexpr std::size_t kRefusedRows = 10;  // shown of a file

constexpr std::array<std::string_view, 11> kWorstFirst = {
    "failed",      "refused",  "held",    "in_doubt", "done_open_ends", "cancelled", "waiting",
    "in_progress", "accepted", "skipped", "done"};

std::size_t rank_of(const std::string& state) {
    return static_cast<std::size_t>(std::ranges::find(kWorstFirst, state) - kWorstFirst.begin());
}

bool is_kept_by(const std::map<std::string, int>& counts, std::string_view state) {
    const auto found = counts.find(std::string(state));
    return found != counts.end() && found->second > 0;
}

// With the registrar's own words, where our reason does not repeat them.
OutcomeRow told_row(const OrderRecord& order) {
    OutcomeRow row = outcome_row(order);
    const bool is_said =
        order.message.empty() || row.message.find(order.message) != row.message.npos;
    if (row.needs_a_person && !is_said) {
        row.message += " (the registrar: " + order.code + (order.code.empty() ? "" : ": ") +
                       order.message + ")";
    }
    return row;
}

class Gathering {
  public:
    Gathering(const Ledger& ledger, const SummaryScope& scope) : ledger_(ledger), scope_(scope) {
        summary_.host = scope.host;
        summary_.account = scope.account;
        summary_.until = scope.now;
        summary_.since = ledger.last_report_at();
    }

    Summary gather() {
        add_news();
        add_events();
        add_open_orders();
        add_operations();
        const auto first_day =
            std::chrono::floor<std::chrono::days>(scope_.now) - std::chrono::days(kChartDays - 1);
        summary_.days = ledger_.ends_by_day(first_day);
        summary_.foreign = ledger_.foreign_operations();
        summary_.sending_hold = ledger_.sending_hold();
        summary_.release = "domain-orders release --all" + scope_.command_tail;
        std::ranges::stable_sort(summary_.matters, {}, &Matter::since);
        return std::move(summary_);
    }

  private:
    void add_news() {
        ledger_.orders_for_report(scope_.report, [&](OrderRecord&& order) {
            SummaryOrder told{
                told_row(order), order.batch, order.accepted_at, order.changed_at, {}};
            if (told.row.needs_a_person) {
                told.commands = settling_commands(order, scope_.command_tail);
            }
            ++summary_.counts[told.row.state];
            summary_.cancelled_by_others += is_cancelled_by_others(order) ? 1 : 0;
            const bool is_done =
                order.state == OrderState::done || order.state == OrderState::done_open_ends;
            if (is_done && order.price) {
                summary_.ordered[order.price->currency] += order.price->cents;
            }
            summary_.news.push_back(std::move(told));
        });
        std::ranges::stable_sort(summary_.news, {},
                                 [](const SummaryOrder& told) { return rank_of(told.row.state); });
    }

    void add_events() {
        for (const EventRecord& event : ledger_.events_for_report(scope_.report)) {
            if (event.kind == "batch_taken" && event.batch) {
                add_file(event);
            } else {
                summary_.notes.push_back({event.at, event.kind, event.text, event.order});
            }
        }
    }

    void add_file(const EventRecord& event) {
        SummaryFile file;
        file.batch = *event.batch;
        file.taken_at = event.at;
        file.words = event.text;
        const auto counts = ledger_.count_by_state(file.batch);
        if (is_kept_by(counts, kRefused)) {
            file.refused = counts.at(kRefused);
            ledger_.rows_of_batch(file.batch, [&](BatchRow&& row) {
                const bool is_wanted = !row.problems.empty() && !row.order;
                if (!is_wanted || file.refused_rows.size() >= kRefusedRows) return;
                file.refused_rows.push_back(outcome_row(row));
            });
        }
        summary_.counts[kRefused] += file.refused;
        summary_.files.push_back(std::move(file));
    }

    void add_open_orders() {
        for (const auto& [word, count] : ledger_.count_by_state({})) {
            const auto state = order_state_of(word);
            if (state && !is_end(*state)) summary_.open[word] = count;
        }
        add_pending_money();
        for (const OrderForAPerson& waiting : ledger_.orders_for_a_person(scope_.now)) {
            add_matter(waiting);
        }
    }

    // What failed is told once as news, then counted.
    void add_matter(const OrderForAPerson& waiting) {
        if (waiting.attention.reason == AttentionReason::failed) {
            ++summary_.failed_not_settled;
            return;
        }
        Matter matter;
        matter.order = told_row(waiting.order);
        matter.why = words_of(waiting.attention.reason);
        matter.since = waiting.attention.since;
        matter.commands = settling_commands(waiting.order, scope_.command_tail);
        summary_.matters.push_back(std::move(matter));
    }

    // What was begun and has no end may still be spent.
    void add_pending_money() {
        for (const OrderState state : {OrderState::in_progress, OrderState::waiting,
                                       OrderState::in_doubt, OrderState::held}) {
            if (!is_kept_by(summary_.open, to_word(state))) continue;
            OrderFilter filter;
            filter.state = state;
            for (const OrderRecord& order : ledger_.orders(filter)) {
                if (!order.keeps_domain || !order.price) continue;
                summary_.pending[order.price->currency] += order.price->cents;
            }
        }
    }

    void add_operations() {
        for (const OpenOperation& operation : ledger_.open_operations()) {
            if (!summary_.oldest_pending || operation.since < *summary_.oldest_pending) {
                summary_.oldest_pending = operation.since;
            }
            ++summary_.pending_ages[age_class(operation.since)];
        }
    }

    std::size_t age_class(UtcTime since) const {
        constexpr std::array<std::chrono::hours, 4> kBelow = {
            std::chrono::hours(1), std::chrono::hours(24), std::chrono::hours(3 * 24),
            std::chrono::hours(7 * 24)};
        const auto age = scope_.now - since;
        return static_cast<std::size_t>(std::ranges::upper_bound(kBelow, age) - kBelow.begin());
    }

    const Ledger& ledger_;
    const SummaryScope& scope_;
    Summary summary_;
};

}  // namespace

Summary summarize(const Ledger& ledger, const SummaryScope& scope) {
    return Gathering(ledger, scope).gather();
}

std::string headline(const Summary& summary) {
    const auto of = [](const std::map<std::string, int>& counts, const char* state) {
        const auto found = counts.find(state);
        return found == counts.end() ? 0 : found->second;
    };
    const std::pair<int, const char*> parts[] = {
        {of(summary.counts, "failed"), "failed"},
        {of(summary.counts, "refused"), "refused"},
        {of(summary.open, "held"), "held"},
        {of(summary.open, "in_doubt"), "in doubt"},
        {of(summary.counts, "done_open_ends"), "with open ends"},
        {summary.cancelled_by_others, "cancelled by others"},
        {of(summary.counts, "cancelled") - summary.cancelled_by_others, "cancelled"},
        {of(summary.open, "waiting"), "waiting"},
        {of(summary.counts, "skipped"), "skipped"},
        {of(summary.counts, "done"), "done"},
    };
    std::string text = summary.sending_hold ? "all sending held" : "";
    for (const auto& [count, word] : parts) {
        if (count == 0) continue;
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + word;
    }
    if (!text.empty()) return text;
    const std::size_t waiting = summary.matters.size();
    if (waiting == 0) return "nothing new";
    return std::to_string(waiting) + (waiting == 1 ? " waits" : " wait") + " for a person";
}

bool has_errors(const Summary& summary) {
    for (const char* state : {"failed", "refused", "held", "in_doubt", "done_open_ends"}) {
        if (is_kept_by(summary.counts, state)) return true;
    }
    return is_kept_by(summary.open, "in_doubt") || summary.cancelled_by_others > 0 ||
           std::ranges::any_of(summary.notes, [](const SummaryNote& note) {
               return note.kind.find("refused") != std::string::npos;
           });
}

bool is_due(ReportPolicy policy, const Summary& summary) {
    if (!summary.matters.empty() || summary.sending_hold) return true;
    switch (policy) {
        case ReportPolicy::always:
            return true;
        case ReportPolicy::on_change:
            return !summary.news.empty() || !summary.files.empty() || has_errors(summary);
        case ReportPolicy::on_error:
            return has_errors(summary);
        case ReportPolicy::on_attention:
            return false;
    }
    our_bug("a policy without a rule", __FILE__, __LINE__);
}

}  // namespace domspool
