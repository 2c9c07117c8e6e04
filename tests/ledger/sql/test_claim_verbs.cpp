#include "ledger/ledger_case.h"
#include "support/cpu_time.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <thread>

using namespace domspool;
using namespace domspool::test;

namespace {

std::vector<OrderId> claim_ids(Ledger& ledger, RunId run, int limit,
                               std::optional<BatchId> batch = {}, int seconds = 100) {
    std::vector<OrderId> ids;
    for (const auto& each : ledger.write(
             [&](LedgerWrite& w) { return w.claim_next(run, batch, limit, utc(seconds)); })) {
        ids.push_back(each.order.id);
    }
    return ids;
}

using Ids = std::vector<OrderId>;

}  // namespace

TEST_CASE("orders are claimed in order of intake, as many as asked for") {
    LedgerCase with;
    with.take({row(2, "a.example"), row(3, "b.example"), row(4, "c.example")});
    CHECK(claim_ids(with.ledger(), with.run(), 2) == Ids{1, 2});
    CHECK(claim_ids(with.ledger(), with.run(), 2) == Ids{3});
    CHECK(claim_ids(with.ledger(), with.run(), 2).empty());
}

TEST_CASE("a claimed order comes with all that is known of it") {
    LedgerCase with;
    with.take({row(7, "a.example", "K-1")});
    const auto claimed =
        with.write([&](LedgerWrite& w) { return w.claim_next(with.run(), {}, 1, utc(5)); });
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].claim.run == with.run());
    CHECK(claimed[0].claim.number == 1);
    CHECK(claimed[0].order.line == 7);
    CHECK(claimed[0].order.domain.ascii() == "a.example");
    CHECK(claimed[0].order.reference == "K-1");
    CHECK(claimed[0].order.fields.at("owner") == "AB9");
    CHECK(claimed[0].order.state == OrderState::accepted);
    CHECK(claimed[0].order.claimed_by == with.run());
    CHECK(claimed[0].order.accepted_at == utc(1));
    CHECK_FALSE(claimed[0].order.price);
}

TEST_CASE("only the orders of the batch named are claimed") {
    LedgerCase with;
    with.take({row(2, "a.example")});
    const BatchId second = with.take({row(2, "b.example"), row(3, "c.example")});
    CHECK(claim_ids(with.ledger(), with.run(), 9, second) == Ids{2, 3});
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{1});
}

TEST_CASE("no order of a batch can be claimed before the batch is complete") {
    LedgerCase with;
    const BatchId batch = with.begin_batch("h");
    with.write([&](LedgerWrite& w) { w.enter_rows(batch, {row(2, "a.example")}); });
    CHECK(claim_ids(with.ledger(), with.run(), 9).empty());
    with.write([&](LedgerWrite& w) {
        return w.complete_batch(batch, {{}, OnError::accept_good_rows}, utc(1));
    });
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{1});
}

TEST_CASE("two programs never claim the same order") {
    LedgerCase with;
    std::vector<IntakeRow> rows;
    for (int i = 0; i < 300; ++i) rows.push_back(row(i + 2, "d" + std::to_string(i) + ".example"));
    with.take(rows);
    const auto other = Ledger::open(with.path(), kStamp);
    const auto other_run = other->begin_run("other", Sends::yes, at(1));

    std::vector<OrderId> mine, its;
    const auto claim_all = [](Ledger& ledger, RunId run, std::vector<OrderId>& into) {
        for (;;) {
            const auto ids = claim_ids(ledger, run, 7);
            if (ids.empty()) return;
            into.insert(into.end(), ids.begin(), ids.end());
        }
    };
    std::thread thread([&] { claim_all(*other, other_run->id(), its); });
    claim_all(with.ledger(), with.run(), mine);
    thread.join();
    std::set<OrderId> all(mine.begin(), mine.end());
    all.insert(its.begin(), its.end());
    CHECK(mine.size() + its.size() == 300);
    CHECK(all.size() == 300);
}

TEST_CASE("a claim's number grows with each taking over") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    const ClaimedOrder first = with.claim(order);
    CHECK_FALSE(with.write([&](LedgerWrite& w) { return w.claim_order(with.run(), order); }));
    with.write([&](LedgerWrite& w) { w.release(first.claim); });
    const ClaimedOrder second = with.claim(order);
    CHECK(second.claim.number > first.claim.number);
}

TEST_CASE("an order that is not there cannot be claimed") {
    LedgerCase with;
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) { return w.claim_order(with.run(), 77); }),
                    std::out_of_range);
}

