#include "support/engine.h"
#include "support/holds.h"
#include "workflow/sending/order_runner.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

namespace {

using Diary = std::vector<std::string>;

const Refused kRefusal{"E11-M1101", "E11-M1101 : not now", std::nullopt};

std::vector<AttemptOutcome> outcomes_of(Engine& engine, OrderId order) {
    std::vector<AttemptOutcome> outcomes;
    for (const AttemptRecord& attempt : engine.ledger().attempts(order)) {
        REQUIRE(attempt.outcome);
        outcomes.push_back(*attempt.outcome);
    }
    return outcomes;
}

}  // namespace

TEST_CASE("a registration with contact ids costs one call, what is known of it, and a read-back") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.registrar.diary == Diary{"domainTldInfo com", "queryOpeList com",
                                          "queryResellerAccount", "contactInfo AE1",
                                          "queryOpePending", "domainInfo example.com",
                                          "domainCreate example.com", "domainInfo example.com"});
    const OrderRecord record = engine.look_at(order);
    CHECK(record.state == OrderState::done);
    CHECK(record.operation == 1001);
    CHECK(record.reason.empty());
    CHECK_FALSE(record.keeps_domain);
    CHECK_FALSE(record.claimed_by);
}

TEST_CASE("a pending main step waits, nothing is read back, and no follow-up is sent") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Pending{0, "Pending", "queued"});
    const OrderId order = engine.registration("example.com", {{"lock", "on"}});
    engine.submit();
    const OrderRecord record = engine.look_at(order);
    CHECK(record.state == OrderState::waiting);
    CHECK(record.operation == 1001);
    CHECK(record.keeps_domain);
    CHECK(engine.registrar.diary.back() == "domainCreate example.com");
    REQUIRE(engine.ledger().open_operations().size() == 1);
}

TEST_CASE("surely not sent: the order stays accepted and its domain is free") {
    Engine engine;
    engine.registrar.will_answer("domainCreate",
                                 TryLater{TryLater::Why::unreachable, "", "connection refused"});
    const OrderId order = engine.registration("example.com");
    const OrderId other = engine.registration("other.com");
    const auto end = engine.submit();
    CHECK(engine.state_of(order) == "accepted");
    CHECK_FALSE(engine.look_at(order).keeps_domain);
    CHECK(engine.state_of(other) == "accepted");
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::try_later);
    CHECK(end.stopped->is_unreachable);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.domain_records.size() == 2);
}

TEST_CASE("a call that never left is a new attempt after a pause, and all is looked at anew") {
    Engine engine;
    engine.give_time_for_pauses();
    const TryLater gone{TryLater::Why::unreachable, "", "the connection stands open no more"};
    engine.registrar.will_answer("domainCreate", gone);
    engine.registrar.will_answer("domainCreate", gone);
    const OrderId order = engine.registration("example.com");
    const auto end = engine.submit();
    CHECK_FALSE(end.stopped);
    CHECK(engine.state_of(order) == "done");
    CHECK(outcomes_of(engine, order) ==
          std::vector{AttemptOutcome::try_later, AttemptOutcome::try_later, AttemptOutcome::done});
    CHECK(engine.registrar.arrivals["example.com"] == 1);
    REQUIRE(engine.pauses.size() == 2);
    CHECK(engine.pauses[0] >= 500ms);
    CHECK(engine.pauses[1] >= 1s);
    // The picture of each attempt, and the read-back.
    CHECK(engine.registrar.times_asked("domainInfo example.com") == 4);
}

TEST_CASE("what never left is not sent any more where its wish came true meanwhile") {
    Engine engine;
    engine.give_time_for_pauses();
    engine.registrar.will_answer("domainCreate",
                                 TryLater{TryLater::Why::unreachable, "", "the line was gone"});
    const OrderId order = engine.registration("example.com");
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainCreate")) {
            engine.registrar.domain_records["example.com"].domain = "example.com";
        }
    };
    engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
    CHECK(engine.registrar.arrivals["example.com"] == 0);
    CHECK(engine.state_of(order) == "failed");
}

