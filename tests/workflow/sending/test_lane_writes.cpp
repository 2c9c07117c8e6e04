#include "support/engine.h"
#include "util/crash_point.h"
#include "workflow/sending/lane_writes.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;
using namespace std::chrono_literals;

namespace {

// Stands for SIGKILL: nothing in the product catches it.
struct Death {};

std::vector<PlannedStep> plan_of(const PlanRequest& request) {
    PlanBuilder plan(request);
    FieldMap arguments = plan.contacts_with_owner();
    arguments["years"] = "1";
    plan.main_step(arguments);
    plan.read_back();
    return std::move(plan).steps();
}

// Registrations of a.com, b.com and c.com, claimed by one lane.
struct Handful {
    Handful() {
        engine.registrar.next_operation = 7000;
        for (const char* domain : {"a.com", "b.com", "c.com"}) {
            orders.push_back(engine.registration(domain));
        }
        engine.before_commit = [this] { ++commits; };
    }

    // As a program's run, from its first commit to its end.
    struct LaneRun {
        explicit LaneRun(Handful& handful)
            : run(handful.engine.ledger().begin_run("test", Sends::yes,
                                                    handful.engine.clock.now())),
              cache(handful.engine.ledger(), handful.engine.clock, {}),
              runner({handful.engine.ledger(), *run, handful.engine.registrar,
                      handful.engine.registrar, cache, rules, handful.engine.clock,
                      handful.engine.settings, plan_of, nullptr}),
              claimed(runner.orders().claim_next(std::nullopt, 16)) {}
        std::unique_ptr<Run> run;
        AnswerCache cache;
        StoppingRules rules{20};
        OrderRunner runner;
        std::vector<ClaimedOrder> claimed;
    };

    // What the ledger knows of the order's one attempt; "" of one without outcome.
    std::string known_of(std::size_t which) {
        const auto attempts = engine.ledger().attempts(orders.at(which));
        if (attempts.empty()) return "no attempt";
        REQUIRE(attempts.size() == 1);
        return attempts[0].outcome ? std::string(to_word(*attempts[0].outcome)) : "";
    }

    Engine engine;
    std::vector<OrderId> orders;
    int commits = 0;
};

}  // namespace

TEST_CASE("an answer shares the commit of the lane's next intent") {
    Handful handful;
    Handful::LaneRun lane(handful);
    REQUIRE(lane.claimed.size() == 3);
    // The first order of the run brings the questions about the extension and the account.
    CHECK(lane.runner.advance_to_answer(lane.claimed[0]) == OrderRunner::Advance::main_answered);
    CHECK(handful.known_of(0) == "");
    const int before = handful.commits;
    handful.engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainCreate b.com") CHECK(handful.known_of(0) == "done");
        if (line == "domainCreate c.com") CHECK(handful.known_of(1) == "done");
    };
    // b.com and c.com ask whether they are in the account; without that question there is no more
    // than one commit each.
    lane.cache.snapshot_domains(handful.engine.registrar);
    lane.runner.advance_to_answer(lane.claimed[1]);
    lane.runner.advance_to_answer(lane.claimed[2]);
    CHECK(handful.commits - before == 2);
    lane.runner.flush();
    CHECK(handful.commits - before == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(handful.known_of(i) == "done");
    for (ClaimedOrder& claimed : lane.claimed) lane.runner.advance(claimed);
    lane.runner.flush();
    for (const OrderId order : handful.orders) CHECK(handful.engine.state_of(order) == "done");
}

TEST_CASE("no question is asked while an answer is not in the ledger") {
    Handful handful;
    Handful::LaneRun lane(handful);
    lane.runner.advance_to_answer(lane.claimed[0]);
    REQUIRE(handful.known_of(0) == "");
    int questions = 0;
    handful.engine.registrar.before_call = [&](const std::string& line) {
        if (line != "domainInfo b.com") return;
        ++questions;
        CHECK(handful.known_of(0) == "done");
    };
    lane.runner.advance_to_answer(lane.claimed[1]);
    CHECK(questions == 1);
    lane.runner.flush();
}

TEST_CASE("the DNS is not asked either while an answer is not in the ledger") {
    Handful handful;
    handful.engine.registration("d.com", {{"nameservers", "ns1.example.org ns2.example.org"}});
    int tests = 0;
    PreflightSettings& checks = handful.engine.settings.preflight;
    checks.dns_test = DnsTestWhen::always;
    checks.test_name_servers = [&](const DomainName&, const std::vector<std::string>&, int) {
        ++tests;
        CHECK(handful.known_of(2) == "done");
        return DnsTestResult{DnsVerdict::passed, {}};
    };
    Handful::LaneRun lane(handful);
    REQUIRE(lane.claimed.size() == 4);
    lane.cache.snapshot_domains(handful.engine.registrar);
    for (int i = 0; i < 3; ++i) lane.runner.advance_to_answer(lane.claimed[std::size_t(i)]);
    REQUIRE(handful.known_of(2) == "");
    lane.runner.advance_to_answer(lane.claimed[3]);
    CHECK(tests == 1);
    lane.runner.flush();
}

