#include "support/planned_registration.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

const UtcTime kNow = *from_iso("2026-11-24T02:00:00.000Z");

}  // namespace

TEST_CASE("a main step that is Done leaves the order in progress until its follow-ups end") {
    OrderRecord order = registration(StepState::planned);
    order = after(order, after_answer(order, order.steps[1], Done{4711, "", ""}, kNow));
    CHECK(order.state == OrderState::in_progress);
    CHECK(order.keeps_domain);
    CHECK(order.steps[1].state == StepState::done);

    order = after(order, after_step_ended(order, order.steps[2], StepState::done, "", ""));
    CHECK(order.state == OrderState::in_progress);
    order = after(order, after_answer(order, order.steps[3], Done{4712, "", ""}, kNow));
    CHECK(order.state == OrderState::done);
    CHECK_FALSE(order.keeps_domain);
}

TEST_CASE("a pending main step makes the order wait and nothing else may be sent") {
    OrderRecord order = registration(StepState::planned);
    order = after(order, after_answer(order, order.steps[1], Pending{4711, "Pending", ""}, kNow));
    CHECK(order.state == OrderState::waiting);
    CHECK(order.keeps_domain);
    CHECK(next_step(order, kNow) == nullptr);
}

TEST_CASE("a refused main step ends the order with the registrar's own words") {
    OrderRecord order = registration(StepState::planned);
    const Refused refused{"E12-M1204", "E12-M1204 : operation closed", std::nullopt};
    order = after(order, after_answer(order, order.steps[1], refused, kNow));
    CHECK(order.state == OrderState::failed);
    CHECK(order.code == "E12-M1204");
    CHECK(order.message == "E12-M1204 : operation closed");
    CHECK_FALSE(order.keeps_domain);
}

TEST_CASE("no known answer puts the order in doubt and keeps its domain") {
    OrderRecord order = registration(StepState::planned);
    order = after(order, after_answer(order, order.steps[1], InDoubt{"no reply in 60 s"}, kNow));
    CHECK(order.state == OrderState::in_doubt);
    CHECK(order.keeps_domain);
    CHECK(next_step(order, kNow) == nullptr);
}

TEST_CASE("what was surely not sent goes back to accepted") {
    OrderRecord order = registration(StepState::planned);
    const TryLater later{TryLater::Why::unreachable, "", "connection refused"};
    order = after(order, after_answer(order, order.steps[1], later, kNow));
    CHECK(order.state == OrderState::accepted);
    CHECK_FALSE(order.keeps_domain);
    REQUIRE(next_step(order, kNow) != nullptr);
    CHECK(next_step(order, kNow)->function == "domainCreate");
}

TEST_CASE("a follow-up that is refused after a doubt is an open end, and not tried a third time") {
    OrderRecord order = registration(StepState::done);
    order.steps[2].state = StepState::done;
    order.steps[3].tries = 2;
    for (const AttemptOutcome outcome : {AttemptOutcome::in_doubt, AttemptOutcome::refused}) {
        order.attempts.push_back(attempt_of(order.steps[3], outcome));
    }
    const Refused refused{"E12-M1204", "E12-M1204 : closed", std::nullopt};
    const OrderMove move = after_answer(order, order.steps[3], refused, kNow);
    CHECK(move.state == OrderState::done_open_ends);
    CHECK(move.step_state == StepState::open_end);
}

TEST_CASE("a second sending that met two dead sessions holds the order, with all answers") {
    const TryLater dead{TryLater::Why::session_dead, "E02-M0201", "E02-M0201 : expired"};
    for (const std::size_t index : {1u, 3u}) {
        CAPTURE(index);
        OrderRecord order = registration(index == 1 ? StepState::planned : StepState::done);
        order.steps[2].state = StepState::done;
        StepRecord& step = order.steps[index];
        order.attempts.push_back(attempt_of(step, AttemptOutcome::in_doubt));
        order.attempts.back().settled_as = AttemptOutcome::try_later;
        order.attempts.back().text = "HTTP 502";
        step.tries = 1;
        for (const OrderState expected : {OrderState::in_progress, OrderState::held}) {
            ++step.tries;
            order.attempts.push_back(attempt_of(step, AttemptOutcome::try_later));
            order.attempts.back().code = dead.code;
            order.attempts.back().text = dead.text;
            const OrderMove move = after_answer(order, step, dead, kNow);
            CHECK(move.state == expected);
            CHECK(move.keeps_domain);
            CHECK(move.step_state == StepState::planned);
            order = after(order, move);
        }
        CHECK(order.reason.find("'HTTP 502', then 'E02-M0201 : expired', then 'E02-M0201 : "
                                "expired'") != std::string::npos);
        CHECK(order.reason.find("`domain-orders release 7`") != std::string::npos);
    }
}

