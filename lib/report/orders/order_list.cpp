#include "report/orders/order_list.h"

#include "report/orders/outcome_row.h"
#include "report/terminal/csv_line.h"
#include "report/terminal/table_columns.h"
#include "util/visible_text.h"

#include <map>
#include <utility>

namespace domspool {

namespace {

constexpr int kWideList = 77;  // for the day and the kind in the line

bool is_wide(const Look& look) {
    return !look.is_terminal() || look.width >= kWideList;
}

TableColumns columns_of_list(const Look& look) {
    std::vector<TableColumn> columns = {{"order", 7, Align::right}};
    if (is_wide(look)) columns.push_back({"accepted", 10});
    columns.push_back({"domain", 30, Align::left, true});
    if (is_wide(look)) columns.push_back({"kind", 11});
    columns.push_back({"state", 14});
    if (is_wide(look)) columns.push_back({"operation", 9, Align::right});
    if (!look.is_terminal()) {
        columns.push_back({"batch:line", 10});
        columns.push_back({"reference", 12});
        columns.push_back({"message", 0});
    }
    return TableColumns(look, std::move(columns));
}

std::string place(const OrderRecord& order) {
    return std::to_string(order.batch) + ":" + std::to_string(order.line);
}

// The day of "2026-11-24 17:15 UTC".
std::string day(UtcTime time) {
    return to_minute(time).substr(0, 10);
}

std::vector<TableCell> cells_of(const OrderRecord& order, const Look& look) {
    const OutcomeRow row = outcome_row(order);
    std::vector<TableCell> cells = {{std::to_string(order.id)}};
    if (is_wide(look)) cells.push_back({day(order.accepted_at)});
    cells.push_back({shown_domain(row.domain)});
    if (is_wide(look)) cells.push_back({std::string(to_word(order.kind))});
    cells.push_back({row.state, colour_of_state(row.state)});
    if (is_wide(look)) {
        cells.push_back({order.operation ? std::to_string(*order.operation) : ""});
    }
    if (!look.is_terminal()) {
        cells.push_back({place(order)});
        cells.push_back({visible_text(order.reference)});
        cells.push_back({visible_text(row.message)});
    }
    return cells;
}

}  // namespace

std::string order_list(const std::vector<OrderRecord>& orders, const Look& look) {
    const TableColumns columns = columns_of_list(look);
    std::string text = orders.empty() ? "" : columns.header();
    std::map<OrderState, int> counts;
    for (const OrderRecord& order : orders) {
        ++counts[order.state];
        text += columns.line(cells_of(order, look));
        const std::string words = words_below(order);
        if (look.is_terminal() && !words.empty()) text += columns.note(visible_text(words));
    }
    text += std::to_string(orders.size()) + (orders.size() == 1 ? " order" : " orders");
    std::string separator = ": ";
    for (const auto& [state, count] : counts) {
        text += std::exchange(separator, ", ") + std::to_string(count) + " " +
                std::string(to_word(state));
    }
    return text + "\n";
}

std::string order_csv(const std::vector<OrderRecord>& orders) {
    std::string text =
        csv_line({"order_id", "batch", "line", "order", "domain", "reference", "state",
                  "operation_id", "code", "message", "price", "accepted_at", "changed_at"});
    for (const OrderRecord& order : orders) {
        const OutcomeRow row = outcome_row(order);
        text += csv_line(
            {std::to_string(order.id), std::to_string(order.batch), std::to_string(order.line),
             std::string(to_word(order.kind)), row.domain, visible_text(order.reference), row.state,
             row.operation_id ? std::to_string(*row.operation_id) : "", visible_text(row.code),
             visible_text(row.message), row.price ? to_text(*row.price) : "",
             to_iso(order.accepted_at), to_iso(order.changed_at)});
    }
    return text;
}

}  // namespace domspool
