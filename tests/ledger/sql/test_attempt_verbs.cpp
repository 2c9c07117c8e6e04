#include "ledger/ledger_case.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

AttemptRecord only_attempt(LedgerCase& with, OrderId order) {
    const auto attempts = with.ledger().attempts(order);
    REQUIRE(attempts.size() == 1);
    return attempts[0];
}

}  // namespace

TEST_CASE("a plan is stored once and frozen") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example", three_steps());
    const OrderRecord stored = with.ledger().order(order.order.id);
    REQUIRE(stored.steps.size() == 3);
    CHECK(stored.steps[0].position == 1);
    CHECK(stored.steps[0].phase == StepPhase::before);
    CHECK(stored.steps[1].function == "domainCreate");
    CHECK(stored.steps[1].arguments == FieldMap{{"owner", "step:1"}});
    CHECK(stored.steps[2].phase == StepPhase::after);
    CHECK(stored.steps[2].state == StepState::planned);
    CHECK(stored.steps[2].tries == 0);
    CHECK(trouble_in([&] {
              with.write([&](LedgerWrite& w) { w.store_plan(order.claim, one_step()); });
          }) == store::Trouble::unique_broken);
}

TEST_CASE("an attempt begun is on record before anything is sent") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId id = with.begin(order, 1, 1250, 33);
    // As another program sees it.
    const auto other = Ledger::open_read_only(with.path(), kStamp);
    const OrderRecord seen = other->order(order.order.id);
    CHECK(seen.state == OrderState::in_progress);
    CHECK(seen.keeps_domain);
    CHECK(seen.steps[0].tries == 1);
    const auto under_way = other->attempts_under_way();
    REQUIRE(under_way.size() == 1);
    CHECK(under_way[0].id == id);
    CHECK(under_way[0].order == order.order.id);
    CHECK(under_way[0].position == 1);
    CHECK(under_way[0].function == "domainCreate");
    CHECK(under_way[0].run == with.run());
    CHECK(under_way[0].picture == FieldMap{{"highest_operation", "41"}});
    CHECK(under_way[0].reserved_cents == 1250);
    CHECK(under_way[0].begun.utc == utc(33));
    CHECK(under_way[0].begun.boot_id == "boot-one");
    CHECK(under_way[0].begun.since_boot == at(33).since_boot);
    CHECK_FALSE(under_way[0].outcome);
}

TEST_CASE("a step is never sent while an earlier sending has no known outcome") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    CHECK_THROWS(with.begin(order));
    with.finish(order, attempt, AttemptOutcome::in_doubt, doubt_move());
    CHECK_THROWS(with.begin(order));
    // Not even if somebody planned the step again without settling the doubt.
    with.write([&](LedgerWrite& w) { w.move_order(order.claim, planned_again(1), utc(70)); });
    CHECK_THROWS(with.begin(order));
    CHECK(with.number("SELECT COUNT(*) FROM attempts") == 1);
}

TEST_CASE("a step that is over is not sent again") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example", three_steps());
    with.finish(order, with.begin(order, 2), AttemptOutcome::done, [] {
        OrderMove move = planned_again(2);
        move.step_state = StepState::done;
        return move;
    }());
    CHECK_THROWS_AS(with.begin(order, 2), std::logic_error);
    CHECK_THROWS_AS(with.begin(order, 9), std::logic_error);
}

TEST_CASE("an order begun and not ended keeps its domain from all others") {
    LedgerCase with;
    const ClaimedOrder first = with.planned("a.example");
    with.take({row(2, "a.example", "second", {{"years", "2"}})});
    const ClaimedOrder second = with.claim(first.order.id + 1);
    with.write([&](LedgerWrite& w) { w.store_plan(second.claim, one_step()); });
    const AttemptId attempt = with.begin(first);

    const auto is_busy = [&] {
        try {
            with.begin(second);
        } catch (const DomainBusy& busy) {
            return busy.other() == first.order.id;
        }
        return false;
    };
    CHECK(is_busy());  // in progress
    with.finish(first, attempt, AttemptOutcome::in_doubt, doubt_move());
    CHECK(is_busy());
    OrderMove hold;
    hold.state = OrderState::held;
    hold.held_for = HeldFor::person;
    with.write([&](LedgerWrite& w) { w.move_order(first.claim, hold, utc(80)); });
    CHECK(is_busy());
    CHECK(with.ledger().order(second.order.id).state == OrderState::accepted);
    CHECK(with.ledger().order(second.order.id).steps[0].tries == 0);

    with.write([&](LedgerWrite& w) {
        w.settle_doubt(first.claim, attempt, end_as(AttemptOutcome::refused), "seen",
                       failed_move());
    });
    CHECK_NOTHROW(with.begin(second));
}

