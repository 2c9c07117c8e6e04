#include "support/planned_registration.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/decision_moves.h"
#include "workflow/moves/executed.h"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

using namespace domspool;
using namespace domspool::test;

namespace {

using MaybeOutcome = std::optional<AttemptOutcome>;
using enum AttemptOutcome;

const UtcTime kNow = *from_iso("2026-11-24T02:00:00.000Z");

// How one sending may have come out, and what that says of it.
struct Sending {
    MaybeOutcome outcome;
    MaybeOutcome settled_as;
    bool is_unproven;
    Executed says;
};

std::vector<Sending> all_sendings() {
    std::vector<Sending> sendings = {{std::nullopt, {}, false, Executed::perhaps},
                                     {done, {}, false, Executed::yes},
                                     {pending, {}, false, Executed::perhaps},
                                     {refused, {}, false, Executed::no},
                                     {try_later, {}, false, Executed::no}};
    for (const bool is_unproven : {false, true}) {
        sendings.push_back({in_doubt, {}, is_unproven, Executed::perhaps});
        sendings.push_back({in_doubt, done, is_unproven, Executed::yes});
        sendings.push_back({in_doubt, pending, is_unproven, Executed::perhaps});
        // No look and no person's word makes it certain.
        sendings.push_back({in_doubt, refused, is_unproven, Executed::perhaps});
        sendings.push_back({in_doubt, try_later, is_unproven, Executed::perhaps});
    }
    return sendings;
}

using History = std::vector<Sending>;

void each_history(std::size_t most, const std::function<void(const History&)>& look) {
    const std::vector<Sending> sendings = all_sendings();
    std::vector<History> grown = {{}};
    for (std::size_t length = 0; length <= most; ++length) {
        std::vector<History> longer;
        for (const History& history : grown) {
            look(history);
            for (const Sending& next : sendings) {
                longer.push_back(history);
                longer.back().push_back(next);
            }
        }
        grown = std::move(longer);
    }
}

// A registration whose contact was made and whose main step, planned again, has this history.
OrderRecord order_with(const History& history) {
    OrderRecord order = registration(StepState::planned);
    order.steps[1].tries = static_cast<int>(history.size());
    for (const Sending& sending : history) {
        AttemptRecord attempt = attempt_of(order.steps[1], sending.outcome);
        attempt.id = static_cast<AttemptId>(order.attempts.size()) + 1;
        attempt.settled_as = sending.settled_as;
        attempt.is_unproven = sending.is_unproven;
        order.attempts.push_back(attempt);
    }
    return order;
}

Executed expected_of(const History& history) {
    Executed most = Executed::no;
    for (const Sending& sending : history) {
        if (sending.says == Executed::yes) return Executed::yes;
        if (sending.says == Executed::perhaps) most = Executed::perhaps;
    }
    return most;
}

bool has_doubt(const History& history) {
    for (const Sending& sending : history) {
        if (sending.outcome == in_doubt) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("what may have been executed is told by all sendings of a step, whichever came last") {
    int histories = 0;
    each_history(3, [&](const History& history) {
        ++histories;
        const OrderRecord order = order_with(history);
        const Executed expected = expected_of(history);
        CHECK(executed(order, order.steps[1]) == expected);
        CHECK(may_have_cost(order) == (expected != Executed::no));
        CHECK(may_have_changed_domain(order) == (expected != Executed::no));
        const bool is_second = expected == Executed::perhaps && has_doubt(history);
        CHECK((awaits_second_sending(order) == &order.steps[1]) == is_second);
    });
    CHECK(histories == 1 + 15 + 15 * 15 + 15 * 15 * 15);
}

TEST_CASE(
    "what may have been executed is not cancelled as unsent, not accepted again, and not free") {
    each_history(3, [&](const History& history) {
        const Executed expected = expected_of(history);
        if (expected == Executed::yes) return;  // It is not planned again.
        OrderRecord order = order_with(history);
        for (const OrderState state :
             {OrderState::accepted, OrderState::in_progress, OrderState::held}) {
            order.state = state;
            const bool is_unsent = way_to_cancel(order).way == CancelWay::unsent;
            CHECK(is_unsent == (expected == Executed::no));
        }
        order.state = OrderState::held;
        order.keeps_domain = false;
        const OrderMove released = let_go_on(order).move;
        CHECK(released.keeps_domain == (expected != Executed::no));
        CHECK((released.state == OrderState::accepted) == (expected == Executed::no));

        // The next sending never left this machine.
        order = order_with(history);
        ++order.steps[1].tries;
        order.attempts.push_back(attempt_of(order.steps[1], try_later));
        const TryLater later{TryLater::Why::unreachable, "", "no connection"};
        const OrderMove unsent = after_answer(order, order.steps[1], later, kNow);
        CHECK((unsent.state == OrderState::accepted) == (expected == Executed::no));
        CHECK(unsent.keeps_domain == (expected != Executed::no));
    });
}

TEST_CASE("an attempt that was begun and is not known counts as perhaps") {
    OrderRecord order = order_with({{try_later, {}, false, Executed::no}});
    CHECK(executed(order, order.steps[1]) == Executed::no);
    order.attempts.pop_back();
    CHECK(executed(order, order.steps[1]) == Executed::perhaps);
    CHECK(way_to_cancel(order).way == CancelWay::refused);
}

TEST_CASE("a contact made changes no domain, and a step before the main one does") {
    OrderRecord order = order_with({});
    CHECK_FALSE(may_have_changed_domain(order));
    order.steps[0].function = "domainSetDNSsec";
    CHECK(may_have_changed_domain(order));
    CHECK_FALSE(may_have_cost(order));
}

TEST_CASE("after a doubt a dead session may be answered once, and what never left counts not") {
    const auto sent_out = [](const std::vector<std::pair<AttemptOutcome, std::string>>& sendings) {
        OrderRecord order = registration(StepState::planned);
        order.steps[1].tries = static_cast<int>(sendings.size());
        for (const auto& [outcome, code] : sendings) {
            order.attempts.push_back(attempt_of(order.steps[1], outcome));
            order.attempts.back().code = code;
        }
        return is_sent_out(order, order.steps[1]);
    };
    const std::string dead = "E02-M0201";
    CHECK_FALSE(sent_out({{try_later, dead}, {try_later, dead}, {try_later, dead}}));
    CHECK_FALSE(sent_out({{in_doubt, ""}, {try_later, dead}}));
    CHECK_FALSE(sent_out({{in_doubt, ""}, {try_later, ""}, {try_later, ""}, {try_later, dead}}));
    CHECK(sent_out({{in_doubt, ""}, {try_later, dead}, {try_later, dead}}));
    CHECK(sent_out({{in_doubt, ""}, {try_later, dead}, {try_later, ""}, {try_later, dead}}));
    // Sent once more at a person's wish.
    CHECK_FALSE(sent_out({{in_doubt, ""}, {try_later, dead}, {in_doubt, ""}, {try_later, dead}}));
}

TEST_CASE("a sending after a doubt is the second one, unless it never left") {
    OrderRecord order = registration(StepState::planned);
    StepRecord& step = order.steps[1];
    order.attempts.push_back(attempt_of(step, refused));
    CHECK_FALSE(was_sent_again(order, step));
    order.attempts.push_back(attempt_of(step, in_doubt));
    CHECK_FALSE(was_sent_again(order, step));
    order.attempts.push_back(attempt_of(step, try_later));
    CHECK_FALSE(was_sent_again(order, step));
    for (const MaybeOutcome next :
         {MaybeOutcome(), MaybeOutcome(refused), MaybeOutcome(in_doubt)}) {
        order.attempts.push_back(attempt_of(step, next));
        CHECK(was_sent_again(order, step));
        order.attempts.pop_back();
    }
    order.attempts.back().code = "E02";
    CHECK(was_sent_again(order, step));
}

TEST_CASE("all answers are told, in their order, with code and words once each") {
    OrderRecord order = registration(StepState::planned);
    for (const auto& [code, text] : {std::pair<const char*, const char*>{"", "HTTP 502"},
                                     {"E02", "session unknown"},
                                     {"E99", "E99 : no"}}) {
        AttemptRecord attempt = attempt_of(order.steps[1], in_doubt);
        attempt.code = code;
        attempt.text = text;
        order.attempts.push_back(attempt);
    }
    order.attempts.insert(order.attempts.begin() + 2, attempt_of(order.steps[1], try_later));
    order.attempts[2].text = "no connection";  // It never left.
    CHECK(answers_of(order, 2) == "'HTTP 502', then 'E02: session unknown', then 'E99 : no'");
    CHECK(answers_of(order, 3).empty());
}

TEST_CASE("the record in hand says what the ledger was told") {
    OrderRecord order = registration(StepState::planned);
    AttemptIntent intent;
    intent.position = 2;
    intent.picture = {{"in_account", "0"}};
    note_begun(order, order.steps[1], 17, intent, 3);
    ++order.steps[1].tries;
    CHECK(executed(order, order.steps[1]) == Executed::perhaps);
    CHECK(order.attempts.back().picture == intent.picture);
    AttemptEnd end;
    end.outcome = in_doubt;
    end.is_unproven = true;
    end.code = "E99";
    note_ended(order, 17, end);
    CHECK(order.attempts.back().is_unproven);
    CHECK(order.attempts.back().code == "E99");
    end.outcome = done;
    note_settled(order, 17, end, "shown");
    CHECK(executed(order, order.steps[1]) == Executed::yes);
    CHECK(order.attempts.back().outcome == in_doubt);
}
