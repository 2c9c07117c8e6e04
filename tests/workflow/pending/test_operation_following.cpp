#include "support/gate.h"
#include "support/holds.h"
#include "support/waiting_orders.h"
#include "workflow/pending/operation_following.h"

#include <doctest/doctest.h>

#include <atomic>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::Gate;
using domspool::test::holds;
using domspool::test::Waiting;
using namespace std::chrono_literals;

TEST_CASE("an id in the list is asked about after a day, or when its row tells something else") {
    Waiting waiting(2);
    waiting.pass_after(23h);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 0);
    waiting.pass_after(1h);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 2);
    waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 2);
    waiting.engine.registrar.pending_rows[1].status = "Waiting for documents";
    waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe 1002") == 2);
    CHECK(waiting.engine.registrar.times_asked("queryOpe 1001") == 1);
    CHECK(waiting.state(1) == "waiting");
}

TEST_CASE("a status that is not known is kept, warned about, and ends nothing") {
    Waiting waiting(1);
    waiting.engine.registrar.finish(1001, "Archived");
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.state(0) == "waiting");
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "'Archived'"));
    waiting.engine.registrar.finish(1001);
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
}

TEST_CASE("a reply about another call is not believed") {
    Waiting waiting(1);
    waiting.engine.registrar.finish(1001);
    waiting.engine.registrar.operations[1001].type = "domainRenew";
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.state(0) == "waiting");
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "domainRenew"));
    waiting.engine.registrar.operations[1001].type = "DOMAINCREATE";
    waiting.pass_after(10min);
    CHECK(waiting.state(0) == "done");
}

TEST_CASE(
    "twenty missing ids that are all pending: the list is not believed and no more is asked") {
    Waiting waiting(25);
    waiting.engine.registrar.pending_rows.clear();
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 20);
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "not believed"));
    CHECK(waiting.engine.ledger().open_operations().size() == 25);
}

TEST_CASE("queryOpe that names no call is about what was asked, unless it names another target") {
    for (const auto& [target, state] :
         {std::pair("", "done"), std::pair("D0.com", "done"), std::pair("other.com", "waiting")}) {
        CAPTURE(target);
        Waiting waiting(1);
        waiting.engine.registrar.finish(1001);
        waiting.engine.registrar.operations[1001].type = "";
        waiting.engine.registrar.operations[1001].target = target;
        const PendingReport report = waiting.pass_after(10min);
        CHECK(waiting.state(0) == state);
        CHECK(report.warnings.empty() == (std::string(state) == "done"));
    }
}

TEST_CASE("without a readable list those not asked for longest are asked, as long as some ended") {
    Waiting waiting(70);
    const QueryFailure unreadable{QueryFailure::Why::unreadable, "", "the reply is no list"};
    auto& registrar = waiting.engine.registrar;
    const auto asked_in_a_pass = [&](std::chrono::minutes later) {
        registrar.diary.clear();
        registrar.will_not_answer("queryOpePending", unreadable);
        const PendingReport report = waiting.pass_after(later);
        CHECK(report.what == PendingReport::What::passed);
        CHECK(report.warnings.empty());
        return registrar.times_asked("queryOpe ");
    };
    CHECK(asked_in_a_pass(10min) == 20);
    CHECK(asked_in_a_pass(20min) == 20);
    CHECK(registrar.times_asked("queryOpe 1021") == 1);  // Behind those asked before.
    for (OperationId id = 1041; id <= 1060; ++id) registrar.finish(id);
    CHECK(asked_in_a_pass(30min) == 40);
    CHECK(waiting.engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"done", 20}, {"waiting", 50}});
}

TEST_CASE("one of the first twenty that ended makes the list believable") {
    Waiting waiting(25);
    waiting.engine.registrar.pending_rows.clear();
    waiting.engine.registrar.operations[1020].status = "Done";
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 25);
    CHECK(report.warnings.empty());
    CHECK(report.ended == 1);
}

