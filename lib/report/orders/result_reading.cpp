#include "report/orders/result_reading.h"

#include "orders/csv_rows.h"
#include "orders/order_values.h"
#include "orders/retyped_cells.h"
#include "util/utf8.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace domspool {

namespace {

using Cells = std::map<std::string, std::string>;

constexpr std::string_view kEnd = "#end";

std::optional<std::int64_t> number_in(const std::string& cell) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    const bool is_number = error == std::errc() && end == cell.data() + cell.size() && number > 0;
    return is_number ? std::optional(number) : std::nullopt;
}

OldRow row_of(const Cells& cells) {
    const auto cell = [&](const char* name) {
        const auto found = cells.find(name);
        return found == cells.end() ? std::string() : retyped_cells::unguarded(found->second);
    };
    OldRow row;
    row.domain = cell("domain");
    row.outcome.state = cell("state");
    row.outcome.order = number_in(cell("order_id"));
    row.outcome.operation = number_in(cell("operation_id"));
    row.outcome.code = cell("code");
    row.outcome.message = cell("message");
    row.outcome.price = parse_money(cell("price"));
    return row;
}

}  // namespace

std::vector<OldRow> read_result(const std::string& text) {
    bool is_given = false, is_result = false;
    std::vector<std::string> names;
    std::vector<OldRow> rows;
    std::string_view content = text;
    if (content.starts_with(utf8::kByteOrderMark))
        content.remove_prefix(utf8::kByteOrderMark.size());
    const auto trouble = read_csv_rows(
        [&] { return std::exchange(is_given, true) ? std::string_view() : content; }, {},
        [&](CsvRow&& row) {
            if (names.empty()) {
                for (std::string& cell : row.cells)
                    names.push_back(order_values::folded(std::move(cell)));
                const auto has = [&](const char* name) {
                    return std::find(names.begin(), names.end(), name) != names.end();
                };
                is_result = has("domain") && has("state") && has("order_id") && has("message");
                return is_result;
            }
            const bool is_end = row.cells.size() == 2 && row.cells.front() == kEnd;
            if (is_end) return true;
            if (row.cells.size() != names.size()) return is_result = false;
            Cells cells;
            for (std::size_t i = 0; i < names.size(); ++i) cells[names[i]] = row.cells[i];
            rows.push_back(row_of(cells));
            return true;
        });
    if (trouble || !is_result) rows.clear();
    return rows;
}

}  // namespace domspool
