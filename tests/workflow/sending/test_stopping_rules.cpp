#include "workflow/sending/stopping_rules.h"

#include <doctest/doctest.h>

#include <vector>

using namespace domspool;

namespace {

const Done kDone{1, "", ""};
const InDoubt kDoubt{"cut"};

Refused refused(const std::string& code) {
    return {code, code + " : no", std::nullopt};
}

}  // namespace

TEST_CASE("refusals with one code in a row stop the run and are to be held") {
    StoppingRules rules(3);
    rules.note(1, StepPhase::main, refused("E11"));
    rules.note(2, StepPhase::main, refused("E11"));
    CHECK_FALSE(rules.is_stopped());
    CHECK(rules.orders_to_hold().empty());
    rules.note(3, StepPhase::before, refused("E11"));
    CHECK(rules.is_stopped());
    CHECK(rules.reason()->code == ExitCode::service_refused);
    CHECK(rules.orders_to_hold() == std::vector<OrderId>{1, 2, 3});
    // What another lane heard meanwhile belongs to the row, or does not undo it.
    rules.note(4, StepPhase::main, refused("E11"));
    rules.note(5, StepPhase::main, refused("E12"));
    rules.note(6, StepPhase::main, kDone);
    CHECK(rules.orders_to_hold() == std::vector<OrderId>{1, 2, 3, 4});
}

TEST_CASE("another code, or a main step that went well, begins a new row") {
    StoppingRules rules(2);
    rules.note(1, StepPhase::main, refused("E11"));
    rules.note(2, StepPhase::main, refused("E12"));
    rules.note(3, StepPhase::main, kDone);
    rules.note(4, StepPhase::main, refused("E12"));
    CHECK_FALSE(rules.is_stopped());
}

TEST_CASE("an answer that proves nothing stands in a row of refusals, and in none of doubts") {
    const Unproven unproven{"E11", "E11 : no"};
    StoppingRules rules(3);
    rules.note(1, StepPhase::main, kDoubt);
    rules.note(2, StepPhase::main, kDoubt);
    rules.note(3, StepPhase::main, unproven);
    rules.note(4, StepPhase::main, kDoubt);
    CHECK_FALSE(rules.is_stopped());
    rules.note(5, StepPhase::main, unproven);
    rules.note(6, StepPhase::main, refused("E12"));
    for (const OrderId order : {7, 8}) rules.note(order, StepPhase::main, unproven);
    CHECK_FALSE(rules.is_stopped());
    rules.note(9, StepPhase::main, refused("E11"));
    CHECK(rules.is_stopped());
    CHECK(rules.reason()->code == ExitCode::service_refused);
    CHECK(rules.orders_to_hold() == std::vector<OrderId>{7, 8, 9});
}

TEST_CASE("a contact that was made does not break a row of refused main steps") {
    StoppingRules rules(2);
    rules.note(1, StepPhase::main, refused("E11"));
    rules.note(2, StepPhase::before, kDone);
    rules.note(2, StepPhase::main, refused("E11"));
    CHECK(rules.is_stopped());
}

TEST_CASE("refused follow-ups are no reason to stop") {
    StoppingRules rules(1);
    rules.note(1, StepPhase::after, refused("E11"));
    CHECK_FALSE(rules.is_stopped());
}

TEST_CASE("no limit, no stop") {
    StoppingRules rules(0);
    for (OrderId order = 1; order < 100; ++order) {
        rules.note(order, StepPhase::main, refused("E11"));
    }
    CHECK_FALSE(rules.is_stopped());
    CHECK(rules.orders_to_hold().empty());
}

TEST_CASE("three doubts in a row stop a run without time to pause, whatever steps they are of") {
    StoppingRules rules(20);
    rules.note(1, StepPhase::main, kDoubt);
    rules.note(2, StepPhase::before, kDoubt);
    rules.note(3, StepPhase::main, refused("E11"));
    rules.note(4, StepPhase::main, kDoubt);
    rules.note(5, StepPhase::after, kDoubt);
    CHECK_FALSE(rules.is_stopped());
    rules.note(6, StepPhase::main, kDoubt);
    CHECK(rules.is_stopped());
    CHECK(rules.reason()->code == ExitCode::try_later);
    CHECK_FALSE(rules.reason()->is_unreachable);
}

TEST_CASE("doubts in a row make sending pause, once for each, for longer and longer") {
    StoppingRules rules(20, StoppingRules::AfterDoubts::pause);
    std::vector<std::chrono::seconds> pauses;
    const auto before_sending = [&] {
        rules.pause_after_doubts([] {},
                                 [&](std::chrono::seconds pause) { pauses.push_back(pause); });
    };
    for (int doubts = 1; doubts <= 5; ++doubts) {
        rules.note(doubts, StepPhase::main, kDoubt);
        before_sending();
        before_sending();  // Another lane, which need not wait as well.
        CHECK_FALSE(rules.is_stopped());
    }
    REQUIRE(pauses.size() == 3);
    CHECK(pauses[0] < pauses[1]);
    CHECK(pauses[1] < pauses[2]);
    rules.note(6, StepPhase::main, kDoubt);
    CHECK(rules.is_silent());
    CHECK(rules.reason()->code == ExitCode::try_later);
    before_sending();
    CHECK(pauses.size() == 3);
}

