// What a person decides, with the real programs against a registrar that loses replies.
#include "support/holds.h"
#include "support/shop.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <tuple>

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

// ---- Many at once

namespace {

const std::vector<std::string> kPendingStays{"--delay", "0", "--hold-pending"};

// slow-... are pending, failnow-... fail, all others are done at once.
void order_all(Shop& shop, const std::vector<std::string>& domains,
               const std::string& name = "orders.csv") {
    std::ignore = shop.run("domain-register", {shop.write(name, registrations(domains))});
}

ProgramEnd type_at_terminal(const Shop& shop, const std::vector<std::string>& arguments,
                            const std::string& typed) {
    ProgramCall call = shop.call("domain-orders", arguments);
    call.on_terminal = true;
    call.typed = typed;
    return run_program(call);
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace

TEST_CASE("of a file is cancelled what has not ended, and scripts say --yes") {
    Shop shop({}, kPendingStays);
    order_all(shop, {"a-shop.com", "slow-a.com", "slow-b.com"});
    order_all(shop, {"slow-c.com"}, "others.csv");
    const ProgramEnd unsaid = shop.run("domain-orders", {"cancel", "--batch", "1"});
    CHECK(unsaid.code == 64);
    CHECK(holds(unsaid.err, "--yes"));
    CHECK(shop.registrar().count_calls("cancelOpe") == 0);
    const ProgramEnd said = shop.run("domain-orders", {"cancel", "--batch", "1", "--yes"});
    CAPTURE(said.err);
    CHECK(said.code == 0);
    CHECK(lines_in(said.out) == 2);
    CHECK(holds(said.out, "slow-a.com"));
    CHECK(holds(said.out, "slow-b.com"));
    CHECK(shop.registrar().count_calls("cancelOpe") == 2);
    const auto orders = shop.orders();
    CHECK(orders.at("a-shop.com").at("state") == "done");
    CHECK(orders.at("slow-a.com").at("state") == "cancelled");
    CHECK(orders.at("slow-b.com").at("state") == "cancelled");
    CHECK(orders.at("slow-c.com").at("state") == "waiting");
    const ProgramEnd none = shop.run("domain-orders", {"cancel", "--batch", "1", "--yes"});
    CHECK(none.code == 1);
    CHECK(holds(none.err, "no order fits"));
    CHECK(shop.run("domain-orders", {"cancel", "--batch", "9", "--yes"}).code == 1);
}

TEST_CASE("at a terminal the count is asked for, and anything else changes nothing") {
    Shop shop({}, kPendingStays);
    order_all(shop, {"slow-a.com", "slow-b.com"});
    for (const std::string typed : {"1\n", "22\n", "yes\n", "\n", "\x04"}) {
        const ProgramEnd end = type_at_terminal(shop, {"cancel", "--state", "waiting"}, typed);
        CAPTURE(end.out);
        CHECK(end.code == 1);
        CHECK(holds(end.out, "cancel 2 orders? type 2 to go on"));
        CHECK(holds(end.out, "nothing was changed"));
    }
    CHECK(shop.registrar().count_calls("cancelOpe") == 0);
    const ProgramEnd quiet =
        type_at_terminal(shop, {"cancel", "--state", "waiting", "--quiet"}, "2\n");
    CHECK(quiet.code == 64);
    const ProgramEnd end = type_at_terminal(shop, {"cancel", "--state", "waiting"}, "2\n");
    CAPTURE(end.out);
    CHECK(end.code == 0);
    CHECK(shop.registrar().count_calls("cancelOpe") == 2);
}

TEST_CASE("a whole file is held and released without a question, a part of it is asked for") {
    Shop shop;
    order_all(shop, {"a-shop.com", "slow-a.com", "slow-b.com"});
    CHECK(shop.run("domain-orders", {"hold", "--batch", "1"}).code == 0);
    CHECK(shop.orders().at("slow-a.com").at("state") == "held");
    CHECK(shop.run("domain-orders", {"release", "--batch", "1"}).code == 0);
    CHECK(shop.orders().at("slow-a.com").at("state") == "waiting");
    CHECK(shop.run("domain-orders", {"hold", "--batch", "1", "--state", "waiting"}).code == 64);
    const ProgramEnd hold = shop.run("domain-orders", {"hold", "--batch", "1", "--state", "waiting",
                                                       "--reason", "wrong price", "--yes"});
    CHECK(hold.code == 0);
    CHECK(lines_in(hold.out) == 2);
    CHECK(holds(shop.run("domain-orders", {"show", "slow-b.com"}).out, "wrong price"));
    const ProgramEnd release =
        shop.run("domain-orders", {"release", "--state", "held", "--yes", "--json"});
    CHECK(release.code == 0);
    CHECK(json_lines(release.out).size() == 2);
}

TEST_CASE("filters fit together, and none of them is empty") {
    Shop shop({}, kPendingStays);
    const std::string path =
        shop.write("orders.csv",
                   "domain,nameservers,reference\nslow-a.com,ns1.example.org ns2.example.org,N-1\n"
                   "slow-b.com,ns1.example.org ns2.example.org,N-2\n");
    for (const char* domain : {"slow-a.com", "slow-b.com"}) {
        shop.registrar().control(std::string("add-domain ") + domain +
                                 " idOwner=XY1 ns=ns1.example.net,ns2.example.net\n");
    }
    CHECK(shop.run("domain-nameservers", {path}).code == 0);
    CHECK(shop.run("domain-orders", {"cancel", "--reference", "", "--yes"}).code == 64);
    CHECK(shop.run("domain-orders", {"cancel", "--state", "asleep", "--yes"}).code == 64);
    CHECK(shop.run("domain-orders", {"cancel", "1", "--batch", "1", "--yes"}).code == 64);
    CHECK(shop.run("domain-orders", {"cancel"}).code == 64);
    CHECK(shop.run("domain-orders", {"cancel", "--yes"}).code == 64);
    CHECK(shop.run("domain-orders", {"cancel", "--reference", "N-2", "--state", "held", "--yes"})
              .code == 1);
    CHECK(shop.registrar().count_calls("cancelOpe") == 0);
    CHECK(
        shop.run("domain-orders", {"cancel", "--reference", "N-2", "--batch", "1", "--yes"}).code ==
        0);
    CHECK(shop.orders().at("slow-a.com").at("state") == "waiting");
    CHECK(shop.orders().at("slow-b.com").at("state") == "cancelled");
}

TEST_CASE("each of several orders has its own line, and the gravest counts") {
    Shop shop({}, kPendingStays);
    order_all(shop, {"a-shop.com", "slow-a.com", "slow-b.com"});
    const ProgramEnd end =
        shop.run("domain-orders", {"cancel", "slow-a.com", "a-shop.com", "slow-b.com"});
    CHECK(end.code == 1);
    CHECK(lines_in(end.out) == 2);
    CHECK(lines_in(end.err) == 1);
    CHECK(holds(end.err, "a-shop.com"));
    CHECK(shop.orders().at("slow-b.com").at("state") == "cancelled");
}

TEST_CASE("all that failed is repeated, what was repeated already is not") {
    Shop shop;
    order_all(shop, {"a-shop.com", "failnow-a.com", "failnow-b.com"});
    REQUIRE(shop.registrar().count_calls("domainCreate") == 3);
    CHECK(shop.run("domain-orders", {"retry", "--state", "failed"}).code == 64);
    for (const std::size_t calls : {5, 7}) {
        const ProgramEnd end = shop.run("domain-orders", {"retry", "--state", "failed", "--yes"});
        CAPTURE(end.err);
        CHECK(end.code == 1);  // The sandbox refuses them again.
        CHECK_FALSE(holds(end.err, "cannot retry"));
        CHECK(shop.registrar().count_calls("domainCreate") == calls);
    }
    CHECK(shop.run("domain-orders", {"retry", "--batch", "1", "--yes"}).code == 1);
    CHECK(shop.registrar().count_calls("domainCreate") == 7);
}

TEST_CASE("doubts of many are ended by one word, but each is looked at by itself") {
    Shop shop(kShortCalls);
    shop.registrar().control("misbehave domainCreate:drop_before:always");
    order_all(shop, {"a-shop.com", "b-shop.com"});
    shop.registrar().control("behave");
    REQUIRE(shop.orders().at("b-shop.com").at("state") == "in_doubt");
    shop.let_pass(kLongestCall + std::chrono::seconds(1));
    const ProgramEnd look =
        shop.run("domain-orders", {"resolve", "--batch", "1", "--resend", "--yes"});
    CHECK(look.code == 64);
    CHECK(shop.run("domain-orders", {"resolve", "--batch", "1", "--failed", "--yes"}).code == 64);
    const ProgramEnd each = shop.run("domain-orders", {"resolve", "1", "2", "--resend"});
    CHECK(each.code == 75);  // One look more, for both.
    CHECK(lines_in(each.err) == 2);
    const ProgramEnd end = shop.run("domain-orders", {"resolve", "--batch", "1", "--failed",
                                                      "--reason", "the panel is empty", "--yes"});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(lines_in(end.out) == 2);
    CHECK(shop.orders().at("a-shop.com").at("state") == "failed");
    CHECK(shop.orders().at("b-shop.com").at("state") == "failed");
}

TEST_CASE("what reports tell is dismissed, and nothing else") {
    Shop shop;
    order_all(shop, {"a-shop.com", "failnow-a.com", "failnow-b.com"});
    CHECK(json_lines(shop.run("domain-orders", {"list", "--attention", "--json"}).out).size() == 2);
    const std::vector<std::string> dismiss{"dismiss", "--batch", "1", "--reason", "gone", "--yes"};
    const ProgramEnd end = shop.run("domain-orders", dismiss);
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(lines_in(end.out) == 2);
    CHECK(shop.run("domain-orders", {"list", "--attention", "--json"}).out == "");
    CHECK(shop.run("domain-orders", dismiss).code == 1);
}

// ---- The first few of a file

namespace {

const std::vector<std::string> kFive{"a-shop.com", "b-shop.com", "c-shop.com", "d-shop.com",
                                     "e-shop.com"};

std::string state_of(const Shop& shop, const std::string& domain) {
    return shop.orders().at(domain).at("state");
}

}  // namespace

TEST_CASE("--first sends so many orders of a file, and the rest goes on when it is released") {
    SpoolShop shop;
    const std::string path = shop.write("orders.csv", registrations(kFive));
    const ProgramEnd first = shop.run("domain-register", {path, "--first", "2"});
    CAPTURE(first.err);
    CHECK(first.code == 0);
    CHECK(holds(first.out, "3 orders are held"));
    CHECK(holds(first.out, "domain-orders release --batch 1"));
    CHECK(shop.times_executed("domainCreate") == 2);
    CHECK(state_of(shop, "b-shop.com") == "done");
    CHECK(state_of(shop, "c-shop.com") == "held");
    CHECK(holds(shop.run("domain-orders", {"show", "c-shop.com"}).out, "--first 2"));
    std::ignore = shop.run("spool-run", {});
    CHECK(shop.run("domain-register", {path, "--first", "2"}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 2);

    CHECK(shop.run("domain-orders", {"release", "--batch", "1"}).code == 0);
    CHECK(shop.run("domain-register", {path, "--first", "2"}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 4);
    CHECK(state_of(shop, "e-shop.com") == "held");
    CHECK(shop.run("domain-orders", {"release", "--batch", "1"}).code == 0);
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 5);
    CHECK(state_of(shop, "e-shop.com") == "done");
}

TEST_CASE("a program that dies as it takes the file has held the rest already") {
    SpoolShop shop;
    const std::string path = shop.write("orders.csv", registrations(kFive));
    CHECK(shop.run_until("batch_complete", "domain-register", {path, "--first", "2"}).signal != 0);
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 2);
    CHECK(state_of(shop, "b-shop.com") == "done");
    CHECK(state_of(shop, "c-shop.com") == "held");
}

TEST_CASE("the first few of a file that is above the limit are no more than themselves") {
    Shop shop(SettingChanges{{"limits.max_orders_per_run", "3"}});
    const std::string path = shop.write("orders.csv", registrations(kFive));
    CHECK(shop.run("domain-register", {path}).code == 69);
    CHECK(shop.run("domain-register", {path, "--first", "4"}).code == 69);
    CHECK(shop.times_executed("domainCreate") == 0);
    CHECK(shop.run("domain-register", {path, "--first", "3"}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 3);
    for (const std::string option : {"--check", "--dry-run"}) {
        CHECK(shop.run("domain-register", {path, "--first", "3", option}).code == 64);
    }
    CHECK(shop.run("domain-register", {path, "--first", "0"}).code == 64);
}
