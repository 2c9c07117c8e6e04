#include "report/result_rows.h"

#include "report/outcome_row.h"
#include "util/visible_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace domspool {

namespace {

constexpr std::array<std::string_view, 6> kResultColumns = {"state", "order_id", "operation_id",
                                                            "code",  "message",  "price"};
constexpr std::string_view kPrevious = "previous_nameservers";
constexpr std::string_view kAuthCode = "auth_code";
constexpr std::string_view kOrderId = "order_id";

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

bool is_result_column(std::string_view name) {
    return name == kPrevious ||
           std::find(kResultColumns.begin(), kResultColumns.end(), name) != kResultColumns.end();
}

std::string quoted_cell(const std::string& cell) {
    if (cell.find_first_of(",;\"\r\n\t") == std::string::npos &&
        (cell.empty() || (cell.front() != ' ' && cell.back() != ' '))) {
        return cell;
    }
    std::string quoted = "\"";
    for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

class Line {
  public:
    void add(std::string_view cell) {
        if (!is_first_) text_ += ',';
        is_first_ = false;
        text_ += quoted_cell(neutralised(cell));
    }
    std::string ended() const { return text_ + "\n"; }

  private:
    std::string text_;
    bool is_first_ = true;
};

// The code itself is never shown: only whether it is still there for an order to come. Of a row
// that became no order nothing was kept.
std::string auth_code_cell(const BatchRow& row) {
    if (!row.order || !row.order->fields.contains(std::string(kAuthCode))) return "";
    return row.order->has_auth_code ? "(kept)" : "(wiped)";
}

std::map<std::string, std::string> by_lower_name(const FieldMap& given) {
    std::map<std::string, std::string> cells;
    for (const auto& [name, value] : given) cells.emplace(lower(name), value);
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
    return column == kAuthCode || is_result_column(column);
}

}  // namespace

std::string neutralised(std::string_view cell) {
    const std::size_t first = cell.find_first_not_of('\'');
    const bool would_run = first != std::string_view::npos &&
                           std::string_view("=+-@\t\r").find(cell[first]) != std::string_view::npos;
    return would_run ? "'" + std::string(cell) : std::string(cell);
}

std::string csv_line(const std::vector<std::string>& cells) {
    Line line;
    for (const std::string& cell : cells) line.add(cell);
    return line.ended();
}

ResultRows::ResultRows(const std::vector<std::string>& input_columns, PreviousNameservers previous)
    : previous_(previous) {
    for (const std::string& column : input_columns) {
        if (!is_result_column(lower(column))) columns_.push_back(column);
    }
}

std::string ResultRows::header() const {
    Line line;
    for (const std::string& column : columns_) line.add(column);
    for (const std::string_view column : kResultColumns) line.add(column);
    if (previous_ == PreviousNameservers::shown) line.add(kPrevious);
    return line.ended();
}

std::string ResultRows::row(const BatchRow& row, std::string_view previous_nameservers) const {
    const std::map<std::string, std::string> cells = by_lower_name(row.given);
    Line line;
    for (const std::string& column : columns_) {
        const std::string name = lower(column);
        const auto cell = cells.find(name);
        if (name == kAuthCode) {
            line.add(auth_code_cell(row));
        } else {
            line.add(cell == cells.end() ? "" : cell->second);
        }
    }
    const OutcomeRow outcome = outcome_row(row);
    line.add(outcome.state);
    line.add(outcome.order_id ? std::to_string(*outcome.order_id) : "");
    line.add(outcome.operation_id ? std::to_string(*outcome.operation_id) : "");
    line.add(visible_text(outcome.code));
    line.add(visible_text(outcome.message));
    line.add(outcome.price ? to_text(*outcome.price) : "");
    if (previous_ == PreviousNameservers::shown) line.add(previous_nameservers);
    return line.ended();
}

void ResultComparison::compare(std::string_view line) {
    if (!is_same_) return;
    const auto now = take_line(line);
    const auto old = take_line(rest_);
    is_same_ = now && old && now->size() == old->size();
    if (!is_same_) return;
    if (header_.empty()) {
        header_ = *now;
        is_same_ = *old == *now;
        return;
    }
    for (std::size_t i = 0; i < now->size() && is_same_; ++i) {
        is_same_ = (*now)[i] == (*old)[i] || may_differ(lower(header_[i]), (*old)[i]);
    }
}

}  // namespace domspool