TEST_CASE("the schema itself lets no second order keep a domain") {
    LedgerCase with;
    with.begin(with.planned("a.example"));
    with.take({row(2, "a.example", "second", {{"years", "2"}})});
    store::Connection connection(with.database(), {store::Access::read_write, true});
    CHECK(trouble_in([&] {
              connection.run("UPDATE orders SET keeps_domain = 1, state = 'in_progress'");
          }) == store::Trouble::unique_broken);
    CHECK(trouble_in([&] { connection.run("UPDATE orders SET state = 'done'"); }) ==
          store::Trouble::constraint_broken);
    CHECK(trouble_in([&] { connection.run("UPDATE orders SET state = 'ended'"); }) ==
          store::Trouble::constraint_broken);
}

TEST_CASE("done at once: the attempt, the step, the order and its operation") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    AttemptEnd end = end_as(AttemptOutcome::done, 4711);
    end.status = "Done";
    end.text = "Operation successful";
    OrderMove move = done_move();
    move.step_result = "value";
    move.message = "Operation successful";
    with.write([&](LedgerWrite& w) { w.finish_attempt(order.claim, attempt, end, move); });

    const OrderRecord now = with.ledger().order(order.order.id);
    CHECK(now.state == OrderState::done);
    CHECK_FALSE(now.keeps_domain);
    CHECK(now.ended_at == utc(60));
    CHECK(now.operation == 4711);
    CHECK(now.message == "Operation successful");
    CHECK(now.steps[0].state == StepState::done);
    CHECK(now.steps[0].result == "value");
    CHECK(now.steps[0].operation == 4711);
    const AttemptRecord ended = only_attempt(with, order.order.id);
    CHECK(ended.outcome == AttemptOutcome::done);
    CHECK(ended.status == "Done");
    CHECK(ended.text == "Operation successful");
    CHECK(ended.operation == 4711);
    REQUIRE(ended.ended);
    CHECK(ended.ended->utc == utc(60));
    CHECK(with.ledger().open_operations().empty());
    CHECK(with.ledger().owner_of(4711) == attempt);
    CHECK(with.ledger().attempts_under_way().empty());
}

TEST_CASE("the end of an order makes its batch's result due, an order under way does not") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    CHECK(with.ledger().batches_with_result_due().empty());
    with.finish(order, attempt, AttemptOutcome::done, done_move());
    const auto due = with.ledger().batches_with_result_due();
    REQUIRE(due.size() == 1);
    CHECK(due[0].id == order.order.batch);
    CHECK(due[0].finished);
    with.write([&](LedgerWrite& w) { w.note_result_written(due[0].id, utc(60)); });
    CHECK(with.ledger().batches_with_result_due().empty());
}

TEST_CASE("a result written before the last order ended stays due") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    with.finish(order, with.begin(order), AttemptOutcome::done, done_move());  // At 60.
    with.write([&](LedgerWrite& w) { w.note_result_written(order.order.batch, utc(59)); });
    CHECK(with.ledger().batches_with_result_due().size() == 1);
}

TEST_CASE("a follow-up's operation is not the order's") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example", three_steps());
    with.finish(
        order, with.begin(order, 2), AttemptOutcome::done,
        [] {
            OrderMove move = planned_again(2);
            move.step_state = StepState::done;
            return move;
        }(),
        100);
    with.finish(order, with.begin(order, 3), AttemptOutcome::pending, waiting_move(3), 101);
    const OrderRecord now = with.ledger().order(order.order.id);
    CHECK(now.operation == 100);
    CHECK(now.steps[2].operation == 101);
    const auto open = with.ledger().open_operations();
    REQUIRE(open.size() == 1);
    CHECK(open[0].id == 101);
    CHECK(open[0].position == 3);
    CHECK(open[0].function == "domainSetPreference");
}

