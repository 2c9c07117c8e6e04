// A run that stays for what it sent and got no answer to.
#include "jobs/own_doubts.h"
#include "support/engine.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::Effect;
using domspool::test::Engine;
using States = std::map<std::string, int>;

namespace {

std::chrono::milliseconds waited(const Engine& engine) {
    std::chrono::milliseconds all{0};
    for (const auto pause : engine.pauses) all += pause;
    return all;
}

}  // namespace

TEST_CASE("a run stays for its doubt, looks twice, and sends again what was not executed") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    const OrderId order = engine.registration("lost.com");
    engine.registration("well.com");
    const auto end = engine.submit_and_stay(30min);
    CHECK_FALSE(end.stopped);
    CHECK(engine.ledger().count_by_state({}) == States{{"done", 2}});
    CHECK(engine.registrar.arrivals["lost.com"] == 1);
    CHECK(engine.registrar.times_asked("domainCreate lost.com") == 2);
    CHECK(engine.ledger().attempts(order).size() == 2);
    // No look before the longest call is over, none before the gap between the two.
    CHECK(waited(engine) >= 660s);
    CHECK(waited(engine) < 670s);
}

TEST_CASE("a doubt that was executed ends done, and nothing is sent again") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::at_once);
    const OrderId order = engine.registration("lost.com");
    engine.submit_and_stay(30min);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.arrivals["lost.com"] == 1);
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
    CHECK(waited(engine) < 70s);
}

TEST_CASE("what waited for a contact in doubt is sent once that is settled") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"});
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com"}) {
        engine.registration(domain, Engine::inline_owner());
    }
    engine.submit_and_stay(30min);
    CHECK(engine.ledger().count_by_state({}) == States{{"done", 4}});
    CHECK(engine.registrar.times_asked("contactCreate") == 2);
    for (const auto& [domain, times] : engine.registrar.arrivals) CHECK(times == 1);
}

TEST_CASE("the interval between two lists holds for a run that stays, and for a pass after it") {
    Engine engine;
    engine.pending.min_interval = 300s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    engine.registration("lost.com");
    CHECK(engine.pass().what == PendingReport::What::nothing_to_do);
    std::vector<UtcTime> lists;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "queryOpePending") lists.push_back(engine.clock.now().utc);
    };
    engine.submit_and_stay(30min);
    REQUIRE(lists.size() == 3);  // The run's own, and two looks.
    CHECK(lists[2] - lists[1] >= 300s);
}

TEST_CASE("a run does not stay longer than it may, nor for what it may not see") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    const OrderId order = engine.registration("lost.com");
    SUBCASE("not at all") {
        engine.submit_and_stay(0min);
        CHECK(engine.pauses.empty());
    }
    SUBCASE("shorter than the gap between two looks") {
        engine.submit_and_stay(5min);
        CHECK(waited(engine) < 5min);
    }
    CHECK(engine.state_of(order) == "in_doubt");
    // Nothing of it is lost for pending-check.
    engine.passes(2);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.arrivals["lost.com"] == 1);
}

TEST_CASE("a doubt of another run is left to pending-check") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    const OrderId order = engine.registration("lost.com");
    engine.submit();
    engine.registration("well.com");
    engine.submit_and_stay(30min);
    CHECK(engine.pauses.empty());
    CHECK(engine.state_of(order) == "in_doubt");
}

TEST_CASE("a run that is called off, or stopped, does not stay") {
    Engine engine;
    engine.pending.min_interval = 0s;
    SUBCASE("called off in its wait") {
        engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
        engine.is_called_off = [&] { return !engine.pauses.empty(); };
    }
    SUBCASE("stopped by doubts in a row") {
        for (int i = 0; i < 3; ++i) engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    }
    for (const char* domain : {"a.com", "b.com", "c.com"}) engine.registration(domain);
    engine.submit_and_stay(30min);
    CHECK(engine.pauses.size() <= 1);
    CHECK(engine.state_of(1) == "in_doubt");
    CHECK(engine.registrar.times_asked("domainCreate a.com") == 1);
}

TEST_CASE("a list that cannot be read now is asked for again while there is time") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::at_once);
    const OrderId order = engine.registration("lost.com");
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainCreate lost.com") {
            engine.registrar.will_not_answer("queryOpePending",
                                             {QueryFailure::Why::unreadable, "", "HTTP 500"});
        }
    };
    engine.submit_and_stay(30min);
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("while a pass of pending-check is at it, the run waits for its turn") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::at_once);
    const OrderId order = engine.registration("lost.com");
    auto lock = engine.ledger().try_pass_lock();
    REQUIRE(lock != nullptr);
    engine.is_called_off = [&] {
        if (engine.pauses.size() == 3) lock.reset();
        return false;
    };
    engine.submit_and_stay(30min);
    CHECK(engine.pauses.size() == 3);
    CHECK(engine.state_of(order) == "done");
}
