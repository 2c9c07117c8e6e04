#include "support/holds.h"
#include "support/order_records.h"
#include "workflow/moves/decision_moves.h"
#include "workflow/moves/order_steps.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;
using domspool::test::order_in;

namespace {

StepRecord step(int position, StepPhase phase, const std::string& function, StepState state) {
    StepRecord record;
    record.position = position;
    record.phase = phase;
    record.function = function;
    record.state = state;
    return record;
}

// One more sending of the step.
void sent(OrderRecord& order, StepRecord& step, AttemptOutcome outcome,
          std::optional<AttemptOutcome> settled_as = {}) {
    AttemptRecord attempt;
    attempt.id = static_cast<AttemptId>(order.attempts.size()) + 1;
    attempt.position = step.position;
    attempt.outcome = outcome;
    attempt.settled_as = settled_as;
    order.attempts.push_back(attempt);
    ++step.tries;
}

// Order 12: a contact, the registration, a lock.
OrderRecord registration(OrderState state, StepState main_step) {
    OrderRecord order = order_in(state);
    order.keeps_domain = !is_end(state) && state != OrderState::accepted;
    order.steps = {step(1, StepPhase::before, "contactCreate", StepState::done),
                   step(2, StepPhase::main, "domainCreate", main_step),
                   step(3, StepPhase::after, "domainSetPreference", StepState::planned)};
    return order;
}

}  // namespace

TEST_CASE("an ended order can neither be paused nor cancelled, and a held one not paused again") {
    for (const OrderState state : {OrderState::done, OrderState::done_open_ends, OrderState::failed,
                                   OrderState::cancelled, OrderState::skipped}) {
        const OrderRecord order = registration(state, StepState::done);
        CHECK(holds(pause(order, "ada").refusal, std::string(to_word(state))));
        CHECK(way_to_cancel(order).way == CancelWay::refused);
        CHECK(holds(way_to_cancel(order).refusal, std::string(to_word(state))));
    }
    const OrderRecord held = registration(OrderState::held, StepState::planned);
    CHECK(holds(pause(held, "ada").refusal, "`domain-orders release 12`"));
}

TEST_CASE("an order that is released goes back to what its steps say") {
    const auto released = [](StepState main_step) {
        return let_go_on(registration(OrderState::held, main_step)).move.state;
    };
    CHECK(released(StepState::planned) == OrderState::in_progress);  // It keeps its domain.
    CHECK(released(StepState::waiting) == OrderState::waiting);
    CHECK(released(StepState::in_doubt) == OrderState::in_doubt);
    CHECK(released(StepState::done) == OrderState::in_progress);  // The lock is to come.
    OrderRecord unplanned = order_in(OrderState::held);
    CHECK(let_go_on(unplanned).move.state == OrderState::accepted);
}

TEST_CASE("what was refused for certain is planned again by a release, an operation is not") {
    OrderRecord order = registration(OrderState::held, StepState::failed);
    const DecisionMove refused = let_go_on(order);
    CHECK(refused.refusal.empty());
    CHECK(refused.move.state == OrderState::accepted);
    CHECK(refused.move.step_state == StepState::planned);
    CHECK(refused.move.position == 2);
    order.steps[1].operation = 4711;  // Restarted by the registrar's support.
    CHECK(holds(let_go_on(order).refusal, "`domain-orders resolve 12`"));
    order.steps[1].operation.reset();
    sent(order, order.steps[1], AttemptOutcome::refused);
    CHECK(let_go_on(order).refusal.empty());
    // It failed by a look or by a person's word.
    sent(order, order.steps[1], AttemptOutcome::in_doubt, AttemptOutcome::refused);
    CHECK(holds(let_go_on(order).refusal, "may have been executed"));
    CHECK(holds(let_go_on(order).refusal, "`domain-orders resolve 12`"));
}

TEST_CASE("what was done for an order before its own step was refused keeps its domain") {
    OrderRecord order = registration(OrderState::held, StepState::failed);
    order.steps[0].function = "domainSetDNSsec";
    sent(order, order.steps[0], AttemptOutcome::done);
    sent(order, order.steps[1], AttemptOutcome::refused);
    CHECK(let_go_on(order).move.state == OrderState::in_progress);
    CHECK(let_go_on(order).move.keeps_domain);
}

TEST_CASE("what was not sent is cancelled, what is pending is asked for, what is done is not") {
    const auto way = [](OrderState state, StepState main_step) {
        OrderRecord order = registration(state, main_step);
        if (main_step == StepState::waiting) order.steps[1].operation = 4711;
        return way_to_cancel(order).way;
    };
    CHECK(way(OrderState::accepted, StepState::planned) == CancelWay::unsent);
    CHECK(way(OrderState::in_progress, StepState::planned) == CancelWay::unsent);
    CHECK(way(OrderState::held, StepState::planned) == CancelWay::unsent);
    CHECK(way(OrderState::waiting, StepState::waiting) == CancelWay::ask_the_registrar);
    CHECK(way(OrderState::held, StepState::waiting) == CancelWay::ask_the_registrar);
    CHECK(way(OrderState::in_doubt, StepState::in_doubt) == CancelWay::refused);
    CHECK(way(OrderState::held, StepState::in_doubt) == CancelWay::refused);
    CHECK(way(OrderState::in_progress, StepState::done) == CancelWay::refused);
    CHECK(way(OrderState::held, StepState::failed) == CancelWay::refused);
}