TEST_CASE("a line that stays away stops the run, and the order stays accepted") {
    Engine engine;
    engine.give_time_for_pauses({10s, 100s});
    for (int i = 0; i < 20; ++i) {
        engine.registrar.will_answer("domainCreate",
                                     TryLater{TryLater::Why::unreachable, "", "no route"});
    }
    const OrderId order = engine.registration("example.com");
    const OrderId other = engine.registration("other.com");
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->is_unreachable);
    CHECK(holds(end.stopped->text, "no route"));
    CHECK(engine.state_of(order) == "accepted");
    CHECK_FALSE(engine.look_at(order).keeps_domain);
    CHECK(engine.state_of(other) == "accepted");
    CHECK(engine.registrar.times_asked("domainCreate other.com") == 0);
}

TEST_CASE("a call that cannot be made ready leaves no attempt") {
    Engine engine;
    engine.registrar.will_not_be_ready({QueryFailure::Why::unreachable, "", "no route to host"});
    const OrderId order = engine.registration("example.com");
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->is_unreachable);
    CHECK(engine.state_of(order) == "accepted");
    CHECK(engine.ledger().attempts(order).empty());
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("an answer in hand is written before a call that has to be made ready first") {
    Engine engine;
    const OrderId first = engine.registration("a.com");
    engine.registration("b.com");
    engine.submission.lanes = 1;
    bool was_written = false;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainCreate a.com") {
            engine.registrar.will_not_be_ready({QueryFailure::Why::unreachable, "", "no route"});
        }
        if (line == "not ready")
            was_written = engine.ledger().attempts(first)[0].outcome.has_value();
    };
    engine.submit();
    CHECK(was_written);
}

TEST_CASE("a session that died is tried once more at once, then left to another run") {
    Engine engine;
    const TryLater dead{TryLater::Why::session_dead, "E02-M0201", "session expired"};
    engine.registrar.will_answer("domainCreate", dead);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(outcomes_of(engine, order) ==
          std::vector{AttemptOutcome::try_later, AttemptOutcome::done});

    engine.registrar.will_answer("domainCreate", dead);
    engine.registrar.will_answer("domainCreate", dead);
    const OrderId unlucky = engine.registration("unlucky.com");
    const auto end = engine.submit();
    CHECK_FALSE(end.stopped);
    CHECK(engine.state_of(unlucky) == "accepted");
    CHECK(engine.registrar.times_asked("domainCreate unlucky.com") == 2);
}

TEST_CASE("an attempt that became old before its call is recorded as not sent") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    class SlowLedgerClock : public Clock {
      public:
        explicit SlowLedgerClock(Engine& shop, OrderId watched) : shop_(shop), watched_(watched) {}
        Moment now() const override {
            // As if the commit of the intent had taken six seconds.
            if (!slept_ && !shop_.ledger().attempts(watched_).empty()) {
                slept_ = true;
                shop_.clock.advance(6s);
            }
            return shop_.clock.now();
        }

      private:
        Engine& shop_;
        OrderId watched_;
        mutable bool slept_ = false;
    } clock(engine, order);
    const auto run = engine.ledger().begin_run("test", Sends::yes, clock.now());
    AnswerCache cache(engine.ledger(), clock, {});
    StoppingRules rules(20);
    OrderRunner runner({engine.ledger(), *run, engine.registrar, engine.registrar, cache, rules,
                        clock, engine.settings,
                        [](const PlanRequest& request) {
                            PlanBuilder plan(request);
                            FieldMap arguments = plan.contacts_with_owner();
                            arguments["years"] = "1";
                            plan.main_step(arguments);
                            plan.read_back();
                            return std::move(plan).steps();
                        },
                        nullptr});
    auto claimed = runner.orders().claim_next(std::nullopt, 1);
    REQUIRE(claimed.size() == 1);
    runner.advance(claimed[0]);
    runner.flush();
    // The second try, at once, is fresh.
    CHECK(outcomes_of(engine, order) ==
          std::vector{AttemptOutcome::try_later, AttemptOutcome::done});
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
}