TEST_CASE("an answer that proves nothing is a doubt with the registrar's code and words") {
    OrderRecord order = registration(StepState::planned);
    const Unproven unproven{"E99-M9901", "E99-M9901 : not today"};
    order = after(order, after_answer(order, order.steps[1], unproven, kNow));
    CHECK(order.state == OrderState::in_doubt);
    CHECK(order.keeps_domain);
    CHECK(order.steps[1].state == StepState::in_doubt);
    CHECK(order.code == "E99-M9901");
    CHECK(order.message == "E99-M9901 : not today");
    CHECK(order.reason == "domainCreate may have been refused, or executed: E99-M9901 : not today");
    const AttemptEnd end = end_of(unproven, {});
    CHECK(end.outcome == AttemptOutcome::in_doubt);
    CHECK(end.is_unproven);
    CHECK(end.code == "E99-M9901");
    CHECK(end.text == "E99-M9901 : not today");
    CHECK_FALSE(end_of(InDoubt{"cut"}, {}).is_unproven);
}

TEST_CASE("a refused follow-up is tried five times and then is an open end") {
    OrderRecord order = registration(StepState::done);
    order.steps[2].state = StepState::done;
    const Refused refused{"E11-M1101", "lock not possible now", std::nullopt};
    for (int tries = 1; tries < kFollowUpTries; ++tries) {
        order.steps[3].tries = tries;
        order.attempts.push_back(attempt_of(order.steps[3], AttemptOutcome::refused));
        order = after(order, after_answer(order, order.steps[3], refused, kNow));
        CHECK(order.state == OrderState::in_progress);
        CHECK(order.steps[3].state == StepState::planned);
        REQUIRE(order.steps[3].due_at);
        CHECK(*order.steps[3].due_at > kNow);
        CHECK(next_step(order, kNow) == nullptr);
        CHECK(next_step(order, *order.steps[3].due_at) == &order.steps[3]);
    }
    order.steps[3].tries = kFollowUpTries;
    order.attempts.push_back(attempt_of(order.steps[3], AttemptOutcome::refused));
    order = after(order, after_answer(order, order.steps[3], refused, kNow));
    CHECK(order.state == OrderState::done_open_ends);
    CHECK(order.steps[3].state == StepState::open_end);
    CHECK(order.reason.find("lock not possible now") != std::string::npos);
}

TEST_CASE("every move of an answer is one the table of states allows") {
    const Outcome outcomes[] = {Done{1, "", ""},
                                Pending{1, "Pending", ""},
                                Refused{"E1", "no", {}},
                                Unproven{"E1", "no"},
                                TryLater{TryLater::Why::unreachable, "", "x"},
                                InDoubt{"x"}};
    for (const Outcome& outcome : outcomes) {
        for (std::size_t index : {0u, 1u, 3u}) {
            OrderRecord order = registration(index == 3 ? StepState::done : StepState::planned);
            order.steps[2].state = StepState::done;
            if (index == 0) order.steps[0].state = StepState::planned;
            const OrderMove move = after_answer(order, order.steps[index], outcome, kNow);
            CAPTURE(index);
            CAPTURE(outcome.index());
            CHECK(may_move(OrderState::in_progress, move.state));
            // Nothing of the order is left to try but the follow-up that was just refused.
            const bool is_left_to_others = index == 3 && std::holds_alternative<Refused>(outcome);
            CHECK(move.keeps_domain == (!is_end(move.state) && !is_left_to_others &&
                                        move.state != OrderState::accepted));
        }
    }
}

TEST_CASE("the end of an operation does not release an order that a person holds") {
    OrderRecord order = registration(StepState::waiting);
    order.state = OrderState::held;
    order.reason = "paused by a person";
    const OrderMove done = after_operation_done(order, order.steps[1], 4711, "", kNow);
    CHECK(done.state == OrderState::held);
    CHECK(done.step_state == StepState::done);
    CHECK(done.reason == "paused by a person; operation 4711 is Done since");
    const OrderMove failed =
        after_operation_failed(order, order.steps[1], {"", "no", 4711}, FinalStatus::failed, kNow);
    CHECK(failed.state == OrderState::failed);
}

TEST_CASE("an order held for want of an answer goes on when the answer comes") {
    OrderRecord order = registration(StepState::waiting);
    order.state = OrderState::held;
    order.held_for = HeldFor::no_answer;
    CHECK(after_operation_done(order, order.steps[1], 4711, "", kNow).state ==
          OrderState::in_progress);
}

TEST_CASE(
    "a cancelled operation of the main step cancels the order, a follow-up's is tried again") {
    OrderRecord order = registration(StepState::waiting);
    order.state = OrderState::waiting;
    const Refused words{"", "cancelled by support", 4711};
    CHECK(
        after_operation_failed(order, order.steps[1], words, FinalStatus::cancelled, kNow).state ==
        OrderState::cancelled);
    order.steps[1].state = StepState::done;
    order.steps[2].state = StepState::done;
    order.steps[3].state = StepState::waiting;
    const OrderMove move =
        after_operation_failed(order, order.steps[3], words, FinalStatus::cancelled, kNow);
    CHECK(move.state == OrderState::in_progress);
    CHECK(move.step_state == StepState::planned);
}
