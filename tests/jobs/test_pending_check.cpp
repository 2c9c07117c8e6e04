#include "jobs/decisions_on_many.h"
#include "jobs/pending_check.h"
#include "support/decision_scene.h"
#include "support/engine.h"
#include "support/holds.h"
#include "support/waiting_orders.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Doubtful;
using domspool::test::Engine;
using domspool::test::holds;
using domspool::test::Scene;
using domspool::test::Waiting;
using namespace std::chrono_literals;

namespace {

using What = PendingReport::What;

}  // namespace

TEST_CASE("nothing open: no call, no run") {
    Engine engine;
    engine.registration("example.com");
    engine.submit();
    engine.registrar.diary.clear();
    engine.clock.advance(1h);
    const PendingReport report =
        check_pending(engine.pending, engine.ledger(), engine.clock, []() -> PassParts {
            FAIL("a run, a password and TLS were asked for nothing");
            throw 1;
        });
    CHECK(report.what == What::nothing_to_do);
    CHECK(engine.registrar.diary.empty());
}

TEST_CASE("of 1,000 pending 20 ended: one list, 20 questions, 20 read-backs, nothing more") {
    Waiting waiting(1000);
    for (OperationId id = 1001; id <= 1020; ++id) waiting.engine.registrar.finish(id);
    const PendingReport report = waiting.pass_after(10min);
    CHECK(report.what == What::passed);
    CHECK(report.ended == 20);
    CHECK(report.still_pending == 980);
    CHECK(report.warnings.empty());
    const auto& registrar = waiting.engine.registrar;
    // With the opening and the closing of the session: 23, and one domainInfo per order Done.
    CHECK(registrar.times_asked("queryOpePending") == 1);
    CHECK(registrar.times_asked("queryOpe ") == 20);
    CHECK(registrar.times_asked("domainInfo") == 20);
    CHECK(registrar.diary.size() == 41);
    CHECK(waiting.engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"done", 20}, {"waiting", 980}});
}

TEST_CASE("a pass less than five minutes after the last ends quietly, as does one beside another") {
    Waiting waiting(1);
    CHECK(waiting.pass_after(10min).what == What::passed);
    CHECK(waiting.pass_after(299s).what == What::too_soon);
    CHECK(waiting.engine.registrar.diary.size() == 1);
    CHECK(waiting.pass_after(1s).what == What::passed);
    waiting.engine.clock.advance(10min);
    const auto lock = waiting.engine.ledger().try_pass_lock();
    REQUIRE(lock != nullptr);
    CHECK(waiting.engine.pass().what == What::too_soon);
    CHECK(waiting.engine.registrar.diary.size() == 2);
}

TEST_CASE("a last pass in the future is warned about and does not stop the passes") {
    Waiting waiting(1);
    waiting.pass_after(10min);
    waiting.engine.clock.set_utc("2026-11-01T02:00:00.000Z");
    waiting.engine.clock.reboot();
    const PendingReport report = waiting.pass_after(1min);
    CHECK(report.what == What::passed);
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "clock"));
}

TEST_CASE("a network that fails in the middle keeps what was learned") {
    Waiting waiting(3);
    for (OperationId id = 1001; id <= 1003; ++id) waiting.engine.registrar.finish(id);
    waiting.engine.registrar.before_call = [&](const std::string& line) {
        if (line == "queryOpe 1002") {
            waiting.engine.registrar.will_not_answer("queryOpe",
                                                     {QueryFailure::Why::unreachable, "", "cut"});
        }
    };
    const PendingReport report = waiting.pass_after(10min);
    CHECK(report.what == What::unreachable);
    CHECK(report.news.size() == 1);
    CHECK(waiting.state(0) == "done");
    CHECK(waiting.state(1) == "waiting");
    waiting.engine.registrar.before_call = nullptr;
    waiting.pass_after(10min);
    CHECK(waiting.state(2) == "done");
}

TEST_CASE("a read-back without network ends the pass and is made up for by the next") {
    Waiting waiting(2);
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.finish(1002);
    waiting.engine.registrar.will_not_answer("domainInfo",
                                             {QueryFailure::Why::unreachable, "", "cut"});
    CHECK(waiting.pass_after(10min).what == What::unreachable);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 1);
    CHECK(waiting.state(0) == "in_progress");
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
    CHECK(waiting.state(1) == "done");
}