TEST_CASE("a refusal keeps the registrar's code and words") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    AttemptEnd end = end_as(AttemptOutcome::refused);
    end.code = "E03-M0104";
    end.text = "The domain is already registered";
    with.write([&](LedgerWrite& w) { w.finish_attempt(order.claim, attempt, end, failed_move()); });
    const OrderRecord now = with.ledger().order(order.order.id);
    CHECK(now.state == OrderState::failed);
    CHECK(now.code == "E03-M0104");
    CHECK(now.message == "The domain is already registered");
    CHECK(now.reason == "domainCreate was refused");
    CHECK(only_attempt(with, order.order.id).code == "E03-M0104");
    CHECK(only_attempt(with, order.order.id).text == "The domain is already registered");
}

TEST_CASE("an attempt is finished once") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    with.finish(order, attempt, AttemptOutcome::try_later, planned_again(1, OrderState::accepted));
    CHECK_THROWS_AS(with.finish(order, attempt, AttemptOutcome::done, done_move()),
                    std::logic_error);
    CHECK(with.ledger().order(order.order.id).state == OrderState::accepted);
    CHECK_FALSE(with.ledger().order(order.order.id).keeps_domain);
    CHECK_NOTHROW(with.begin(order));
}

TEST_CASE("a move the table forbids is refused, and nothing of the verb is written") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    with.finish(order, with.begin(order), AttemptOutcome::done, done_move());
    OrderMove back;
    back.state = OrderState::in_progress;
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) { w.move_order(order.claim, back, utc(99)); }),
                    std::logic_error);
    CHECK(with.ledger().order(order.order.id).state == OrderState::done);

    const ClaimedOrder fresh = with.planned("b.example");
    const AttemptId attempt = with.begin(fresh);
    OrderMove skip = done_move();
    skip.state = OrderState::skipped;  // Never from in progress.
    CHECK_THROWS_AS(with.finish(fresh, attempt, AttemptOutcome::done, skip), std::logic_error);
    CHECK_FALSE(only_attempt(with, fresh.order.id).outcome);
}

TEST_CASE("every move of an order is an event, with its reason") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    with.finish(order, with.begin(order), AttemptOutcome::refused, failed_move());
    const auto events = with.ledger().events(order.order.id);
    REQUIRE_FALSE(events.empty());
    CHECK(events.back().kind == "order_moved");
    CHECK(events.back().text == "failed: domainCreate was refused");
    CHECK(events.back().run == with.run());
    CHECK(events.back().at == utc(60));
    CHECK(events.back().order == order.order.id);
}

TEST_CASE("a doubt is open until it is settled, and keeps its evidence") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    AttemptEnd end = end_as(AttemptOutcome::in_doubt);
    end.text = "the connection broke after 200 bytes";
    with.write([&](LedgerWrite& w) { w.finish_attempt(order.claim, attempt, end, doubt_move()); });
    REQUIRE(with.ledger().open_doubts().size() == 1);
    CHECK(with.ledger().open_doubts()[0].id == attempt);
    CHECK(with.ledger().attempts_under_way().size() == 1);

    with.write([&](LedgerWrite& w) {
        w.note_empty_look(order.claim, attempt, at(700), "Tue, 24 Nov 2026 12:11:40 GMT");
    });
    AttemptRecord doubt = with.ledger().open_doubts()[0];
    REQUIRE(doubt.empty_look);
    CHECK(doubt.empty_look->utc == utc(700));
    CHECK(doubt.empty_look_date == "Tue, 24 Nov 2026 12:11:40 GMT");
    CHECK(doubt.empty_look->boot_id == "boot-one");
    CHECK(doubt.empty_look->since_boot == at(700).since_boot);
    CHECK(doubt.empty_looks == 1);

    with.write([&](LedgerWrite& w) {
        w.settle_doubt(order.claim, attempt, end_as(AttemptOutcome::done, {}, 800),
                       "domainInfo shows it ACTIVE", done_move());
    });
    CHECK(with.ledger().open_doubts().empty());
    CHECK(with.ledger().attempts_under_way().empty());
    doubt = only_attempt(with, order.order.id);
    CHECK(doubt.outcome == AttemptOutcome::in_doubt);
    CHECK(doubt.settled == "domainInfo shows it ACTIVE");
    CHECK(doubt.text == "the connection broke after 200 bytes");
    CHECK(with.ledger().order(order.order.id).state == OrderState::done);
    CHECK_FALSE(with.ledger().order(order.order.id).operation);
    CHECK_THROWS_AS(with.write([&](LedgerWrite& w) {
        w.settle_doubt(order.claim, attempt, end_as(AttemptOutcome::done), "again", done_move());
    }),
                    std::logic_error);
}

