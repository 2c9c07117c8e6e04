#include "report/summary/summary_csv.h"

#include "report/terminal/csv_line.h"
#include "util/visible_text.h"

namespace domspool {

namespace {

std::string header() {
    CsvLine line;
    for (const char* column :
         {"order_id", "order", "domain", "reference", "state", "operation_id", "code", "message",
          "price", "batch", "line", "accepted_at", "changed_at"}) {
        line.add(column);
    }
    return line.ended();
}

std::string number(const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : "";
}

std::string line_of(const SummaryOrder& order) {
    const OutcomeRow& row = order.row;
    CsvLine line;
    line.add(number(row.order_id));
    line.add(to_word(row.kind));
    line.add(row.domain);
    line.add(visible_text(row.reference));
    line.add(row.state);
    line.add(number(row.operation_id));
    line.add(visible_text(row.code));
    line.add(visible_text(row.message));
    line.add(row.price ? to_text(*row.price) : "");
    line.add(std::to_string(order.batch));
    line.add(std::to_string(row.line));
    line.add(to_iso(order.accepted_at));
    line.add(to_iso(order.changed_at));
    return line.ended();
}

}  // namespace

std::string to_csv(const Summary& summary, std::size_t most_rows) {
    std::string text = header();
    std::size_t rows = 0;
    for (const SummaryOrder& order : summary.news) {
        if (++rows > most_rows) continue;
        text += line_of(order);
    }
    if (rows > most_rows) {
        CsvLine line;
        line.add("#left_out");
        line.add(std::to_string(rows - most_rows));
        text += line.ended();
    }
    return text;
}

}  // namespace domspool
