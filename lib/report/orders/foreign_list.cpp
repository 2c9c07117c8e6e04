#include "report/orders/foreign_list.h"

#include "report/terminal/csv_line.h"
#include "report/terminal/table_columns.h"
#include "util/visible_text.h"

namespace domspool {

namespace {

TableColumns columns_for(const Look& look) {
    return TableColumns(look, {{"operation", 9, Align::right},
                               {"target", 20, Align::left, true},
                               {"call", 20},
                               {"status", 8},
                               {"first seen", 20}});
}

}  // namespace

std::string foreign_list(const std::vector<ForeignOperation>& operations, const Look& look) {
    const TableColumns columns = columns_for(look);
    std::string text = operations.empty() ? "" : columns.header();
    for (const ForeignOperation& operation : operations) {
        text += columns.line({{std::to_string(operation.id)},
                              {shown_domain(operation.target)},
                              {visible_text(operation.code)},
                              {visible_text(operation.status)},
                              {to_minute(operation.first_seen)}});
    }
    return text + std::to_string(operations.size()) +
           (operations.size() == 1 ? " operation" : " operations") +
           " that this ledger did not start\n";
}

std::string foreign_csv(const std::vector<ForeignOperation>& operations) {
    std::string text =
        csv_line({"operation_id", "target", "code", "status", "first_seen_at", "last_seen_at"});
    for (const ForeignOperation& operation : operations) {
        text += csv_line({std::to_string(operation.id), visible_text(operation.target),
                          visible_text(operation.code), visible_text(operation.status),
                          to_iso(operation.first_seen), to_iso(operation.last_seen)});
    }
    return text;
}

}  // namespace domspool