TEST_CASE("what an answer did not prove, and as what a doubt was settled, are kept as values") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order, 1, 500);
    AttemptEnd end = end_as(AttemptOutcome::in_doubt);
    end.is_unproven = true;
    end.code = "E99-M9901";
    end.text = "E99-M9901 : not now";
    with.write([&](LedgerWrite& w) { w.finish_attempt(order.claim, attempt, end, doubt_move()); });
    CHECK(with.ledger().money_out_since(utc(0)) == 500);
    for (const AttemptRecord& kept :
         {with.ledger().open_doubts().at(0), with.ledger().order(order.order.id).attempts.at(0)}) {
        CHECK(kept.is_unproven);
        CHECK(kept.code == "E99-M9901");
        CHECK_FALSE(kept.settled_as);
    }
    with.write([&](LedgerWrite& w) {
        w.settle_doubt(order.claim, attempt, end_as(AttemptOutcome::refused, {}, 800), "two looks",
                       failed_move());
    });
    const AttemptRecord settled = only_attempt(with, order.order.id);
    CHECK(settled.outcome == AttemptOutcome::in_doubt);
    CHECK(settled.is_unproven);
    CHECK(settled.settled_as == AttemptOutcome::refused);
    CHECK(with.ledger().money_out_since(utc(0)) == 0);
}

TEST_CASE("an order that is claimed or asked for knows its attempts, one in a list does not") {
    LedgerCase with;
    const ClaimedOrder first = with.planned("a.example");
    CHECK(first.order.attempts.empty());
    const AttemptId attempt = with.begin(first);
    with.finish(first, attempt, AttemptOutcome::in_doubt, doubt_move());
    with.write([&](LedgerWrite& w) { w.release(first.claim); });
    const ClaimedOrder again = with.claim(first.order.id);
    REQUIRE(again.order.attempts.size() == 1);
    CHECK(again.order.attempts[0].id == attempt);
    CHECK(again.order.attempts[0].function == "domainCreate");
    CHECK(with.ledger().order(first.order.id).attempts.size() == 1);
    CHECK(with.ledger().orders({}).at(0).attempts.empty());
}

TEST_CASE("a doubt settled by adoption makes the operation its own") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    with.finish(order, attempt, AttemptOutcome::in_doubt, doubt_move());
    AttemptEnd end = end_as(AttemptOutcome::pending, 5000, 900);
    end.status = "Pending";
    with.write([&](LedgerWrite& w) {
        w.settle_doubt(order.claim, attempt, end, "adopted operation 5000", waiting_move());
    });
    CHECK(with.ledger().order(order.order.id).state == OrderState::waiting);
    CHECK(with.ledger().order(order.order.id).operation == 5000);
    CHECK(with.ledger().owner_of(5000) == attempt);
    const auto open = with.ledger().open_operations();
    REQUIRE(open.size() == 1);
    CHECK(open[0].attempt == attempt);
    CHECK(open[0].since == utc(900));
}

