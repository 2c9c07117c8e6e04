// What stops a night and what does not: one name's trouble is never the account's, and a moment
// never for ever.
#include "support/engine.h"
#include "workflow/sending/pausing.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;

namespace {

const Refused kUnknown{"Failed", "Error 17", std::nullopt};
const Refused kForNow{"Failed", "the registry is temporarily unavailable", std::nullopt};

std::vector<OrderId> registrations(Engine& engine, const std::string& name, int number) {
    std::vector<OrderId> orders;
    for (int i = 1; i <= number; ++i) {
        orders.push_back(engine.registration(name + std::to_string(i) + ".com"));
    }
    return orders;
}

int count_in(Engine& engine, const std::vector<OrderId>& orders, const std::string& state) {
    return static_cast<int>(std::count_if(orders.begin(), orders.end(), [&](OrderId order) {
        return engine.state_of(order) == state;
    }));
}

}  // namespace

TEST_CASE("45 taken names do not keep 5 free ones from being ordered") {
    for (const Refused& refusal :
         {kUnknown, Refused{"Failed", "domain name not available", std::nullopt}}) {
        CAPTURE(refusal.text);
        Engine engine;
        const auto taken = registrations(engine, "taken", 45);
        for (int i = 1; i <= 45; ++i) {
            engine.registrar.will_answer("domainCreate", refusal);
            engine.registrar.availabilities["taken" + std::to_string(i) + ".com"] =
                Availability::taken;
        }
        const auto free = registrations(engine, "free", 5);
        CHECK_FALSE(engine.submit().stopped);
        CHECK(count_in(engine, free, "done") == 5);
        CHECK(count_in(engine, taken, "failed") == 45);
        // Words that the table knows need no question.
        const int asked = refusal.text == kUnknown.text ? 45 : 0;
        CHECK(engine.registrar.times_asked("domainCheck") == asked);
    }
}

TEST_CASE("the same where the refusal proves nothing: the doubts are settled, and cost no row") {
    Engine engine;
    const auto taken = registrations(engine, "taken", 25);
    for (int i = 1; i <= 25; ++i) {
        engine.registrar.will_answer("domainCreate", Unproven{"E77-M7701", "E77-M7701 : error 17"},
                                     Effect::none);
        engine.registrar.availabilities["taken" + std::to_string(i) + ".com"] = Availability::taken;
    }
    const auto free = registrations(engine, "free", 5);
    CHECK_FALSE(engine.submit().stopped);
    CHECK(count_in(engine, free, "done") == 5);
    engine.passes(3);
    CHECK(count_in(engine, taken, "failed") == 25);
}

TEST_CASE("a refusal that nobody knows stops the run where the names are free, or not sure") {
    for (const Availability shown : {Availability::free, Availability::not_sure}) {
        Engine engine;
        engine.refusals_in_a_row = 3;
        const auto orders = registrations(engine, "shop", 5);
        for (int i = 1; i <= 5; ++i) {
            engine.registrar.will_answer("domainCreate", kUnknown);
            engine.registrar.availabilities["shop" + std::to_string(i) + ".com"] = shown;
        }
        REQUIRE(engine.submit().stopped);
        CHECK(count_in(engine, orders, "held") == 3);
        CHECK(count_in(engine, orders, "accepted") == 2);
    }
}

TEST_CASE("words about the account stop the run, without a question about any name") {
    for (const char* text : {"insufficient balance", "solde insuffisant", "compte suspendu"}) {
        CAPTURE(text);
        Engine engine;
        engine.refusals_in_a_row = 3;
        const auto orders = registrations(engine, "shop", 5);
        for (int i = 0; i < 5; ++i) {
            engine.registrar.will_answer("domainCreate", Refused{"Failed", text, std::nullopt});
        }
        REQUIRE(engine.submit().stopped);
        CHECK(count_in(engine, orders, "held") == 3);
        CHECK(engine.registrar.times_asked("domainCheck") == 0);
    }
}

TEST_CASE("of the account's availability questions so many are used a day, and no more") {
    Engine engine;
    engine.refusals_in_a_row = 3;
    const auto taken = registrations(engine, "taken", 210);
    for (int i = 1; i <= 210; ++i) {
        engine.registrar.will_answer("domainCreate", kUnknown);
        engine.registrar.availabilities["taken" + std::to_string(i) + ".com"] = Availability::taken;
    }
    CHECK(engine.submit().stopped);
    CHECK(engine.registrar.times_asked("domainCheck") == 200);
    CHECK(count_in(engine, taken, "failed") == 200);
    engine.clock.advance(std::chrono::hours(24));
    CHECK_FALSE(engine.submit().stopped);
    CHECK(engine.registrar.times_asked("domainCheck") == 207);  // Three are held.
}