TEST_CASE("a call that is answered begins the row of doubts anew") {
    StoppingRules rules(20, StoppingRules::AfterDoubts::pause);
    int pauses = 0;
    for (int row = 0; row < 4; ++row) {
        for (int doubts = 0; doubts < 3; ++doubts) rules.note(1, StepPhase::main, kDoubt);
        rules.pause_after_doubts([] {}, [&](std::chrono::seconds) { ++pauses; });
        rules.note(1, StepPhase::main, kDone);
        rules.pause_after_doubts([] {}, [&](std::chrono::seconds) { ++pauses; });
    }
    CHECK(pauses == 4);
    CHECK_FALSE(rules.is_stopped());
}

TEST_CASE("a pause whose question fails is made again") {
    StoppingRules rules(20, StoppingRules::AfterDoubts::pause);
    for (int doubts = 0; doubts < 3; ++doubts) rules.note(1, StepPhase::main, kDoubt);
    const auto fail = [](std::chrono::seconds) {
        throw QueryFailure(QueryFailure::Why::unreadable, "", "HTTP 502");
    };
    CHECK_THROWS_AS(rules.pause_after_doubts([] {}, fail), QueryFailure);
    CHECK_THROWS_AS(rules.pause_after_doubts([] {}, fail), QueryFailure);
}

TEST_CASE("no connection stops where it lasts, a refused login at once, a dead session at three") {
    StoppingRules unreachable(20), login(20), dead(20);
    unreachable.note(1, StepPhase::main, TryLater{TryLater::Why::unreachable, "", "refused"});
    CHECK_FALSE(unreachable.is_stopped());
    unreachable.stop_unreachable("refused");
    CHECK(unreachable.reason()->code == ExitCode::try_later);
    CHECK(unreachable.reason()->is_unreachable);
    login.note(1, StepPhase::main, TryLater{TryLater::Why::login_refused, "E01", "wrong"});
    CHECK(login.reason()->code == ExitCode::service_refused);
    const TryLater session{TryLater::Why::session_dead, "E02", "expired"};
    dead.note(1, StepPhase::main, session);
    dead.note(1, StepPhase::main, session);
    dead.note(2, StepPhase::main, kDone);
    dead.note(3, StepPhase::main, session);
    dead.note(3, StepPhase::main, session);
    CHECK_FALSE(dead.is_stopped());
    dead.note(4, StepPhase::main, session);
    CHECK(dead.reason()->code == ExitCode::try_later);
}

TEST_CASE("a question that was refused stops nothing") {
    StoppingRules rules(20);
    rules.note(QueryFailure(QueryFailure::Why::refused, "E15", "no"));
    rules.note(QueryFailure(QueryFailure::Why::unreadable, "", "HTTP 502"));
    CHECK_FALSE(rules.is_stopped());
    rules.note(QueryFailure(QueryFailure::Why::login_refused, "E01", "wrong"));
    CHECK(rules.reason()->code == ExitCode::service_refused);
}

TEST_CASE("the first reason stays, and a code is new once") {
    StoppingRules rules(20);
    CHECK(rules.is_new_code("E11"));
    CHECK_FALSE(rules.is_new_code("E11"));
    rules.stop(ExitCode::service_refused, "first");
    rules.stop(ExitCode::try_later, "second");
    CHECK(rules.reason()->text == "first");
}

TEST_CASE("a stop by a limit lets what was ordered be followed up, any other lets nothing out") {
    StoppingRules rules(20);
    rules.stop_ordering(Limit::orders_per_run, "limits.max_orders_per_run is 1");
    CHECK(rules.is_stopped());
    CHECK_FALSE(rules.is_silent());
    CHECK(rules.reason()->code == ExitCode::service_refused);
    rules.note(QueryFailure(QueryFailure::Why::unreachable, "", "no route"));
    CHECK(rules.is_silent());
    CHECK(rules.reason()->text == "limits.max_orders_per_run is 1");
}

TEST_CASE("the registrar's line breaks make no lines of the reason") {
    StoppingRules rules(20);
    rules.note(QueryFailure(QueryFailure::Why::login_refused, "E01", "wrong\ndomspool: all well"));
    CHECK(rules.reason()->text == "the registrar refused the login: wrong\\ndomspool: all well");
}

TEST_CASE("a hold of all sending lets questions go on, and gives way to any other reason") {
    StoppingRules rules(20);
    rules.stop_for_hold("all sending is held by ada");
    CHECK(rules.is_stopped());
    CHECK(rules.is_sending_held());
    CHECK_FALSE(rules.is_silent());
    CHECK(rules.reason()->code == ExitCode::service_refused);
    CHECK(rules.reason()->is_hold);
    rules.note(QueryFailure(QueryFailure::Why::unreachable, "", "no route"));
    CHECK(rules.is_silent());
    CHECK(rules.is_sending_held());
    CHECK(rules.reason()->is_unreachable);
}