TEST_CASE("every verb fails once another claim stands, and writes nothing") {
    LedgerCase with;
    const ClaimedOrder old = with.planned("a.example");
    const AttemptId attempt = with.begin(old);
    with.finish(old, attempt, AttemptOutcome::in_doubt, doubt_move());
    with.write([&](LedgerWrite& w) { w.release(old.claim); });
    const ClaimedOrder present = with.claim(old.order.id);
    const std::string dump =
        "SELECT state || reason || changed_at || CAST(claim_number AS TEXT) FROM orders";
    const std::string before = with.word(dump);

    const Claim stale = old.claim;
    const auto lost = [&](const std::function<void(LedgerWrite&)>& verb) {
        CHECK_THROWS_AS(with.write([&](LedgerWrite& w) { verb(w); }), ClaimLost);
    };
    const AttemptEnd end = end_as(AttemptOutcome::done);
    lost([&](LedgerWrite& w) { w.release(stale); });
    lost([&](LedgerWrite& w) { w.postpone(stale, "why", utc(1)); });
    lost([&](LedgerWrite& w) { w.store_plan(stale, one_step()); });
    lost([&](LedgerWrite& w) { w.set_price(stale, {100, "EUR"}); });
    lost([&](LedgerWrite& w) { w.begin_attempt(stale, {1, {}, 0, at(1)}, {}); });
    lost([&](LedgerWrite& w) { w.finish_attempt(stale, attempt, end, done_move()); });
    lost([&](LedgerWrite& w) { w.move_order(stale, done_move(), utc(1)); });
    lost([&](LedgerWrite& w) { w.end_operation(stale, 1, "Done", "", done_move(), utc(1)); });
    lost([&](LedgerWrite& w) { w.settle_doubt(stale, attempt, end, "how", done_move()); });
    lost([&](LedgerWrite& w) { w.note_empty_look(stale, attempt, at(1), ""); });
    Claim of_another_run = present.claim;
    of_another_run.run = with.run() + 1;
    lost([&](LedgerWrite& w) { w.move_order(of_another_run, done_move(), utc(1)); });

    CHECK(with.word(dump) == before);
    CHECK(with.number("SELECT COUNT(*) FROM attempts") == 1);
}

TEST_CASE("an order in progress is claimed when a planned step is due, not before") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example", three_steps());
    OrderMove move = planned_again(3);
    move.due_at = utc(500);
    with.finish(order, with.begin(order, 3), AttemptOutcome::refused, move);
    with.write([&](LedgerWrite& w) { w.release(order.claim); });
    // Its other steps are over, or they would be due.
    with.write([&](LedgerWrite& w) {
        const auto again = w.claim_order(with.run(), order.order.id);
        for (const int position : {1, 2}) {
            OrderMove over = planned_again(position);
            over.step_state = StepState::done;
            w.move_order(again->claim, over, utc(70));
        }
        w.release(again->claim);
    });
    CHECK(claim_ids(with.ledger(), with.run(), 1, {}, 499).empty());
    CHECK(claim_ids(with.ledger(), with.run(), 1, {}, 500) == Ids{order.order.id});
}

TEST_CASE("orders for one domain are claimed one after the other, in order of intake") {
    LedgerCase with;
    const OrderId first = with.order_for("a.example");
    with.take({row(2, "a.example", "second", {{"years", "2"}})});
    with.take({row(2, "a.example", "third", {{"years", "3"}})});
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{first});
    CHECK(claim_ids(with.ledger(), with.run(), 9).empty());  // Claimed and still accepted.
    const OrderRecord second = with.ledger().order(first + 1);
    CHECK(second.state == OrderState::accepted);
    CHECK(second.reason.find("order " + std::to_string(first)) != std::string::npos);

    const auto stale = with.write([&](LedgerWrite& w) { return w.claim_order(with.run(), first); });
    CHECK_FALSE(stale);
    with.reopen();  // Gives the claim back.
    const ClaimedOrder order = with.claim(first);
    with.write([&](LedgerWrite& w) {
        w.move_order(
            order.claim,
            [] {
                OrderMove move = failed_move();
                move.position = 0;
                return move;
            }(),
            utc(9));
    });
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{first + 1});
}

TEST_CASE("an order whose domain another one keeps stays accepted") {
    LedgerCase with;
    const ClaimedOrder first = with.planned("a.example");
    with.finish(first, with.begin(first), AttemptOutcome::pending, waiting_move(), 4711);
    with.take({row(2, "a.example", "second", {{"years", "2"}})});
    CHECK(claim_ids(with.ledger(), with.run(), 9).empty());
    with.write([&](LedgerWrite& w) {
        w.end_operation(first.claim, 4711, "Done", "", done_move(), utc(90));
    });
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{first.order.id + 1});
}

TEST_CASE("an order in progress goes on though an earlier one of its domain is accepted again") {
    LedgerCase with;
    const OrderId first = with.order_for("a.example");
    ClaimedOrder held = with.claim(first);
    OrderMove hold;
    hold.state = OrderState::held;
    hold.held_for = HeldFor::person;
    hold.keeps_domain = false;
    with.write([&](LedgerWrite& w) { w.move_order(held.claim, hold, utc(5)); });
    with.take({row(2, "a.example", "second", {{"years", "2"}})});
    const ClaimedOrder second = with.claim(first + 1);
    with.write([&](LedgerWrite& w) { w.store_plan(second.claim, three_steps()); });
    with.finish(second, with.begin(second), AttemptOutcome::done, planned_again(2));
    OrderMove freed;
    freed.state = OrderState::accepted;
    freed.keeps_domain = false;
    with.write([&](LedgerWrite& w) {
        w.move_order(held.claim, freed, utc(6));
        w.release(held.claim);
        w.release(second.claim);
    });
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{second.order.id});
}