TEST_CASE("what is not possible for a moment is tried in the next run, and held after three") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", kForNow);
    const OrderId first = engine.registration("first.com"), second = engine.registration("b.com");
    CHECK_FALSE(engine.submit().stopped);
    CHECK(engine.state_of(first) == "accepted");
    CHECK(engine.look_at(first).reason.find("temporarily") != std::string::npos);
    CHECK(engine.state_of(second) == "done");
    engine.submit();
    CHECK(engine.state_of(first) == "done");
    CHECK(engine.registrar.arrivals["first.com"] == 1);

    const OrderId never = engine.registration("never.com");
    for (int run = 0; run < 3; ++run) {
        REQUIRE(engine.state_of(never) == "accepted");
        engine.registrar.will_answer("domainCreate", kForNow);
        engine.submit();
    }
    CHECK(engine.state_of(never) == "held");
    CHECK(engine.registrar.times_asked("domainCreate never.com") == 3);
}

TEST_CASE("with an operation id it has failed, whatever its words promise") {
    Engine engine;
    Refused refused = kForNow;
    refused.operation = 4711;
    engine.registrar.will_answer("domainCreate", refused);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(order) == "failed");
}

TEST_CASE("a fault in such words proves nothing: looked for, then sent again, and paid once") {
    for (const Effect effect : {Effect::none, Effect::by_outcome}) {
        Engine engine;
        engine.registrar.will_answer(
            "domainCreate", Unproven{"E90-M9001", "E90-M9001 : temporarily unavailable"}, effect);
        const OrderId order = engine.registration("example.com");
        engine.submit();
        CHECK(engine.state_of(order) == "in_doubt");
        engine.passes(3);
        engine.submit();
        CHECK(engine.state_of(order) == "done");
        CHECK(engine.registrar.arrivals["example.com"] == 1);
    }
}

TEST_CASE("a registrar that is busy is no line that loses calls") {
    Engine engine;
    engine.give_time_for_pauses();
    const auto orders = registrations(engine, "shop", 9);
    for (int i = 0; i < 8; ++i) {
        engine.registrar.will_answer("domainCreate", InDoubt{"HTTP 429", true}, Effect::none);
    }
    CHECK_FALSE(engine.submit().stopped);
    CHECK(engine.pauses.empty());
    CHECK(count_in(engine, orders, "in_doubt") == 8);
    CHECK(count_in(engine, orders, "done") == 1);
    engine.passes(3);
    engine.submit();
    CHECK(count_in(engine, orders, "done") == 9);
}

TEST_CASE("orders released after a stop are taken up behind those not tried yet") {
    Engine engine;
    engine.refusals_in_a_row = 2;
    const auto refused = registrations(engine, "shop", 2);
    for (int i = 0; i < 2; ++i) {
        engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "closed", std::nullopt});
    }
    REQUIRE(engine.submit().stopped);
    const auto run = engine.ledger().begin_run("test", Sends::no, engine.clock.now());
    engine.ledger().write([&](LedgerWrite& w) {
        for (const OrderId order : refused) {
            const auto claimed = w.claim_order(run->id(), order);
            const OrderDecision release =
                decision_to_release(engine.ledger(), claimed->order, "ann", "");
            w.move_order(claimed->claim, release.move, engine.clock.now().utc);
            w.release(claimed->claim);
        }
    });
    const auto fresh = registrations(engine, "fresh", 3);
    engine.registrar.diary.clear();
    CHECK_FALSE(engine.submit().stopped);
    std::vector<std::string> sent;
    for (const std::string& line : engine.registrar.diary) {
        if (line.starts_with("domainCreate ")) sent.push_back(line.substr(13, 4));
    }
    CHECK(sent == std::vector<std::string>{"fres", "fres", "fres", "shop", "shop"});
}

TEST_CASE("a call that had to wait for its turn is sent when it comes, however long that takes") {
    Engine engine;
    engine.give_time_for_pauses();
    const auto orders = registrations(engine, "shop", 2);
    for (int i = 0; i < 5; ++i) {
        engine.registrar.will_answer(
            "domainCreate", TryLater{TryLater::Why::asked_to_wait, "", "all requests wait"});
    }
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainCreate")) engine.clock.advance(std::chrono::minutes(2));
    };
    CHECK_FALSE(engine.submit().stopped);
    CHECK(count_in(engine, orders, "done") == 2);
    CHECK(engine.pauses.empty());
    CHECK(engine.registrar.arrivals["shop1.com"] == 1);
}
