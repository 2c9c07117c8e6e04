// What a person decides, with the real programs against a registrar that loses replies.
#include "support/holds.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool::test;

namespace {

// One registration whose reply is lost, with its effect or before it.
void lose_a_reply(Shop& shop, const std::string& misdeed) {
    shop.registrar().control("misbehave domainCreate:" + misdeed);
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    CHECK(shop.run("domain-register", {path}).code == 1);
    REQUIRE(shop.orders().at("a-shop.com").at("state") == "in_doubt");
    shop.registrar().control("behave");
}

// The shortest that settings allow: a call of ours may be executed for 36 s after it was sent.
const SettingChanges kShortCalls{{"registrar.sync_delay_seconds", "1"}};
constexpr std::chrono::seconds kLongestCall{36};

}  // namespace

TEST_CASE("hold and release, told in words and as JSON") {
    Shop shop({}, {"--hold-pending"});
    CHECK(shop.run("domain-register", {shop.write("orders.csv", registrations({"slow-a.com"}))})
              .code == 0);
    const ProgramEnd hold = shop.run("domain-orders", {"hold", "slow-a.com"});
    CHECK(hold.code == 0);
    CHECK(hold.err.empty());
    CHECK(holds(hold.out, "held"));
    const ProgramEnd twice = shop.run("domain-orders", {"hold", "1"});
    CHECK(twice.code == 1);
    CHECK(holds(twice.err, "domain-orders release 1"));
    const ProgramEnd release = shop.run("domain-orders", {"release", "1", "--json"});
    CHECK(release.code == 0);
    REQUIRE(json_lines(release.out).size() == 1);
    CHECK(json_lines(release.out)[0].at("state") == "waiting");
    const ProgramEnd none = shop.run("domain-orders", {"hold", "999999"});
    CHECK(none.code == 1);
    CHECK(holds(none.err, "999999"));
}

TEST_CASE("a pending order is cancelled at the registrar") {
    Shop shop({}, {"--hold-pending"});
    CHECK(shop.run("domain-register", {shop.write("orders.csv", registrations({"slow-a.com"}))})
              .code == 0);
    const ProgramEnd end = shop.run("domain-orders", {"cancel", "1"});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(shop.orders().at("slow-a.com").at("state") == "cancelled");
    CHECK(shop.registrar().count_calls("cancelOpe") == 1);
    CHECK(shop.run("domain-orders", {"cancel", "1"}).code == 1);
    CHECK(shop.registrar().count_calls("cancelOpe") == 1);
    CHECK(shop.registrar().count_calls("sessionOpen") ==
          shop.registrar().count_calls("sessionClose"));
}

TEST_CASE("what a failed order wished is sent again by retry, with all checks") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"failnow-shop.com"}));
    CHECK(shop.run("domain-register", {path}).code == 1);
    REQUIRE(shop.orders().at("failnow-shop.com").at("state") == "failed");
    const ProgramEnd end = shop.run("domain-orders", {"retry", "1", "--json"});
    CAPTURE(end.err);
    CHECK(end.code == 1);  // The sandbox refuses it again.
    CHECK(shop.registrar().count_calls("domainCreate") == 2);
    const ProgramEnd show = shop.run("domain-orders", {"show", "2", "--json"});
    REQUIRE(json_lines(show.out).size() == 1);
    CHECK(json_lines(show.out)[0].at("instead_of") == "1");
    const ProgramEnd old = shop.run("domain-orders", {"retry", "1"});
    CHECK(old.code == 1);
    CHECK(holds(old.err, "order 2"));
    CHECK(shop.registrar().count_calls("domainCreate") == 2);
}

TEST_CASE("a retry left neither its orders nor its end in the log") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"failnow-shop.com"}));
    std::ignore = shop.run("domain-register", {path});
    const std::string before = read_text(shop / "domspool.log");
    std::ignore = shop.run("domain-orders", {"retry", "1"});
    const std::string log = read_text(shop / "domspool.log").substr(before.size());
    CAPTURE(log);
    CHECK(holds(log, "domain-orders error order_told order=2 "));
    CHECK(holds(log, "domain-orders info run_ended exit=1"));
}

TEST_CASE("resolve wants to know how, and a reason") {
    Shop shop;
    CHECK(shop.run("domain-orders", {"resolve", "1"}).code == 64);
    CHECK(shop.run("domain-orders", {"resolve", "1", "--done"}).code == 64);
    CHECK(shop.run("domain-orders", {"resolve", "1", "--resend", "--force"}).code == 64);
    CHECK(shop.run("domain-orders", {"resolve", "1", "--done", "--reason", ""}).code == 64);
    CHECK(shop.run("domain-orders", {"resolve", "1", "--done", "--reason", "x", "--resend"}).code ==
          64);
    CHECK(shop.run("domain-orders", {"resolve", "1", "--done", "--force", "--reason", "y"}).code ==
          64);
    CHECK(shop.run("domain-orders", {"hold", "1", "--done"}).code == 64);
}

TEST_CASE("a lost reply, held by a person, is resolved by a word, by a look, or by sending again") {
    Shop said(kShortCalls), found(kShortCalls), lost(kShortCalls);
    lose_a_reply(said, "lose_reply");
    lose_a_reply(found, "lose_reply");
    lose_a_reply(lost, "drop_before");
    for (Shop* shop : {&said, &found, &lost}) {
        CHECK(shop->run("domain-orders", {"hold", "a-shop.com"}).code == 0);
        const ProgramEnd cancel = shop->run("domain-orders", {"cancel", "1"});
        CHECK(cancel.code == 1);
        CHECK(holds(cancel.err, "domain-orders resolve 1"));
    }
    // What was sent moments ago is nobody's to decide yet.
    CHECK(said.run("domain-orders", {"resolve", "1", "--done", "--reason", "seen"}).code == 75);
    CHECK(lost.run("domain-orders", {"resolve", "1", "--resend", "--force", "--reason", "now"})
              .code == 75);
    for (Shop* shop : {&said, &found, &lost}) {
        shop->let_pass(kLongestCall + std::chrono::seconds(1));
    }

    const ProgramEnd word =
        said.run("domain-orders", {"resolve", "1", "--done", "--reason", "seen in the web panel"});
    CAPTURE(word.err);
    CHECK(word.code == 0);
    const ProgramEnd pass = said.run("pending-check", {});
    CHECK(pass.code == 0);
    CHECK(holds(said.run("domain-orders", {"show", "1"}).out, "seen in the web panel"));

    const ProgramEnd look = found.run("domain-orders", {"resolve", "1", "--resend"});
    CAPTURE(look.err);
    CHECK(look.code == 0);

    const ProgramEnd first = lost.run("domain-orders", {"resolve", "1", "--resend"});
    CHECK(first.code == 75);  // One look more; here it may follow at once.
    const ProgramEnd second = lost.run("domain-orders", {"resolve", "1", "--resend"});
    CAPTURE(second.err);
    CHECK(second.code == 0);
    for (Shop* shop : {&said, &found, &lost}) {
        CHECK(shop->orders().at("a-shop.com").at("state") == "done");
        CHECK(shop->times_executed("domainCreate", "a-shop.com") == 1);
    }
}