TEST_CASE("an answer whose shared commit fails is spilled, and the call after it is not sent") {
    Handful handful;
    {
        Handful::LaneRun lane(handful);
        lane.cache.snapshot_domains(handful.engine.registrar);
        lane.runner.advance_to_answer(lane.claimed[0]);
        handful.engine.before_commit = [] { throw std::runtime_error("no room"); };
        CHECK_THROWS_WITH_AS(
            lane.runner.advance_to_answer(lane.claimed[1]),
            doctest::Contains("it is kept beside the ledger and entered by the next run"),
            RunFailure);
        handful.engine.before_commit = nullptr;
    }
    CHECK(handful.engine.registrar.times_asked("domainCreate") == 1);
    CHECK(handful.known_of(0) == "");
    CHECK(handful.known_of(1) == "no attempt");
    handful.engine.submit();  // Reads the dead run's file first.
    CHECK(handful.known_of(0) == "done");
    CHECK(handful.engine.look_at(handful.orders[0]).operation == 7000);
    CHECK(handful.engine.registrar.arrivals ==
          std::map<std::string, int>{{"a.com", 1}, {"b.com", 1}, {"c.com", 1}});
}

TEST_CASE("an answer is written although the ledger refuses the intent beside it") {
    Handful handful;
    handful.engine.settings.max_spend_per_day = Money{1500, "EUR"};  // One order at 10 EUR.
    Handful::LaneRun lane(handful);
    lane.cache.snapshot_domains(handful.engine.registrar);
    lane.runner.advance_to_answer(lane.claimed[0]);
    lane.runner.advance_to_answer(lane.claimed[1]);
    CHECK(lane.rules.is_stopped());
    CHECK(handful.known_of(0) == "done");
    CHECK(handful.known_of(1) == "no attempt");
    // What was ordered is read back yet; nothing more is ordered.
    lane.runner.advance(lane.claimed[0]);
    lane.runner.flush();
    CHECK(handful.engine.state_of(handful.orders[0]) == "done");
    CHECK(handful.engine.state_of(handful.orders[1]) == "accepted");
}

TEST_CASE("what must be looked at is written at once") {
    for (const Outcome& outcome :
         {Outcome(InDoubt{"cut"}), Outcome(Refused{"E11-M1", "E11-M1 : no", std::nullopt})}) {
        Handful handful;
        handful.engine.registrar.will_answer("domainCreate", outcome);
        Handful::LaneRun lane(handful);
        lane.runner.advance_to_answer(lane.claimed[0]);
        CHECK(handful.known_of(0) ==
              (std::holds_alternative<InDoubt>(outcome) ? "in_doubt" : "refused"));
    }
}

TEST_CASE("a run that dies with an answer in hand leaves a doubt, and nothing is ordered twice") {
    Handful handful;
    {
        Handful::LaneRun lane(handful);
        at_crash_points([](std::string_view name) {
            if (name == "answer_kept") throw Death{};
        });
        CHECK_THROWS_AS(lane.runner.advance_to_answer(lane.claimed[0]), Death);
        at_crash_points(nullptr);
    }
    handful.engine.reopen();
    handful.engine.submit();
    CHECK(handful.engine.state_of(handful.orders[0]) == "in_doubt");
    handful.engine.passes(2);
    CHECK(handful.engine.state_of(handful.orders[0]) == "done");
    CHECK(handful.engine.registrar.arrivals ==
          std::map<std::string, int>{{"a.com", 1}, {"b.com", 1}, {"c.com", 1}});
}

TEST_CASE("an order the ledger holds for its answer gets no follow-up") {
    Handful handful;
    handful.engine.registrar.will_answer("domainCreate", Done{OperationId{7000}, "", ""});
    handful.engine.registrar.will_answer("domainCreate", Done{OperationId{7000}, "", ""});
    Handful::LaneRun lane(handful);
    lane.runner.advance_to_answer(lane.claimed[0]);
    CHECK(lane.runner.advance_to_answer(lane.claimed[1]) == OrderRunner::Advance::main_answered);
    lane.runner.flush();
    CHECK(lane.claimed[1].order.state == OrderState::held);
    lane.runner.advance(lane.claimed[1]);
    CHECK(handful.engine.state_of(handful.orders[1]) == "held");
    CHECK(handful.engine.registrar.times_asked("domainInfo b.com") == 1);  // Before, not after.
}
