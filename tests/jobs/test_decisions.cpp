#include "jobs/decisions.h"
#include "jobs/doubt_decisions.h"
#include "jobs/retry.h"
#include "support/decision_scene.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

Decided hold(Engine& engine, OrderId order) {
    return hold_order(Scene(engine).parts(), order);
}
Decided release(Engine& engine, OrderId order) {
    return release_order(Scene(engine).parts(), order);
}
Decided cancel(Engine& engine, OrderId order) {
    return cancel_order(Scene(engine).parts(), order);
}

int times(const Engine& engine, const std::string& call) {
    return engine.registrar.times_asked(call);
}

}  // namespace

// ---- hold, release

TEST_CASE("a held order is not sent, and once released it is") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    CHECK(hold(engine, order).code == ExitCode::all_well);
    CHECK(engine.state_of(order) == "held");
    CHECK(history_tells(engine, order, "decision", "held by ada"));
    engine.submit();
    CHECK(times(engine, "domainCreate") == 0);
    const Decided released = release(engine, order);
    CHECK(released.code == ExitCode::all_well);
    CHECK(released.order.state == OrderState::accepted);
    CHECK(history_tells(engine, order, "decision", "released by ada"));
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(times(engine, "domainCreate") == 1);
}

TEST_CASE("the reason of a hold stands in the order's and in its history") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    hold_order(Scene(engine).parts(), order, "the customer calls back");
    CHECK(engine.look_at(order).reason ==
          "paused by ada: the customer calls back; `domain-orders release 1` lets it go on");
    CHECK(history_tells(engine, order, "decision", "held by ada: the customer calls back"));
    release_order(Scene(engine).parts(), order, "he did");
    CHECK(history_tells(engine, order, "decision", "released by ada: he did"));
}

TEST_CASE("a pending or doubtful order comes back from a hold as it was") {
    Pendings pending;
    CHECK(hold(pending, pending.order).code == ExitCode::all_well);
    CHECK(release(pending, pending.order).order.state == OrderState::waiting);
    Doubtful doubtful;
    CHECK(hold(doubtful, doubtful.order).code == ExitCode::all_well);
    doubtful.passes(3);
    CHECK(doubtful.state_of(doubtful.order) == "held");
    CHECK(times(doubtful, "domainCreate") == 1);
    CHECK(release(doubtful, doubtful.order).order.state == OrderState::in_doubt);
}

TEST_CASE("an order held after three runs is counted anew once released") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    for (int i = 0; i < 3; ++i) {
        engine.registrar.will_not_answer(
            "domainInfo", QueryFailure(QueryFailure::Why::refused, "E99-M9901", "not today"));
        engine.submit();
    }
    REQUIRE(engine.state_of(order) == "held");
    CHECK(release(engine, order).order.postponed_runs == 0);
    engine.registrar.will_not_answer(
        "domainInfo", QueryFailure(QueryFailure::Why::refused, "E99-M9901", "not today"));
    engine.submit();
    CHECK(engine.state_of(order) == "accepted");
}

TEST_CASE("orders held for a row of refusals are sent again once released") {
    Engine engine;
    engine.refusals_in_a_row = 1;
    engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "closed", std::nullopt});
    const OrderId order = engine.registration("example.com");
    engine.submit();
    REQUIRE(engine.state_of(order) == "held");
    CHECK(release(engine, order).order.state == OrderState::accepted);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(times(engine, "domainCreate") == 2);
}

TEST_CASE("what has ended is not held, what is not held is not released, and the words say so") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    const Decided not_held = release(engine, order);
    CHECK(not_held.code == ExitCode::some_orders_wrong);
    CHECK(holds(not_held.words, "accepted"));
    engine.submit();
    const Decided ended = hold(engine, order);
    CHECK(ended.code == ExitCode::some_orders_wrong);
    CHECK(holds(ended.words, "done"));
}

TEST_CASE("an order that a live run works on is left to it: try again later") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    const auto run = engine.ledger().begin_run("other", Sends::yes, engine.clock.now());
    const auto claimed =
        engine.ledger().write([&](LedgerWrite& w) { return w.claim_order(run->id(), order); });
    REQUIRE(claimed);
    CHECK(hold(engine, order).code == ExitCode::try_later);
    CHECK(release(engine, order).code == ExitCode::try_later);
    CHECK(cancel(engine, order).code == ExitCode::try_later);
    CHECK(resolve_by_word(Scene(engine).parts(), order, Word::done, "seen").code ==
          ExitCode::try_later);
    CHECK(resolve_by_sending(Scene(engine).parts(), order, "").code == ExitCode::try_later);
    CHECK(retry_orders(Scene(engine).parts(), {order}).decided.at(0).code == ExitCode::try_later);
    CHECK(engine.state_of(order) == "accepted");
}

// ---- cancel

TEST_CASE("what was not sent is cancelled without a call") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    CHECK(cancel(engine, order).code == ExitCode::all_well);
    CHECK(engine.state_of(order) == "cancelled");
    engine.submit();
    CHECK(engine.registrar.diary.empty());
    const OrderId held = engine.registration("example.org.com");
    hold(engine, held);
    CHECK(cancel(engine, held).order.state == OrderState::cancelled);
}