TEST_CASE("a pass that is called off asks no more") {
    Waiting waiting(3);
    for (OperationId id = 1001; id <= 1003; ++id) waiting.engine.registrar.finish(id);
    bool stop = false;
    waiting.engine.is_called_off = [&] { return stop; };
    waiting.engine.registrar.before_call = [&](const std::string& line) {
        stop = stop || line == "queryOpe 1001";
    };
    waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 1);
    CHECK(waiting.engine.ledger().open_operations().size() == 2);
    for (const OrderId order : waiting.orders) {
        CHECK_FALSE(waiting.engine.look_at(order).claimed_by);
    }
}

TEST_CASE("a transfer that came through asks for a new EPP code, which may itself be pending") {
    Engine engine;
    const OrderId order =
        engine.order(OrderKind::transfer, {{"domain", "example.com"},
                                           {"owner", "AE1"},
                                           {"auth_code", "x1"},
                                           {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(order) == "waiting");
    engine.registrar.finish(1001);
    engine.registrar.will_answer("domainAuthID", Pending{0, "Pending", ""});
    engine.passes(1);
    CHECK(engine.state_of(order) == "waiting");
    CHECK(engine.look_at(order).operation == 1001);
    engine.registrar.finish(1002);
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("a dead run's open attempt is in doubt for the next pass") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    engine.registrar.before_call = [](const std::string& line) {
        if (line.starts_with("domainCreate")) throw 9;
    };
    CHECK_THROWS_AS(engine.submit(), int);
    engine.registrar.before_call = nullptr;
    engine.reopen();
    engine.passes(1);
    CHECK(engine.state_of(order) == "in_doubt");
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.arrivals.at("example.com") == 1);
}

// ---- While all sending is held

TEST_CASE("a pass asks as ever while all sending is held, and sends no follow-up") {
    Waiting waiting(2, {{"lock", "on"}});
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.finish(1002, "Failed", "the name is reserved");
    hold_all_sending(Scene(waiting.engine).parts(), "the wrong file");
    const PendingReport report = waiting.pass_after(10min);
    CHECK(report.what == What::passed);
    CHECK(report.ended == 2);
    CHECK(waiting.state(0) == "in_progress");
    CHECK(waiting.state(1) == "failed");
    const auto& registrar = waiting.engine.registrar;
    CHECK(registrar.times_asked("queryOpePending") == 1);
    CHECK(registrar.times_asked("domainInfo") == 1);  // The read-back.
    CHECK(registrar.times_asked("domainSetPreference") == 0);
    waiting.pass_after(10min);
    CHECK(registrar.times_asked("domainSetPreference") == 0);
    release_all_sending(Scene(waiting.engine).parts());
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
    CHECK(registrar.times_asked("domainSetPreference") == 1);
}

TEST_CASE("a read-back that is due is made while all sending is held") {
    Waiting waiting(1);
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.will_not_answer("domainInfo",
                                             {QueryFailure::Why::refused, "E99-M9901", "no"});
    waiting.pass_after(10min);
    REQUIRE(waiting.state(0) == "in_progress");
    hold_all_sending(Scene(waiting.engine).parts(), "the wrong file");
    waiting.pass_after(20min);
    CHECK(waiting.state(0) == "done");
}

TEST_CASE("a doubt is looked at while all sending is held, and sent anew only when it is over") {
    Doubtful with;
    hold_all_sending(Scene(with).parts(), "the wrong file");
    with.passes(3);
    CHECK(with.registrar.times_asked("domainCreate") == 1);
    CHECK(with.look_at(with.order).steps[0].state == StepState::planned);
    release_all_sending(Scene(with).parts());
    with.submit();
    CHECK(with.state_of(with.order) == "done");
    CHECK(with.registrar.times_asked("domainCreate") == 2);
    CHECK(with.registrar.arrivals["example.com"] == 1);
}

TEST_CASE("a registrar out of reach is told while all sending is held as well") {
    Waiting waiting(1);
    hold_all_sending(Scene(waiting.engine).parts(), "the wrong file");
    waiting.engine.registrar.will_not_answer("queryOpePending",
                                             {QueryFailure::Why::unreachable, "", "no line"});
    CHECK(waiting.pass_after(10min).what == What::unreachable);
}