TEST_CASE("an operation older than usual is warned about once") {
    Waiting waiting(1);
    waiting.engine.pending.usual_days = [](OrderKind, const std::string& extension) {
        return extension == "com" ? 2 : 30;
    };
    CHECK(waiting.pass_after(47h).warnings.empty());
    const PendingReport late = waiting.pass_after(1h);
    REQUIRE(late.warnings.size() == 1);
    CHECK(holds(late.warnings[0], "2 days"));
    CHECK(waiting.pass_after(1h).warnings.empty());
}

TEST_CASE("operations that ended are followed in all lanes at once, each by one") {
    Waiting waiting(60);
    for (OperationId id = 1001; id <= 1060; ++id) waiting.engine.registrar.finish(id);
    waiting.engine.pass_lanes = 8;
    Gate eight;
    std::atomic<int> questions{0};
    std::atomic<bool> all_met{true};
    waiting.engine.registrar.before_call = [&](const std::string& line) {
        const bool is_first_of_lane = line.starts_with("queryOpe ") && ++questions <= 8;
        if (is_first_of_lane && !eight.meet(8)) all_met = false;
    };
    const PendingReport report = waiting.pass_after(10min);
    CHECK(all_met);
    CHECK(report.ended == 60);
    CHECK(report.warnings.empty());
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 60);
    CHECK(waiting.engine.registrar.times_asked("domainInfo") == 60);
    CHECK(waiting.engine.registrar.times_asked("queryOpePending") == 1);
    CHECK(waiting.engine.ledger().count_by_state({}) == std::map<std::string, int>{{"done", 60}});
}

TEST_CASE("the first twenty missing ids are asked before the rest, in lanes too") {
    Waiting waiting(70);
    waiting.engine.registrar.pending_rows.clear();
    waiting.engine.pass_lanes = 8;
    const PendingReport report = waiting.pass_after(10min);
    CHECK(waiting.engine.registrar.times_asked("queryOpe ") == 20);
    for (OperationId id = 1001; id <= 1020; ++id) {
        CHECK(waiting.engine.registrar.times_asked("queryOpe " + std::to_string(id)) == 1);
    }
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "not believed"));
}

TEST_CASE("a network that goes away under the lanes loses nothing: the next pass goes on") {
    Waiting waiting(40);
    for (OperationId id = 1001; id <= 1040; ++id) waiting.engine.registrar.finish(id);
    waiting.engine.pass_lanes = 4;
    waiting.engine.registrar.before_call = [&](const std::string& line) {
        if (line != "queryOpe 1010") return;
        waiting.engine.registrar.will_not_answer("queryOpe",
                                                 {QueryFailure::Why::unreachable, "", "cut"});
    };
    const PendingReport cut = waiting.pass_after(10min);
    CHECK(cut.what == PendingReport::What::unreachable);
    CHECK(cut.ended < 40);
    CHECK(static_cast<int>(waiting.engine.ledger().open_operations().size()) == 40 - cut.ended);
    CHECK(static_cast<int>(cut.news.size()) == cut.ended);
    waiting.engine.registrar.before_call = nullptr;
    const PendingReport next = waiting.pass_after(10min);
    CHECK(cut.ended + next.ended == 40);
    CHECK(waiting.engine.ledger().count_by_state({}) == std::map<std::string, int>{{"done", 40}});
    CHECK(waiting.engine.registrar.times_asked("domainInfo") == 40);
}

TEST_CASE("follow-ups that are due are sent in all lanes at once") {
    Engine engine;
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        engine.registrar.will_answer("domainSetPreference",
                                     Refused{"E11-M1101", "E11-M1101 : not now", std::nullopt});
        orders.push_back(engine.registration(domain, {{"lock", "on"}}));
    }
    engine.submit();
    engine.pass_lanes = 3;
    Gate three;
    std::atomic<bool> all_met{true};
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainSetPreference") && !three.meet(3)) all_met = false;
    };
    engine.clock.advance(1h);
    CHECK(engine.pass().follow_ups == 3);
    CHECK(all_met);
    CHECK(engine.registrar.times_asked("domainSetPreference") == 6);
    for (const OrderId order : orders) CHECK(engine.state_of(order) == "done");
}
