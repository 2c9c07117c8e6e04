#include "support/engine.h"
#include "support/holds.h"
#include "workflow/sending/step_outcomes.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;

namespace {

const Refused kRefusal{"E11-M1101", "E11-M1101 : not now", std::nullopt};

}  // namespace

TEST_CASE("a refusal fails the order with the registrar's own words, money given back") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", kRefusal);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    const OrderRecord record = engine.look_at(order);
    CHECK(record.state == OrderState::failed);
    CHECK(record.code == "E11-M1101");
    CHECK(record.message == "E11-M1101 : not now");
    CHECK(engine.ledger().money_out_since(UtcTime{}) == 0);
}

TEST_CASE("a Done without an id ends as done, id unknown") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Done{std::nullopt, "", ""});
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.look_at(order).reason == "done, id unknown");
}

TEST_CASE("no known answer: in doubt, the domain kept, nothing more for it in this run") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", InDoubt{"no reply within 60 s"});
    const OrderId order = engine.registration("example.com");
    const OrderId next = engine.order(
        OrderKind::nameservers,
        {{"domain", "example.com"}, {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(order) == "in_doubt");
    CHECK(engine.state_of(next) == "accepted");
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
    CHECK(engine.registrar.times_asked("domainChangeDNS") == 0);
}

TEST_CASE("an answer with another attempt's operation holds the order, Done or not") {
    Engine engine;
    const OrderId first = engine.registration("first.com");
    engine.submit();
    REQUIRE(engine.state_of(first) == "done");
    const OperationId its = engine.look_at(first).operation.value();
    engine.registrar.will_answer("domainCreate", Done{its, "", ""});
    const OrderId second = engine.registration("second.com", {{"lock", "on"}});
    engine.submit();
    engine.passes(3);
    CHECK(engine.state_of(second) == "held");
    CHECK(holds(engine.look_at(second).reason, "belongs to another attempt"));
    CHECK(engine.registrar.times_asked("domainSetPreference") == 0);
}

TEST_CASE("a refusal in new words asks the balance again, and too little of it stops the run") {
    Engine engine;
    engine.registrar.account_record.balance_cents = 5000;
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        orders.push_back(engine.registration(domain));
    }
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainCreate b.com") engine.registrar.account_record.balance_cents = 300;
    };
    engine.registrar.will_answer("domainCreate", Done{OperationId{0}, "", ""});
    engine.registrar.will_answer("domainCreate", Refused{"E30-M3001", "no funds", {}});
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(holds(end.stopped->text, "3.00 EUR"));
    CHECK(engine.state_of(orders[0]) == "done");
    CHECK(engine.state_of(orders[2]) == "accepted");
}

TEST_CASE("a refusal in the same words does not ask the balance twice") {
    Engine engine;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        engine.registration(domain, {{"nameservers", "ns1.example.org ns2.example.org"}});
        engine.registrar.will_answer("domainCreate", kRefusal);
    }
    engine.submission.check_balance = false;
    engine.submit();
    CHECK(engine.registrar.times_asked("queryResellerAccount") == 1);
}

TEST_CASE("what an order wrote to a contact is known to the next order of the day") {
    Engine engine;
    engine.sheet["com"].required_owner_fields = {"additional.COM_TYPE"};
    const OrderId brings = engine.registration("a.com", {{"additional.COM_TYPE", "X"}});
    engine.submit();
    CHECK(engine.state_of(brings) == "done");
    const OrderId relies = engine.registration("b.com");
    engine.submit();
    CHECK(engine.state_of(relies) == "done");
}
