#include "support/engine.h"
#include "support/holds.h"
#include "workflow/sending/step_intents.h"

#include <doctest/doctest.h>

#include <type_traits>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

// No call goes out without an attempt in the ledger: nobody else can say that there is one.
static_assert(!std::is_constructible_v<CommittedAttempt, AttemptId, Moment>);
static_assert(!std::is_default_constructible_v<CommittedAttempt>);

TEST_CASE("the attempt stands in the ledger with its before-picture when the call goes out") {
    Engine engine;
    engine.registrar.pending_rows = {{4711, "domainRenew", "other.com", "", ""}};
    const OrderId order = engine.registration("example.com");
    std::vector<AttemptRecord> seen;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainCreate")) seen = engine.ledger().attempts(order);
    };
    engine.submit();
    REQUIRE(seen.size() == 1);
    CHECK_FALSE(seen[0].outcome);
    CHECK(seen[0].function == "domainCreate");
    CHECK(seen[0].picture.at("in_account") == "0");
    CHECK(seen[0].picture.at("highest_operation") == "4711");
    CHECK(seen[0].reserved_cents == 1000);
}

TEST_CASE("an order waits for the earlier one of its domain and goes on after it in one run") {
    Engine engine;
    const OrderId first = engine.registration("example.com");
    const OrderId second = engine.order(
        OrderKind::nameservers,
        {{"domain", "example.com"}, {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(first) == "done");
    CHECK(engine.state_of(second) == "done");
}

TEST_CASE("a follow-up whose question gets a fault counts its tries and stops no other") {
    Engine engine;
    const OrderId order = engine.registration("example.com", {{"privacy", "on"}, {"lock", "on"}});
    int asked = 0;
    engine.registrar.before_call = [&](const std::string& line) {
        // The third domainInfo is the picture before the privacy.
        if (line == "domainInfo example.com" && ++asked == 2) {
            engine.registrar.will_not_answer("domainInfo",
                                             {QueryFailure::Why::unreadable, "", "HTTP 502"});
        }
    };
    engine.submit();
    CHECK(engine.registrar.times_asked("domainSetPreference example.com registrar_lock=1") == 1);
    engine.passes(2);
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("without max_spend_per_day nothing that costs is sent") {
    Engine engine;
    engine.settings.max_spend_per_day.reset();
    const OrderId order = engine.registration("example.com");
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    CHECK(engine.state_of(order) == "accepted");
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(holds(end.stopped->text, "max_spend_per_day"));
}

TEST_CASE("the day's ceiling stops the run before the order that would pass it") {
    Engine engine;
    engine.settings.max_spend_per_day = Money{2500, "EUR"};
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        orders.push_back(engine.registration(domain));
    }
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 2);
    CHECK(engine.state_of(orders[2]) == "accepted");
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    engine.clock.advance(24h);
    engine.submit();
    CHECK(engine.state_of(orders[2]) == "done");
}

TEST_CASE("a ceiling in another currency than the account's sends nothing") {
    Engine engine;
    engine.settings.max_spend_per_day = Money{1'000'000, "USD"};
    engine.registration("example.com");
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    REQUIRE(end.stopped);
    CHECK(holds(end.stopped->text, "USD"));
}