TEST_CASE("the follow-ups of a registration, the lock last") {
    Engine engine;
    engine.registration("example.com", {{"lock", "on"}, {"privacy", "on"}, {"dnssec", "on"}});
    engine.submit();
    Diary changes;
    for (const std::string& line : engine.registrar.diary) {
        if (line.starts_with("domainSet")) changes.push_back(line);
    }
    CHECK(changes == Diary{"domainSetDNSsec example.com 1",
                           "domainSetPreference example.com whois_privacy=1",
                           "domainSetPreference example.com registrar_lock=1"});
}

TEST_CASE("a text that looks like a reference to a step is sent as it is") {
    Engine engine;
    const OrderId order =
        engine.registration("example.com", {{"tag", "step:1"}, {"note", "step:99"}});
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference example.com tag=step:1") == 1);
    CHECK(engine.registrar.times_asked("domainSetPreference example.com note=step:99") == 1);
}

TEST_CASE("one refused follow-up does not stop the others and is an open end after five tries") {
    Engine engine;
    for (int i = 0; i < 5; ++i) engine.registrar.will_answer("domainSetPreference", kRefusal);
    // The first preference of the plan is refused; so are its four repetitions.
    const OrderId order = engine.registration("example.com", {{"privacy", "on"}});
    engine.submit();
    CHECK(engine.state_of(order) == "in_progress");
    for (int i = 0; i < 30 && engine.state_of(order) == "in_progress"; ++i) engine.passes(1);
    CHECK(engine.state_of(order) == "done_open_ends");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 5);
    CHECK(holds(engine.look_at(order).reason, "E11-M1101"));
}

TEST_CASE("a follow-up that waits for its next try lets the others go first") {
    Engine engine;
    engine.registrar.will_answer("domainSetPreference", kRefusal);
    const OrderId order =
        engine.registration("example.com", {{"privacy", "on"}, {"auto_renew", "on"}});
    engine.submit();
    CHECK(engine.registrar.times_asked("domainSetPreference example.com auto_renew=1") == 1);
    CHECK(engine.state_of(order) == "in_progress");
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference example.com whois_privacy=1") == 2);
}

TEST_CASE("a row of refusals with one code stops the run and holds its orders") {
    Engine engine;
    engine.refusals_in_a_row = 3;
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com"}) {
        orders.push_back(engine.registration(domain));
        engine.registrar.will_answer("domainCreate", kRefusal);
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    for (int i = 0; i < 3; ++i) CHECK(engine.state_of(orders[std::size_t(i)]) == "held");
    CHECK(engine.look_at(orders[0]).keeps_domain);
    CHECK(engine.state_of(orders[3]) == "accepted");
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
}

TEST_CASE("a row of refusals is one even where each order makes a contact first") {
    Engine engine;
    engine.refusals_in_a_row = 3;
    for (const char* name : {"Ada", "Bea", "Cid", "Dan"}) {
        engine.registration(std::string(name) + ".com", Engine::inline_owner(name));
        engine.registrar.will_answer("domainCreate", kRefusal);
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
}

TEST_CASE("three doubts in a row stop the run") {
    Engine engine;
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com"}) {
        engine.registration(domain);
        engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::try_later);
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
    CHECK(engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"accepted", 1}, {"in_doubt", 3}});
}

TEST_CASE("after three doubts in a row the run pauses, asks, and goes on") {
    Engine engine;
    engine.give_time_for_pauses();
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com", "e.com"}) {
        engine.registration(domain);
    }
    for (int i = 0; i < 3; ++i) engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    const auto end = engine.submit();
    CHECK_FALSE(end.stopped);
    CHECK(engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"done", 2}, {"in_doubt", 3}});
    REQUIRE(engine.pauses.size() == 1);
    CHECK(engine.registrar.times_asked("queryResellerAccount") == 2);  // Once for the bill.
}

