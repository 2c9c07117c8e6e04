// Orders whose sending got no answer, or one that proves nothing, through the programs.
#include "support/holds.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

// One registration, sent while its registrar misbehaves.
struct Sent {
    explicit Sent(const std::string& rule) {
        shop.registrar().control("misbehave domainCreate:" + rule);
        const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
        const ProgramEnd end = shop.run("domain-register", {path});
        CAPTURE(end.err);
        CHECK(end.code == 1);
        REQUIRE(state() == "in_doubt");
        shop.let_pass(2min);  // Older than the longest call.
    }
    std::map<std::string, std::string> order() { return shop.orders().at("a-shop.com"); }
    std::string state() { return order().at("state"); }
    ProgramEnd decide(const std::string& verb) { return shop.run("domain-orders", {verb, "1"}); }
    ProgramEnd pass() { return shop.run("pending-check", {"--now"}); }
    std::size_t sendings() { return shop.registrar().count_calls("domainCreate"); }
    std::size_t executed() { return shop.times_executed("domainCreate", "a-shop.com"); }

    Shop shop{SettingChanges{{"registrar.lanes", "1"}}};
};

}  // namespace

TEST_CASE("an order sent before is not cancelled as unsent, whatever its latest sending met") {
    Sent sent("html_502");
    sent.pass();
    CHECK(sent.state() == "in_doubt");
    CHECK(sent.sendings() == 1);
    sent.shop.registrar().control("misbehave domainCreate:expire_session:always");
    sent.pass();
    CAPTURE(sent.order().at("message"));
    CHECK(sent.state() == "held");
    CHECK(holds(sent.order().at("message"), "HTTP 502"));
    CHECK(holds(sent.order().at("message"), "E02-M0201"));

    const ProgramEnd cancel = sent.decide("cancel");
    CAPTURE(cancel.err);
    CHECK(cancel.code == 1);
    CHECK(holds(cancel.err, "may have been executed"));
    CHECK(holds(cancel.err, "domain-orders resolve 1"));
    CHECK(sent.state() == "held");

    const std::size_t sendings = sent.sendings();
    sent.pass();
    sent.shop.run("spool-run", {});
    CHECK(sent.sendings() == sendings);
    CHECK(sent.executed() == 0);

    sent.shop.registrar().control("behave");
    CHECK(sent.decide("release").code == 0);
    CHECK(sent.state() == "in_progress");
    CHECK(sent.decide("cancel").code == 1);
    sent.pass();
    CHECK(sent.state() == "done");
    CHECK(sent.executed() == 1);
}

TEST_CASE("one dead session at a second sending is met by a new session") {
    Sent sent("html_502");
    sent.pass();
    sent.shop.registrar().control("misbehave domainCreate:expire_session");
    sent.pass();
    CHECK(sent.state() == "done");
    CHECK(sent.sendings() == 3);
    CHECK(sent.executed() == 1);
}

TEST_CASE("sent twice and twice not executed, an order is held with both answers") {
    Sent sent("html_502");
    sent.shop.registrar().control("misbehave domainCreate:drop_before");
    sent.pass();
    sent.pass();
    CHECK(sent.sendings() == 2);
    for (int i = 0; i < 4; ++i) {
        sent.shop.let_pass(20min);
        sent.pass();
    }
    CHECK(sent.sendings() == 2);
    CHECK(sent.state() == "held");
    CAPTURE(sent.order().at("message"));
    CHECK(holds(sent.order().at("message"), "sent twice ('HTTP 502"));
    CHECK(holds(sent.order().at("message"), "', then '"));
}

TEST_CASE("an unknown code with an effect behind it ends done, not failed, and not twice") {
    Sent sent("unknown_code_after");
    CHECK(sent.order().at("code") == "E99-M9901");
    sent.pass();
    CHECK(sent.state() == "done");
    CHECK(sent.sendings() == 1);
    CHECK(sent.executed() == 1);
}

TEST_CASE("an unknown code without effect fails the order after two looks, and nothing is sent") {
    Sent sent("unknown_code");
    CHECK(holds(sent.shop.run("domain-orders", {"show", "1"}).out, "unproven after"));
    sent.pass();
    CHECK(sent.state() == "in_doubt");
    CHECK(sent.decide("cancel").code == 1);
    sent.pass();
    CHECK(sent.state() == "failed");
    CHECK(sent.order().at("code") == "E99-M9901");
    CHECK(holds(sent.order().at("message"), "not executed: the domain is not in the account"));
    sent.shop.run("spool-run", {});
    sent.shop.let_pass(24h);
    sent.pass();
    CHECK(sent.sendings() == 1);

    const ProgramEnd retry = sent.decide("retry");
    CAPTURE(retry.err);
    CHECK(retry.code == 0);
    CHECK(sent.executed() == 1);
}