TEST_CASE("an operation that was found is adopted by one attempt, and the other stays in doubt") {
    LedgerCase with;
    const ClaimedOrder first = with.planned("a.example");
    const ClaimedOrder second = with.planned("b.example");
    AttemptEnd end = end_as(AttemptOutcome::pending, 5000, 900);
    end.status = "Pending";
    std::vector<AttemptId> attempts;
    for (const ClaimedOrder& order : {first, second}) {
        attempts.push_back(with.begin(order));
        with.finish(order, attempts.back(), AttemptOutcome::in_doubt, doubt_move());
    }
    const auto adopt = [&](const ClaimedOrder& order, AttemptId attempt) {
        with.write([&](LedgerWrite& w) {
            w.adopt(order.claim, attempt, end, "adopted operation 5000", waiting_move());
        });
    };
    adopt(first, attempts[0]);
    CHECK_THROWS_AS(adopt(second, attempts[1]), OwnedAlready);
    CHECK(with.ledger().owner_of(5000) == attempts[0]);
    CHECK(with.ledger().order(second.order.id).state == OrderState::in_doubt);
    const auto doubts = with.ledger().open_doubts();
    REQUIRE(doubts.size() == 1);
    CHECK(doubts[0].id == attempts[1]);
    CHECK_FALSE(doubts[0].operation);
}

TEST_CASE("a doubt settled as surely not executed lets the step be sent again") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = with.begin(order);
    with.finish(order, attempt, AttemptOutcome::in_doubt, doubt_move());
    with.write([&](LedgerWrite& w) {
        w.settle_doubt(order.claim, attempt, end_as(AttemptOutcome::try_later), "two empty looks",
                       planned_again(1));
    });
    CHECK_NOTHROW(with.begin(order, 1, 0, 900));
    const auto attempts = with.ledger().attempts(order.order.id);
    REQUIRE(attempts.size() == 2);
    CHECK(attempts[0].id == attempt);
    CHECK(with.ledger().order(order.order.id).steps[0].tries == 2);
}

TEST_CASE("an operation answered to two attempts is nobody's to guess: the second order is held") {
    LedgerCase with;
    const ClaimedOrder first = with.planned("a.example");
    const AttemptId owner = with.begin(first);
    with.finish(first, owner, AttemptOutcome::pending, waiting_move(), 4711);
    const ClaimedOrder second = with.planned("b.example");
    with.finish(second, with.begin(second), AttemptOutcome::pending, waiting_move(), 4711);
    CHECK(with.ledger().owner_of(4711) == owner);
    const OrderRecord held = with.ledger().order(second.order.id);
    CHECK(held.state == OrderState::held);
    CHECK(held.keeps_domain);
    CHECK(held.reason.find("4711") != std::string::npos);
    CHECK(only_attempt(with, second.order.id).operation == 4711);
    CHECK(with.ledger().order(first.order.id).state == OrderState::waiting);
}

TEST_CASE("a price quoted is kept") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    with.write([&](LedgerWrite& w) { w.set_price(order.claim, {1250, "EUR"}); });
    CHECK(with.ledger().order(order.order.id).price == Money{1250, "EUR"});
}

TEST_CASE("a failed order can be revived, and keeps its domain again") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    with.finish(order, with.begin(order), AttemptOutcome::pending, waiting_move(), 4711);
    with.write([&](LedgerWrite& w) {
        w.end_operation(order.claim, 4711, "Failed", "no", failed_move(), utc(90));
    });
    CHECK(with.ledger().order(order.order.id).ended_at == utc(90));
    with.write([&](LedgerWrite& w) { w.move_order(order.claim, waiting_move(), utc(99)); });
    CHECK_FALSE(with.ledger().order(order.order.id).ended_at);
    CHECK(with.ledger().order(order.order.id).keeps_domain);
}

TEST_CASE("a revived order does not take the domain from the order that has it now") {
    LedgerCase with;
    const OrderId first = with.failed_order("a.example");
    const ClaimedOrder second = with.planned("a.example");
    with.begin(second);
    const ClaimedOrder revived = with.claim(first);
    OrderMove move;
    move.state = OrderState::waiting;
    try {
        with.write([&](LedgerWrite& w) { w.move_order(revived.claim, move, utc(99)); });
        FAIL("it was revived");
    } catch (const DomainBusy& busy) {
        CHECK(busy.other() == second.order.id);
    }
    CHECK(with.ledger().order(first).state == OrderState::failed);
}
