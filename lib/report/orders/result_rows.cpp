#include "report/orders/result_rows.h"

#include "orders/order_values.h"
#include "orders/result_columns.h"
#include "orders/retyped_cells.h"
#include "report/orders/outcome_row.h"
#include "report/terminal/csv_line.h"
#include "util/utf8.h"
#include "util/visible_text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace domspool {

namespace {

using result_columns::kLedger;
using result_columns::kOrderId;
using result_columns::kPrevious;

// The code itself is never shown: only whether it is still there for an order to come. Of a row
// that became no order nothing was kept.
std::string auth_code_cell(const BatchRow& row) {
    if (!row.order || !row.order->fields.contains(std::string(kAuthCode))) return "";
    return row.order->has_auth_code ? "(kept)" : "(wiped)";
}

std::map<std::string, std::string> by_lower_name(const FieldMap& given) {
    std::map<std::string, std::string> cells;
    for (const auto& [name, value] : given) cells.emplace(order_values::folded(name), value);
    return cells;
}

// One line of a text that we wrote, into cells. Nothing if we would not have written it so.
std::optional<std::vector<std::string>> take_line(std::string_view& text) {
    std::vector<std::string> cells(1);
    bool is_quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (is_quoted && c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
            cells.back() += text[++at];
        } else if (c == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted && c == ',') {
            cells.emplace_back();
        } else if (!is_quoted && c == '\n') {
            text.remove_prefix(at + 1);
            return cells;
        } else {
            cells.back() += c;
        }
    }
    return std::nullopt;
}

// Whether the cell of a column may be another one in an older result.
bool may_differ(std::string_view column, std::string_view old_cell) {
    if (column == kOrderId) return old_cell.empty();
    return column == kAuthCode || result_columns::is_one(column);
}

// What a row says of its order. A row that is an earlier order keeps what that one cost; a refused
// one goes on naming the order it named, and the ledger that has it.
struct OrderCells {
    std::string order_id, operation_id, price, ledger;
};

OrderCells order_cells(const BatchRow& row, const OutcomeRow& outcome, const std::string& ledger) {
    const bool is_refused = !row.order && !row.earlier;
    const auto number = [](const std::optional<std::int64_t>& value) {
        return value ? std::to_string(*value) : std::string();
    };
    const auto price = row.earlier ? row.earlier->price : outcome.price;
    return {number(is_refused && row.named.order ? row.named.order : outcome.order_id),
            number(row.earlier ? row.earlier->operation : outcome.operation_id),
            price ? to_text(*price) : "",
            is_refused && !row.named.ledger.empty() ? row.named.ledger : ledger};
}

}  // namespace

ResultRows::ResultRows(const std::vector<std::string>& input_columns, PreviousNameservers previous,
                       std::string ledger)
    : previous_(previous), ledger_(std::move(ledger)) {
    for (const std::string& column : input_columns) {
        if (!result_columns::is_one(order_values::folded(column))) columns_.push_back(column);
    }
}

std::string ResultRows::header() const {
    CsvLine line;
    for (const std::string& column : columns_) line.add(column);
    for (const std::string_view column : result_columns::kOfEachRow) line.add(column);
    if (previous_ == PreviousNameservers::shown) line.add(kPrevious);
    return std::string(utf8::kByteOrderMark) + line.ended();
}

std::string ResultRows::row(const BatchRow& row, std::string_view previous_nameservers) const {
    const std::map<std::string, std::string> cells = by_lower_name(row.given);
    CsvLine line;
    for (const std::string& column : columns_) {
        const std::string name = order_values::folded(column);
        const auto cell = cells.find(name);
        if (name == kAuthCode) {
            line.add(auth_code_cell(row));
        } else {
            line.add_as_text(cell == cells.end() ? "" : cell->second);
        }
    }
    const OutcomeRow outcome = outcome_row(row);
    const OrderCells order = order_cells(row, outcome, ledger_);
    line.add(outcome.state);
    line.add(order.order_id);
    line.add(order.operation_id);
    line.add_as_text(visible_text(outcome.code));
    line.add_as_text(visible_text(outcome.message));
    line.add(order.price);
    line.add_as_text(order.ledger);
    if (previous_ == PreviousNameservers::shown) line.add_as_text(previous_nameservers);
    return line.ended();
}

std::string ResultRows::end(int rows) {
    return "#end," + std::to_string(rows) + "\n";
}

ResultComparison::ResultComparison(std::string_view existing) : rest_(existing) {
    if (rest_.starts_with(utf8::kByteOrderMark)) rest_.remove_prefix(utf8::kByteOrderMark.size());
}

void ResultComparison::compare(std::string_view line) {
    if (!is_same_) return;
    const bool is_header = header_.empty();
    if (is_header && line.starts_with(utf8::kByteOrderMark))
        line.remove_prefix(utf8::kByteOrderMark.size());
    auto now = take_line(line);
    const bool is_row = now && now->size() == header_.size() + (missing_ledger_ ? 1 : 0);
    // Nor had it an end.
    if (!is_header && missing_ledger_ && !is_row) return;
    const auto old = take_line(rest_);
    is_same_ = now && old;
    if (!is_same_) return;
    if (is_header) return compare_header(std::move(*now), *old);
    if (missing_ledger_) now->erase(now->begin() + static_cast<std::ptrdiff_t>(*missing_ledger_));
    if (is_row) return compare_row(*now, *old);
    is_same_ = *now == *old;
}

void ResultComparison::compare_header(Cells now, const Cells& old) {
    header_ = old;
    is_same_ = now == old;
    const auto ledger = std::find(now.begin(), now.end(), kLedger);
    if (is_same_ || ledger == now.end()) return;
    missing_ledger_ = static_cast<std::size_t>(ledger - now.begin());
    now.erase(ledger);
    is_same_ = now == old;
}

void ResultComparison::compare_row(const Cells& now, const Cells& old) {
    is_same_ = now.size() == old.size();
    for (std::size_t i = 0; i < now.size() && is_same_; ++i) {
        is_same_ = now[i] == old[i] || may_differ(order_values::folded(header_[i]), old[i]) ||
                   (missing_ledger_ && retyped_cells::unguarded(now[i]) == old[i]);
    }
}

}  // namespace domspool