TEST_CASE("what was sent once is not cancelled as unsent after a sending that never left") {
    Doubtful with;
    with.registrar.will_answer("domainCreate", TryLater{TryLater::Why::unreachable, "", "no line"});
    with.passes(2);
    REQUIRE(times(with, "domainCreate") == 2);
    REQUIRE(with.state_of(with.order) == "in_progress");
    CHECK(cancel(with, with.order).code == ExitCode::some_orders_wrong);
    CHECK(hold(with, with.order).code == ExitCode::all_well);
    const Decided refused = cancel(with, with.order);
    CHECK(refused.code == ExitCode::some_orders_wrong);
    CHECK(holds(refused.words, "may have been executed"));
    CHECK(with.state_of(with.order) == "held");
    SUBCASE("a person has seen that it was not") {
        CHECK(resolve_by_word(Scene(with).parts(), with.order, Word::failed, "seen").code ==
              ExitCode::all_well);
        CHECK(with.state_of(with.order) == "failed");
        with.passes(2);
        CHECK(times(with, "domainCreate") == 2);
    }
    SUBCASE("it is let go on") {
        CHECK(release(with, with.order).order.state == OrderState::in_progress);
        CHECK(with.look_at(with.order).keeps_domain);
        with.passes(1);
        CHECK(with.state_of(with.order) == "done");
        CHECK(with.registrar.arrivals["example.com"] == 1);
    }
}

TEST_CASE("a pending order is cancelled once queryOpe says so, and the call is an attempt") {
    Pendings with;
    const Decided decided = cancel(with, with.order);
    CHECK(decided.code == ExitCode::all_well);
    CHECK(with.state_of(with.order) == "cancelled");
    CHECK(times(with, "cancelOpe 1001") == 1);
    const auto attempts = with.ledger().attempts(with.order);
    REQUIRE(attempts.size() == 2);
    CHECK(attempts[1].function == "cancelOpe");
    CHECK(attempts[1].outcome == AttemptOutcome::done);
    CHECK(with.ledger().open_operations().empty());
    CHECK(history_tells(with, with.order, "decision", "cancelled for ada"));
}

TEST_CASE("a cancelling that was taken but not shown yet is ended by a later pass only") {
    Pendings with;
    with.registrar.will_answer("cancelOpe", Done{}, Effect::none);
    const Decided decided = cancel(with, with.order);
    CHECK(decided.code == ExitCode::all_well);
    CHECK(decided.order.state == OrderState::waiting);
    with.registrar.finish(1001, "Cancelled");
    with.passes(1);
    CHECK(with.state_of(with.order) == "cancelled");
    CHECK(times(with, "cancelOpe") == 1);
}

TEST_CASE("what a person here asked to cancel was not cancelled by others") {
    Pendings with;
    SUBCASE("asked and shown at once") {
        cancel(with, with.order);
    }
    SUBCASE("cancelled before it was asked") {
        with.registrar.finish(1001, "Cancelled");
        CHECK(cancel(with, with.order).code == ExitCode::all_well);
        CHECK(times(with, "cancelOpe") == 0);
    }
    SUBCASE("shown by a later pass") {
        with.registrar.will_answer("cancelOpe", Done{}, Effect::none);
        cancel(with, with.order);
        with.registrar.finish(1001, "Cancelled");
        with.passes(1);
    }
    SUBCASE("refused, and cancelled later all the same") {
        with.registrar.will_answer("cancelOpe", Refused{"E20-M2001", "too late", std::nullopt});
        cancel(with, with.order);
        with.registrar.finish(1001, "Cancelled");
        with.passes(1);
    }
    SUBCASE("asked without an answer") {
        with.registrar.will_answer("cancelOpe", kLostReply, Effect::none);
        cancel(with, with.order);
        with.registrar.finish(1001, "Cancelled");
        with.passes(1);
    }
    CHECK(with.state_of(with.order) == "cancelled");
    CHECK_FALSE(is_cancelled_by_others(with.look_at(with.order)));
    CHECK(with.ledger().orders_cancelled_by_others() == 0);
}

TEST_CASE("a refused cancelling leaves the order waiting, and its operation may end Done") {
    Pendings with;
    with.registrar.will_answer("cancelOpe", Refused{"E20-M2001", "too late", std::nullopt});
    const Decided decided = cancel(with, with.order);
    CHECK(decided.code == ExitCode::some_orders_wrong);
    CHECK(holds(decided.words, "E20-M2001"));
    CHECK(decided.order.state == OrderState::waiting);
    with.registrar.finish(1001);
    with.passes(1);
    CHECK(with.state_of(with.order) == "done");
    CHECK(times(with, "cancelOpe") == 1);
}

