#include "ledger/ledger_case.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

std::vector<OrderId> ids(LedgerCase& with, const OrderFilter& filter) {
    std::vector<OrderId> found;
    for (const OrderRecord& order : with.ledger().orders(filter)) found.push_back(order.id);
    return found;
}

using Ids = std::vector<OrderId>;

}  // namespace

TEST_CASE("orders are found by every filter alone and by several together") {
    LedgerCase with;
    IntakeRow transfer = row(3, "b.example", "K-2");
    transfer.kind = OrderKind::transfer;
    const BatchId first = with.take({row(2, "a.example", "K-1"), transfer});
    const ClaimedOrder third = with.planned("c.example");
    with.finish(third, with.begin(third), AttemptOutcome::pending, waiting_move(), 4711);

    CHECK(ids(with, {}) == Ids{3, 2, 1});
    OrderFilter filter;
    filter.oldest_first = true;
    CHECK(ids(with, filter) == Ids{1, 2, 3});
    filter.limit = 2;
    CHECK(ids(with, filter) == Ids{1, 2});
    filter = {};
    filter.state = OrderState::waiting;
    CHECK(ids(with, filter) == Ids{3});
    filter = {};
    filter.kind = OrderKind::transfer;
    CHECK(ids(with, filter) == Ids{2});
    filter = {};
    filter.batch = first;
    CHECK(ids(with, filter) == Ids{2, 1});
    filter.reference = "K-1";
    CHECK(ids(with, filter) == Ids{1});
    filter.limit = 5;
    CHECK(ids(with, filter) == Ids{1});
    filter = {};
    filter.domain = "b.example";
    CHECK(ids(with, filter) == Ids{2});
    filter = {};
    filter.operation = 4711;
    CHECK(ids(with, filter) == Ids{3});
    filter.operation = 4712;
    CHECK(ids(with, filter).empty());
    filter = {};
    filter.accepted_before = utc(1);
    CHECK(ids(with, filter).empty());
    filter.accepted_before = utc(2);
    CHECK(ids(with, filter) == Ids{3, 2, 1});
    filter.accepted_after = utc(1);
    CHECK(ids(with, filter).empty());
    filter = {};
    filter.domain = "no'such.example";
    CHECK(ids(with, filter).empty());
}

TEST_CASE("an operation of a follow-up finds its order too") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example", three_steps());
    with.finish(order, with.begin(order, 3), AttemptOutcome::pending, waiting_move(3), 99);
    OrderFilter filter;
    filter.operation = 99;
    const auto found = with.ledger().orders(filter);
    REQUIRE(found.size() == 1);
    CHECK(found[0].steps.size() == 3);
}

TEST_CASE("an order that is not there is out of range") {
    LedgerCase with;
    CHECK_THROWS_AS(with.ledger().order(1), std::out_of_range);
    CHECK_THROWS_AS(with.ledger().auth_code(1), std::out_of_range);
}

TEST_CASE("follow-ups are due once the main step is done, at their time, and unclaimed") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example", three_steps());
    const auto due = [&](int seconds) {
        return with.ledger().orders_with_due_follow_ups(utc(seconds));
    };
    const auto step_done = [&](int position) {
        OrderMove move = planned_again(position);
        move.step_state = StepState::done;
        with.finish(order, with.begin(order, position), AttemptOutcome::done, move);
    };
    step_done(1);
    with.write([&](LedgerWrite& w) { w.release(order.claim); });
    CHECK(due(999).empty());  // The main step is not done.
    const ClaimedOrder again = with.claim(order.order.id);
    const AttemptId attempt = with.begin(again, 2);
    OrderMove main_done = planned_again(2);
    main_done.step_state = StepState::done;
    with.finish(again, attempt, AttemptOutcome::done, main_done);
    CHECK(due(999).empty());  // Claimed.
    OrderMove later = planned_again(3);
    later.due_at = utc(500);
    with.write([&](LedgerWrite& w) {
        w.move_order(again.claim, later, utc(80));
        w.release(again.claim);
    });
    CHECK(due(499).empty());
    CHECK(due(500) == Ids{order.order.id});
}

TEST_CASE("all orders are counted by state, with the rows that never became orders") {
    LedgerCase with;
    with.order_for("a.example");
    with.done_order("b.example");
    with.take({row(2, "c.example"), row(3, "c.example"), row(4, "a.example")});
    const std::map<std::string, int> expected{
        {"accepted", 1}, {"done", 1}, {"refused", 2}, {"skipped", 1}};
    CHECK(with.ledger().count_by_state({}) == expected);
}

TEST_CASE("what is read back is checked as strictly as input") {
    LedgerCase with;
    with.order_for("a.example");
    const auto damage = [&](const std::string& sql) {
        store::Connection connection(with.database(), {store::Access::read_write, true});
        connection.run(sql);
    };
    damage("UPDATE orders SET fields = 'no line end'");
    CHECK(trouble_in([&] { with.ledger().order(1); }) == store::Trouble::corrupt);
    damage("UPDATE orders SET fields = '', accepted_at = 'yesterday'");
    CHECK(trouble_in([&] { with.ledger().order(1); }) == store::Trouble::corrupt);
    damage("UPDATE orders SET accepted_at = changed_at, domain = 'A.example'");
    CHECK(trouble_in([&] { with.ledger().order(1); }) == store::Trouble::corrupt);
}

TEST_CASE("questions see what was committed by others, at once") {
    LedgerCase with;
    const auto other = Ledger::open_read_only(with.path(), kStamp);
    CHECK(other->orders({}).empty());
    const OrderId order = with.order_for("a.example");
    CHECK(other->order(order).domain.ascii() == "a.example");
}