TEST_CASE("before a second sending an order is not cancelled as if nothing had been sent") {
    for (const OrderState state :
         {OrderState::accepted, OrderState::in_progress, OrderState::held}) {
        OrderRecord order = registration(state, StepState::planned);
        sent(order, order.steps[1], AttemptOutcome::try_later);
        CHECK(way_to_cancel(order).way == CancelWay::unsent);
        sent(order, order.steps[1], AttemptOutcome::in_doubt, AttemptOutcome::try_later);
        // Whatever the latest one met, and whatever the note says of it.
        for (int more = 0; more < 2; ++more) {
            const Cancelling cancelling = way_to_cancel(order);
            CHECK(cancelling.way == CancelWay::refused);
            CHECK(holds(cancelling.refusal, "domainCreate was sent before"));
            CHECK(holds(cancelling.refusal, "`domain-orders resolve 12` with --done or --failed"));
            CHECK(holds(cancelling.refusal, "`domain-orders hold 12`") ==
                  (state != OrderState::held));
            sent(order, order.steps[1], AttemptOutcome::try_later);
            order.steps[1].note = "not sent: E02-M0201 : expired";
        }
    }
}

TEST_CASE("a cancelled order says what stays changed at the domain") {
    OrderRecord order = registration(OrderState::in_progress, StepState::planned);
    CHECK(cancelled_unsent(order, "ada").reason == "cancelled by ada before it was sent");
    order.steps[0].function = "domainSetDNSsec";
    sent(order, order.steps[0], AttemptOutcome::in_doubt, AttemptOutcome::try_later);
    CHECK(holds(cancelled_unsent(order, "ada").reason, "domainSetDNSsec may have been done"));
    sent(order, order.steps[0], AttemptOutcome::done);
    CHECK(holds(cancelled_unsent(order, "ada").reason, "domainSetDNSsec was done"));
}

TEST_CASE("a person speaks of the step in doubt, else of the one it is held for") {
    const auto at_stake = [](OrderState state, StepState main_step) {
        const StepAtStake stake = step_at_stake(registration(state, main_step));
        return stake.step == nullptr ? 0 : stake.step->position;
    };
    CHECK(at_stake(OrderState::in_doubt, StepState::in_doubt) == 2);
    CHECK(at_stake(OrderState::held, StepState::in_doubt) == 2);
    CHECK(at_stake(OrderState::held, StepState::waiting) == 2);
    CHECK(at_stake(OrderState::held, StepState::failed) == 2);
    CHECK(at_stake(OrderState::held, StepState::planned) == 0);
    CHECK(at_stake(OrderState::waiting, StepState::waiting) == 0);
    CHECK(at_stake(OrderState::accepted, StepState::planned) == 0);
    CHECK(at_stake(OrderState::failed, StepState::failed) == 0);
    // One that is to be sent again.
    OrderRecord again = registration(OrderState::held, StepState::planned);
    sent(again, again.steps[1], AttemptOutcome::try_later);
    CHECK(step_at_stake(again).step == nullptr);
    sent(again, again.steps[1], AttemptOutcome::in_doubt, AttemptOutcome::try_later);
    CHECK(step_at_stake(again).step == &again.steps[1]);
    again.state = OrderState::in_progress;
    CHECK(step_at_stake(again).step == nullptr);
    CHECK(holds(step_at_stake(again).refusal, "`domain-orders hold 12`"));
    const OrderRecord failed = registration(OrderState::failed, StepState::failed);
    CHECK(holds(step_at_stake(failed).refusal, "`domain-orders retry 12`"));
}

TEST_CASE("a word ends the step as said, and says that the operation is not known") {
    OrderRecord order = registration(OrderState::in_doubt, StepState::in_doubt);
    const std::string said = "says ada";
    const OrderMove done = after_word(order, order.steps[1], Word::done, said).move;
    CHECK(done.step_state == StepState::done);
    CHECK(done.state == OrderState::in_progress);
    CHECK(done.step_note.starts_with(kIdUnknown));
    const OrderMove failed = after_word(order, order.steps[1], Word::failed, said).move;
    CHECK(failed.state == OrderState::failed);
    CHECK_FALSE(failed.keeps_domain);
    // A contact's number cannot be said with a word.
    order.steps[0].state = StepState::in_doubt;
    CHECK(holds(after_word(order, order.steps[0], Word::done, said).refusal, "--failed"));
}
