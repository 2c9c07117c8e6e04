#include "jobs/order_lookup.h"
#include "support/small_ledger.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

IntakeRow with_reference(IntakeRow row, const std::string& reference) {
    row.reference = row.given["reference"] = row.normalised["reference"] = reference;
    return row;
}

std::vector<OrderId> ids(const std::vector<OrderRecord>& orders) {
    std::vector<OrderId> result;
    for (const OrderRecord& order : orders) result.push_back(order.id);
    return result;
}

}  // namespace

TEST_CASE("an order is found by its number, domain in any form, and reference") {
    SmallLedger small;
    small.add_batch({with_reference(SmallLedger::good_row(2, "xn--bcher-kva.example"), "K 1"),
                     SmallLedger::good_row(3, "b.example")});
    const OrderId first = find_orders(*small.ledger, "b.example").front().id - 1;
    CHECK(ids(find_orders(*small.ledger, std::to_string(first))) == std::vector{first});
    CHECK(ids(find_orders(*small.ledger, "xn--bcher-kva.example")) == std::vector{first});
    CHECK(ids(find_orders(*small.ledger,
                          "B\xC3\xBC"
                          "cher.Example")) == std::vector{first});
    CHECK(ids(find_orders(*small.ledger, "K 1")) == std::vector{first});
    CHECK(find_orders(*small.ledger, "K").empty());
    CHECK(find_orders(*small.ledger, "99999999999999999999").empty());
    CHECK(find_orders(*small.ledger, "").empty());
}

TEST_CASE("an order is found by its operation, unless the number is an order's") {
    SmallLedger small;
    const BatchId batch = small.add_batch({SmallLedger::good_row(2, "a.example")});
    OrderId order = 0;
    small.ledger->write([&](LedgerWrite& w) {
        const auto claimed = w.claim_next(small.run->id(), batch, 1, small.clock.now().utc);
        REQUIRE(claimed.size() == 1);
        order = claimed.front().order.id;
        const Claim& claim = claimed.front().claim;
        w.store_plan(claim, {{StepPhase::main, "domainCreate", {}}});
        AttemptIntent intent;
        intent.position = 1;
        intent.at = small.clock.now();
        const AttemptId attempt = w.begin_attempt(claim, intent, std::nullopt);
        AttemptEnd end;
        end.outcome = AttemptOutcome::pending;
        end.operation = 4711;
        end.status = "Pending";
        end.at = small.clock.now();
        OrderMove move;
        move.state = OrderState::waiting;
        move.position = 1;
        move.step_state = StepState::waiting;
        w.finish_attempt(claim, attempt, end, move);
    });
    CHECK(ids(find_orders(*small.ledger, "4711")) == std::vector{order});
    CHECK(find_orders(*small.ledger, "4712").empty());
}

TEST_CASE("all orders for a domain are found, the newest first") {
    SmallLedger small;
    const BatchId first = small.add_batch({SmallLedger::good_row(2, "a.example")});
    const OrderId failed = small.fail_next(first, "the extension is unknown");
    small.add_batch({SmallLedger::good_row(2, "a.example")});
    const std::vector<OrderId> found = ids(find_orders(*small.ledger, "a.example"));
    REQUIRE(found.size() == 2);
    CHECK(found.back() == failed);
    CHECK(found.front() > failed);
}
