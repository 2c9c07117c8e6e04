// Orders that wait for the end of their operations, and passes over them.
#pragma once

#include "support/engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace domspool::test {

// Registrations that are pending, with operations 1001, 1002 ...; the diary is empty.
struct Waiting {
    explicit Waiting(int number, const FieldMap& more = {}) {
        std::vector<FieldMap> rows;
        for (int i = 0; i < number; ++i) {
            engine.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
            FieldMap row = more;
            row["domain"] = "d" + std::to_string(i) + ".com";
            row["years"] = "1";
            row["owner"] = "AE1";
            rows.push_back(row);
        }
        engine.submission.most_orders = 0;
        const BatchId batch = engine.batch(OrderKind::register_domain, rows);
        engine.submit();
        OrderFilter filter;
        filter.batch = batch;
        filter.oldest_first = true;
        for (const OrderRecord& order : engine.ledger().orders(filter)) orders.push_back(order.id);
        REQUIRE(engine.ledger().open_operations().size() == static_cast<std::size_t>(number));
        engine.registrar.diary.clear();
    }
    PendingReport pass_after(std::chrono::seconds time) {
        engine.clock.advance(time);
        return engine.pass();
    }
    std::string state(int index) {
        return engine.state_of(orders[static_cast<std::size_t>(index)]);
    }
    // It leaves the list; queryOpe says what it is told.
    void leave_list(OperationId id) {
        std::erase_if(engine.registrar.pending_rows,
                      [&](const PendingRow& row) { return row.id == id; });
    }

    Engine engine;
    std::vector<OrderId> orders;
};

}  // namespace domspool::test