TEST_CASE("what a run put aside it may take up again, what it postponed not") {
    LedgerCase with;
    with.take({row(2, "a.example"), row(3, "b.example"), row(4, "c.example")});
    auto claimed =
        with.write([&](LedgerWrite& w) { return w.claim_next(with.run(), {}, 3, utc(5)); });
    REQUIRE(claimed.size() == 3);
    with.write([&](LedgerWrite& w) {
        w.put_aside(claimed[0].claim, "waits for order 7", utc(6));
        w.postpone(claimed[1].claim, "the extension is closed today", utc(6));
        for (const auto& each : claimed) w.release(each.claim);
    });
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{3});
    const auto again = [&] {
        return with.write([&](LedgerWrite& w) { return w.take_up_again(with.run()); });
    };
    CHECK(again() == 1);
    CHECK(again() == 0);
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{1});
    CHECK(with.ledger().order(1).reason == "waits for order 7");
    CHECK(with.ledger().order(2).postponed_runs == 1);
}

TEST_CASE("a postponed order keeps its reason, counts runs, and comes again with the next run") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    ClaimedOrder claimed = with.claim(order);
    const auto postpone = [&] {
        return with.write([&](LedgerWrite& w) {
            return w.postpone(claimed.claim, "the extension is closed today", utc(9));
        });
    };
    CHECK(postpone() == 1);
    CHECK(postpone() == 1);  // The same run.
    with.write([&](LedgerWrite& w) { w.release(claimed.claim); });
    CHECK(with.ledger().order(order).reason == "the extension is closed today");
    CHECK(with.ledger().order(order).state == OrderState::accepted);
    CHECK(claim_ids(with.ledger(), with.run(), 9).empty());
    with.reopen();
    const auto again =
        with.write([&](LedgerWrite& w) { return w.claim_next(with.run(), {}, 9, utc(9)); });
    REQUIRE(again.size() == 1);
    claimed = again[0];
    CHECK(postpone() == 2);
    CHECK(with.ledger().order(order).postponed_runs == 2);
}

TEST_CASE("runs in which an order was put off count in a row") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    with.write([&](LedgerWrite& w) { w.postpone(order.claim, "not now", utc(9)); });
    with.begin(order);
    CHECK(with.ledger().order(order.order.id).postponed_runs == 0);
    CHECK(with.ledger().order(order.order.id).reason.empty());
}

TEST_CASE("a released order is claimed again, before later ones") {
    LedgerCase with;
    with.take({row(2, "a.example"), row(3, "b.example"), row(4, "c.example")});
    auto claimed =
        with.write([&](LedgerWrite& w) { return w.claim_next(with.run(), {}, 2, utc(9)); });
    with.write([&](LedgerWrite& w) { w.release(claimed[0].claim); });
    CHECK(claim_ids(with.ledger(), with.run(), 9) == Ids{1, 3});
}

TEST_CASE("a run that puts everything aside does not look at it again and again") {
    LedgerCase with;
    std::vector<IntakeRow> rows;
    for (int i = 0; i < 4000; ++i) rows.push_back(row(i + 2, "d" + std::to_string(i) + ".example"));
    with.take(rows);
    const auto begun = cpu_time();
    int postponed = 0;
    // One write: the disk's syncs are not what is measured.
    with.write([&](LedgerWrite& w) {
        for (;;) {
            const auto claimed = w.claim_next(with.run(), {}, 8, utc(9));
            if (claimed.empty()) return;
            for (const auto& each : claimed) {
                w.postpone(each.claim, "not now", utc(9));
                w.release(each.claim);
                ++postponed;
            }
        }
    });
    CHECK(postponed == 4000);
    CHECK(cpu_time() - begun < std::chrono::seconds(20));
}

TEST_CASE("a step added to a plan comes behind the others") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example", three_steps());
    const PlannedStep later{StepPhase::after, "cancelOpe", {{"operation", "7"}}};
    with.write([&](LedgerWrite& w) { w.add_step(order.claim, later); });
    const auto steps = with.ledger().order(order.order.id).steps;
    REQUIRE(steps.size() == 4);
    CHECK(steps[3].position == 4);
    CHECK(steps[3].function == "cancelOpe");
    CHECK(steps[0].function == three_steps()[0].function);
}

TEST_CASE("the runs that postponed an order are counted anew once it is no longer held") {
    LedgerCase with;
    const ClaimedOrder order = with.claim(with.order_for("a.example"));
    OrderMove hold, accept;
    hold.state = OrderState::held;
    hold.held_for = HeldFor::person;
    accept.state = OrderState::accepted;
    hold.keeps_domain = accept.keeps_domain = false;
    with.write([&](LedgerWrite& w) {
        CHECK(w.postpone(order.claim, "not now", utc(1)) == 1);
        w.move_order(order.claim, hold, utc(2));
    });
    CHECK(with.ledger().order(order.order.id).postponed_runs == 1);
    with.write([&](LedgerWrite& w) { w.move_order(order.claim, accept, utc(3)); });
    CHECK(with.ledger().order(order.order.id).postponed_runs == 0);
}
