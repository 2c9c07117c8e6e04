#include "jobs/decisions.h"
#include "support/decision_scene.h"
#include "support/holds.h"
#include "support/waiting_orders.h"
#include "workflow/pending/operation_ending.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::holds;
using domspool::test::Waiting;
using namespace std::chrono_literals;

TEST_CASE("an operation that ended Done is followed by read-back and follow-ups in the same pass") {
    Waiting waiting(1, {{"lock", "on"}, {"privacy", "on"}});
    waiting.engine.registrar.finish(1001);
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
    CHECK(waiting.engine.look_at(waiting.orders[0]).operation == 1001);
    CHECK(waiting.engine.registrar.domain_records.at("d0.com").locked == true);
    REQUIRE(report.news.size() == 1);
    CHECK(report.news[0].state == OrderState::done);
    CHECK(waiting.engine.registrar.times_asked("domainCreate") == 0);
}

TEST_CASE("failed and cancelled operations end their orders with the registrar's words") {
    Waiting waiting(3);
    waiting.engine.registrar.finish(1001, "FAILED", "the name is reserved");
    waiting.engine.registrar.finish(1002, "Cancelled", "by support");
    waiting.engine.registrar.finish(1003, "KO", "no");
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "failed");
    CHECK(waiting.engine.look_at(waiting.orders[0]).message == "the name is reserved");
    CHECK(waiting.state(1) == "cancelled");
    CHECK(holds(waiting.engine.look_at(waiting.orders[1]).reason, "by support"));
    CHECK(waiting.state(2) == "failed");
    CHECK(waiting.engine.ledger().money_out_since(UtcTime{}) == 0);
    CHECK(waiting.engine.registrar.times_asked("domainInfo") == 0);
}

TEST_CASE("an operation that others cancelled makes its order news that needs a person") {
    Waiting waiting(1);
    waiting.engine.registrar.finish(1001, "CANCELED", "by support");
    const PendingReport report = waiting.pass_after(10min);
    REQUIRE(report.news.size() == 1);
    CHECK(is_cancelled_by_others(report.news[0]));
    const OrderRecord order = waiting.engine.look_at(waiting.orders[0]);
    CHECK(is_cancelled_by_others(order));
    CHECK(order.reason == "the operation was cancelled, and nobody here asked for it: by support");
    CHECK(order.steps.front().state == StepState::open_end);
    CHECK(waiting.engine.ledger().orders_cancelled_by_others() == 1);
    // It is told once.
    CHECK(waiting.pass_after(10min).news.empty());
}

TEST_CASE("a person's hold is no wish to cancel") {
    Waiting waiting(1);
    hold_order(domspool::test::Scene(waiting.engine).parts(), waiting.orders[0]);
    waiting.engine.registrar.finish(1001, "Cancelled");
    waiting.pass_after(10min);
    CHECK(is_cancelled_by_others(waiting.engine.look_at(waiting.orders[0])));
}

TEST_CASE("a fault for one id does not stop the others; after three passes the domain tells") {
    Waiting waiting(2);
    const auto fault = [&] {
        waiting.engine.registrar.will_not_answer(
            "queryOpe", {QueryFailure::Why::refused, "E16-M1601", "E16-M1601 : unknown"});
    };
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.finish(1002);
    fault();
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "waiting");
    CHECK(waiting.state(1) == "done");
    SUBCASE("the domain is there as ordered") {
        fault();
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "waiting");
        fault();
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "done");
        CHECK(waiting.engine.look_at(waiting.orders[0]).operation == 1001);
    }
    SUBCASE("the domain is not there: held, until an answer comes") {
        waiting.engine.registrar.domain_records.erase("d0.com");
        for (int i = 0; i < 3; ++i) {
            fault();
            waiting.pass_after(10min);
        }
        CHECK(waiting.state(0) == "held");
        CHECK(waiting.engine.look_at(waiting.orders[0]).keeps_domain);
        waiting.engine.registrar.operations[1001].status = "Failed";
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "failed");
    }
    SUBCASE("an answer in between counts anew") {
        waiting.engine.registrar.operations[1001].status = "Pending";
        fault();
        waiting.pass_after(10min);
        waiting.pass_after(10min);
        fault();
        waiting.pass_after(10min);
        CHECK(waiting.state(0) == "waiting");
    }
}

TEST_CASE("an order held by a person stays held when its operation is Done") {
    Waiting waiting(1, {{"lock", "on"}});
    const auto run =
        waiting.engine.ledger().begin_run("hold", Sends::no, waiting.engine.clock.now());
    waiting.engine.ledger().write([&](LedgerWrite& w) {
        const auto claimed = w.claim_order(run->id(), waiting.orders[0]);
        OrderMove hold;
        hold.state = OrderState::held;
        hold.held_for = HeldFor::person;
        hold.reason = "a person wants to look";
        w.move_order(claimed->claim, hold, waiting.engine.clock.now().utc);
        w.release(claimed->claim);
    });
    waiting.engine.registrar.finish(1001);
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "held");
    CHECK(holds(waiting.engine.look_at(waiting.orders[0]).reason, "operation 1001 is Done"));
    CHECK(waiting.engine.registrar.times_asked("domainSetPreference") == 0);
    CHECK(waiting.engine.ledger().open_operations().empty());
}
