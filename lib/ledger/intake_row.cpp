#include "ledger/intake_row.h"

namespace domspool {

IntakeRow intake_row(OrderRow&& row, const std::string& file_name) {
    IntakeRow entry;
    entry.line = row.line;
    entry.kind = row.kind;
    entry.given = std::move(row.given);
    entry.named = std::move(row.named);
    entry.domain = row.order ? row.order->domain.ascii() : field_of(entry.given, "domain");
    entry.reference = row.order ? row.order->reference : field_of(entry.given, "reference");
    for (const FieldFault& fault : row.faults) {
        entry.problems.push_back(
            to_text(Problem{file_name, row.line, fault.field, fault.value, fault.reason}));
    }
    if (entry.problems.empty()) {
        entry.normalised = std::move(row.normalised);
        entry.auth_code = std::move(row.auth_code);
    }
    return entry;
}

}  // namespace domspool
