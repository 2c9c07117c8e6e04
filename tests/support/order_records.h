// Records as a ledger would hand them out, short to write.
#pragma once

#include "ledger/ledger_records.h"

#include <optional>
#include <string>
#include <utility>

namespace domspool::test {

inline UtcTime at(const char* iso) {
    return *from_iso(iso);
}

inline OrderRecord order_in(OrderState state, OrderId id = 12,
                            const std::string& domain = "example.com") {
    OrderRecord order{.domain = DomainName::from_stored(domain)};
    order.id = id;
    order.batch = 3;
    order.line = static_cast<int>(id - 10);
    order.state = state;
    order.keeps_domain = state == OrderState::waiting || state == OrderState::in_doubt;
    order.fields = {{"domain", domain}, {"owner", "AB1001"}, {"years", "1"}};
    order.accepted_at = at("2026-11-24T17:15:23.123Z");
    order.changed_at = at("2026-11-24T17:16:00.000Z");
    if (is_end(state)) order.ended_at = order.changed_at;
    return order;
}

inline BatchRow row_of(OrderRecord order) {
    BatchRow row;
    row.line = order.line;
    row.kind = order.kind;
    row.domain = order.domain.ascii();
    row.reference = order.reference;
    row.given = order.fields;
    row.order = std::move(order);
    return row;
}

inline BatchRow refused_row(int line, const std::string& domain, const std::string& problem) {
    BatchRow row;
    row.line = line;
    row.domain = domain;
    row.given = {{"domain", domain}};
    row.problems = {problem};
    return row;
}

}  // namespace domspool::test
