#include "report/orders/outcome_table.h"

#include "report/terminal/table_columns.h"
#include "util/visible_text.h"

#include <array>
#include <utility>

namespace domspool {

namespace {

constexpr std::array<std::string_view, 11> kStatesInOrder = {
    "done",     "done_open_ends", "waiting", "in_progress", "accepted", "skipped",
    "in_doubt", "held",           "failed",  "cancelled",   "refused"};
constexpr std::size_t kOrdersNamed = 3;
constexpr int kWideEnough = 74;  // for operation and price in the line

TableColumns columns_of_outcomes(const Look& look) {
    std::vector<TableColumn> columns = {{"line", 5, Align::right},
                                        {"domain", 30, Align::left, true},
                                        {"state", 14},
                                        {"order", 7, Align::right}};
    if (!look.is_terminal() || look.width >= kWideEnough) {
        columns.push_back({"operation", 9, Align::right});
        columns.push_back({"price", 10, Align::right});
    }
    if (!look.is_terminal()) columns.push_back({"message", 0});
    return TableColumns(look, std::move(columns));
}

template <typename Number>
std::string number_text(const std::optional<Number>& number) {
    return number ? std::to_string(*number) : "";
}

// What the line does not say already.
std::string words_below(const OutcomeRow& row, const BatchRow& batch_row) {
    if (row.state == kRefused) return "";  // In the list of problems.
    return batch_row.order ? domspool::words_below(*batch_row.order) : row.message;
}

std::string amounts(const std::map<std::string, std::int64_t>& cents) {
    std::string text;
    for (const auto& [currency, amount] : cents) {
        text += (text.empty() ? "" : " + ") + to_text(Money{amount, currency});
    }
    return text;
}

bool may_still_be_spent(const OrderRecord& order) {
    return order.keeps_domain && !is_end(order.state);
}

}  // namespace

void OutcomeTally::add(const BatchRow& row) {
    ++rows[outcome_row(row).state];
    if (!row.order || !row.order->price) return;
    const OrderRecord& order = *row.order;
    const bool is_done =
        order.state == OrderState::done || order.state == OrderState::done_open_ends;
    if (is_done) ordered[order.price->currency] += order.price->cents;
    if (may_still_be_spent(order)) pending[order.price->currency] += order.price->cents;
}

int OutcomeTally::total() const {
    int sum = 0;
    for (const auto& [state, count] : rows) sum += count;
    return sum;
}

int OutcomeTally::of(std::string_view state) const {
    const auto found = rows.find(std::string(state));
    return found == rows.end() ? 0 : found->second;
}

std::string rows_in_words(const OutcomeTally& tally) {
    const int total = tally.total();
    std::string text = std::to_string(total) + (total == 1 ? " row" : " rows");
    std::string separator = ": ";
    for (const std::string_view state : kStatesInOrder) {
        if (tally.of(state) == 0) continue;
        text += separator + std::to_string(tally.of(state)) + " " + std::string(state);
        separator = ", ";
    }
    return text;
}

std::string money_in_words(const OutcomeTally& tally) {
    std::string text;
    if (!tally.ordered.empty()) text = "ordered at quoted prices: " + amounts(tally.ordered);
    if (!tally.pending.empty()) {
        text += (text.empty() ? "" : "; ") + ("pending: " + amounts(tally.pending));
    }
    return text;
}

OutcomeTable::OutcomeTable(const Look& look, Write write) : look_(look), write_(std::move(write)) {}

void OutcomeTable::add(const BatchRow& row) {
    tally_.add(row);
    const OutcomeRow outcome = outcome_row(row);
    for (const std::string& problem : row.problems) problems_.add(row.line, problem);
    if (row.order && outcome.needs_a_person) {
        std::vector<OrderId>& orders = needing_a_person_[outcome.state];
        if (orders.size() < kOrdersNamed) orders.push_back(row.order->id);
        batch_ = row.order->batch;
    }
    if (look_.is_terminal() && is_enough(outcome)) {
        ++left_out_;
        return;
    }
    write_row(outcome, words_below(outcome, row));
}

// Of refused rows the list of problems tells more than their lines.
bool OutcomeTable::is_enough(const OutcomeRow& row) {
    if (row.state == kRefused) return ++refused_ > kRefusedShown;
    return !row.needs_a_person && ++quiet_ > kQuietShown;
}

void OutcomeTable::write_row(const OutcomeRow& row, const std::string& words) {
    const TableColumns columns = columns_of_outcomes(look_);
    if (!std::exchange(is_headed_, true)) write_(columns.header());
    std::vector<TableCell> cells = {{std::to_string(row.line)},
                                    {shown_domain(row.domain)},
                                    {row.state, colour_of_state(row.state)},
                                    {number_text(row.order_id)}};
    if (!look_.is_terminal() || look_.width >= kWideEnough) {
        cells.push_back({number_text(row.operation_id)});
        cells.push_back({row.price ? to_text(*row.price) : ""});
    }
    if (!look_.is_terminal()) cells.push_back({visible_text(row.message)});
    write_(columns.line(cells));
    if (look_.is_terminal() && !words.empty()) write_(columns.note(visible_text(words)));
}

// Its first word may be a state, which is coloured.
void OutcomeTable::write_words(const std::string& words, const std::string& state) {
    std::string text;
    if (look_.is_terminal()) {
        for (const std::string& line : wrapped(words, look_.width)) text += line + "\n";
    } else {
        text = words + "\n";
    }
    write_(coloured(state, colour_of_state(state), look_) + text.substr(state.size()));
}

void OutcomeTable::write_next_commands() {
    for (const auto& [state, orders] : needing_a_person_) {
        std::string commands;
        if (tally_.of(state) > static_cast<int>(orders.size())) {
            commands = "domain-orders list --state " + state + " --batch " + std::to_string(batch_);
        } else {
            for (const OrderId order : orders) {
                commands += (commands.empty() ? "" : ", ") +
                            ("domain-orders show " + std::to_string(order));
            }
        }
        if (state == "in_doubt") commands += "; pending-check looks and settles it";
        write_words(state + ": " + commands, state);
    }
    if (tally_.of("waiting") > 0) write_words("waiting: pending-check asks what became of it");
}

void OutcomeTable::finish(const std::string& result_place) {
    if (left_out_ > 0) {
        write_("       and " + std::to_string(left_out_) + " more rows, counted below\n");
    }
    // On a pipe each refused row's own line says it all.
    if (look_.is_terminal() && !problems_.empty()) {
        write_("\nrefused:\n" + problems_.text(look_));
    }
    if (is_headed_ && look_.is_terminal()) write_("\n");
    write_words(rows_in_words(tally_));
    if (const std::string money = money_in_words(tally_); !money.empty()) write_words(money);
    write_next_commands();
    if (!result_place.empty()) write_words("result: " + visible_text(result_place));
}

}  // namespace domspool