TEST_CASE("a cancelling whose reply is lost is looked for and never sent again by itself") {
    Pendings with;
    SUBCASE("without effect") {
        with.registrar.will_answer("cancelOpe", kLostReply, Effect::none);
        CHECK(cancel(with, with.order).order.state == OrderState::in_doubt);
        with.passes(1);
        CHECK(with.state_of(with.order) == "waiting");
        with.registrar.finish(1001);
        with.passes(1);
        CHECK(with.state_of(with.order) == "done");
    }
    SUBCASE("executed") {
        with.registrar.will_answer("cancelOpe", kLostReply, Effect::at_once);
        CHECK(cancel(with, with.order).order.state == OrderState::in_doubt);
        with.passes(1);
        CHECK(with.state_of(with.order) == "cancelled");
    }
    SUBCASE("overtaken by the end of the operation") {
        with.registrar.will_answer("cancelOpe", kLostReply, Effect::none);
        CHECK(cancel(with, with.order).order.state == OrderState::in_doubt);
        with.registrar.finish(1001);
        with.passes(1);
        CHECK(with.state_of(with.order) == "done");
    }
    CHECK(times(with, "cancelOpe") == 1);
    CHECK(with.ledger().open_doubts().empty());
}

TEST_CASE("a held order whose cancelling has no effect stays held, for the same reason") {
    Pendings with;
    hold(with, with.order);
    const std::string reason = with.look_at(with.order).reason;
    SUBCASE("refused") {
        with.registrar.will_answer("cancelOpe", Refused{"E20-M2001", "too late", std::nullopt});
        CHECK(cancel(with, with.order).code == ExitCode::some_orders_wrong);
    }
    SUBCASE("taken, and not shown yet") {
        with.registrar.will_answer("cancelOpe", Done{}, Effect::none);
        CHECK(cancel(with, with.order).code == ExitCode::all_well);
    }
    SUBCASE("its reply lost") {
        with.registrar.will_answer("cancelOpe", kLostReply, Effect::none);
        CHECK(cancel(with, with.order).order.state == OrderState::in_doubt);
        with.passes(1);
    }
    CHECK(with.state_of(with.order) == "held");
    CHECK(with.look_at(with.order).reason == reason);
    with.registrar.finish(1001);
    with.passes(1);
    CHECK(with.state_of(with.order) == "held");
    CHECK(release(with, with.order).order.state == OrderState::in_progress);
}

TEST_CASE("a doubt is not cancelled, and nothing is asked") {
    Doubtful with;
    const int asked = static_cast<int>(with.registrar.diary.size());
    const Decided decided = cancel(with, with.order);
    CHECK(decided.code == ExitCode::some_orders_wrong);
    CHECK(holds(decided.words, "in_doubt"));
    CHECK(holds(decided.words, "domain-orders resolve"));
    CHECK(static_cast<int>(with.registrar.diary.size()) == asked);
}

// ---- dismiss

TEST_CASE("a doubt and a hold are not dismissed, and the verbs that fit are named") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    const OrderId doubt = engine.registration("a.com"), other = engine.registration("b.com");
    engine.submit();
    REQUIRE(engine.state_of(doubt) == "in_doubt");
    const Decided about_doubt = dismiss_order(Scene(engine).parts(), doubt, "seen", std::nullopt);
    CHECK(about_doubt.code == ExitCode::some_orders_wrong);
    CHECK(holds(about_doubt.words, "domain-orders resolve 1"));
    const Decided about_done = dismiss_order(Scene(engine).parts(), other, "seen", std::nullopt);
    CHECK(about_done.code == ExitCode::some_orders_wrong);
    hold(engine, engine.registration("c.com"));
    const Decided about_held = dismiss_order(Scene(engine).parts(), 3, "seen", std::nullopt);
    CHECK(about_held.code == ExitCode::some_orders_wrong);
    CHECK(holds(about_held.words, "domain-orders release 3"));
}

TEST_CASE(
    "what was dismissed waits for nobody until its day, or until it moves, and stays as it is") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "closed", std::nullopt});
    const OrderId order = engine.registration("a.com");
    engine.submit();
    REQUIRE(engine.state_of(order) == "failed");
    const auto waiting = [&] {
        return engine.ledger().orders_for_a_person(engine.clock.now().utc).size();
    };
    CHECK(waiting() == 1);
    engine.clock.advance(std::chrono::hours(1));
    const UtcTime day = engine.clock.now().utc + std::chrono::hours(48);
    CHECK(dismiss_order(Scene(engine).parts(), order, "the customer knows", day).code ==
          ExitCode::all_well);
    CHECK(waiting() == 0);
    CHECK(engine.state_of(order) == "failed");
    const auto kept = engine.ledger().dismissal(order);
    REQUIRE(kept);
    CHECK(kept->reason == "the customer knows");
    CHECK(kept->until == day);
    engine.clock.advance(std::chrono::hours(49));
    CHECK(waiting() == 1);
    CHECK(dismiss_order(Scene(engine).parts(), order, "it is so", std::nullopt).code ==
          ExitCode::all_well);
    engine.clock.advance(std::chrono::hours(49));
    CHECK(waiting() == 0);
}