TEST_CASE("after three doubts in a row a question without an answer ends the run") {
    Engine engine;
    engine.give_time_for_pauses();
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com"}) engine.registration(domain);
    for (int i = 0; i < 3; ++i) engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainCreate c.com") {
            engine.registrar.will_not_answer("queryResellerAccount",
                                             {QueryFailure::Why::unreachable, "", "no route"});
        }
    };
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->is_unreachable);
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
    CHECK(engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"accepted", 1}, {"in_doubt", 3}});
}

TEST_CASE("six doubts in a row end the run, whatever is answered between them") {
    Engine engine;
    engine.give_time_for_pauses();
    for (int i = 0; i < 9; ++i) {
        engine.registration("d" + std::to_string(i) + ".com");
        engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::try_later);
    CHECK(engine.registrar.times_asked("domainCreate") == 6);
    CHECK(engine.pauses.size() == 3);
}

TEST_CASE("a run that is called off in a pause sends nothing more") {
    Engine engine;
    engine.give_time_for_pauses();
    bool stop = false;
    engine.is_called_off = [&] {
        stop = stop || !engine.pauses.empty();
        return stop;
    };
    SUBCASE("after doubts") {
        for (int i = 0; i < 3; ++i) engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    }
    SUBCASE("after a call that never left") {
        engine.registrar.will_answer("domainCreate",
                                     TryLater{TryLater::Why::unreachable, "", "gone"});
    }
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com"}) engine.registration(domain);
    const auto end = engine.submit();
    CHECK_FALSE(end.stopped);  // Told as called off by who called it off.
    CHECK(engine.pauses.size() == 1);
    CHECK(engine.state_of(4) == "accepted");
    CHECK(engine.look_at(4).reason.empty());
    CHECK_FALSE(engine.look_at(4).claimed_by);
}

TEST_CASE("a refused login stops the run at once and nothing is marked sent") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    engine.registration("other.com");
    engine.registrar.will_not_answer(
        "domainTldInfo", {QueryFailure::Why::login_refused, "E01-M0101", "wrong password"});
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(engine.registrar.diary.size() == 1);
    CHECK(engine.state_of(order) == "accepted");
    CHECK(engine.ledger().attempts(order).empty());
}

TEST_CASE("a reply that cannot be read lets the order wait, in however many runs") {
    Engine engine;
    engine.settings.preflight.price = true;
    const OrderId order = engine.registration("example.com");
    for (int run = 1; run <= 5; ++run) {
        const char* question = run % 2 == 0 ? "domainInfo" : "queryDomainPrice";
        engine.registrar.will_not_answer(question, {QueryFailure::Why::unreadable, "", "HTTP 502"});
        engine.submit();
        CHECK(engine.state_of(order) == "accepted");
        CHECK(holds(engine.look_at(order).reason, "HTTP 502"));
    }
    CHECK(engine.look_at(order).postponed_runs == 0);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("a lane that is called off finishes its call and sends nothing more") {
    Engine engine;
    bool stop = false;
    engine.is_called_off = [&] { return stop; };
    engine.registrar.before_call = [&](const std::string& line) {
        stop = stop || line.starts_with("domainCreate");
    };
    const OrderId first = engine.registration("a.com", {{"lock", "on"}});
    const OrderId second = engine.registration("b.com");
    engine.submit();
    CHECK(engine.registrar.diary.back() == "domainCreate a.com");
    CHECK(engine.state_of(first) == "in_progress");
    CHECK(engine.state_of(second) == "accepted");
    CHECK_FALSE(engine.look_at(first).claimed_by);
    stop = false;
    engine.registrar.before_call = nullptr;
    engine.submit();
    CHECK(engine.state_of(first) == "done");
    CHECK(engine.registrar.times_asked("domainCreate a.com") == 1);
}

TEST_CASE("above max_orders_per_run the rest stays accepted and the run says why") {
    Engine engine;
    engine.submission.most_orders = 2;
    for (const char* domain : {"a.com", "b.com", "c.com"}) engine.registration(domain);
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 2);
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(holds(end.stopped->text, "max_orders_per_run"));
    engine.submission.most_orders = 1;
    CHECK_FALSE(engine.submit().stopped);
}
