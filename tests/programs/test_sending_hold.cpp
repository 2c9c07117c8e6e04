// The hold of all sending, and of a file, with the real programs while they are at work.
#include "support/holds.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <signal.h>
#include <thread>

using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

constexpr int kLanes = 2;
constexpr std::size_t kOrders = 200;
// The shortest that settings allow: a call may be executed for 36 s after it was sent.
constexpr std::chrono::seconds kLongestCall{36};

SettingChanges two_lanes() {
    return {{"registrar.lanes", std::to_string(kLanes)}, {"registrar.sync_delay_seconds", "1"}};
}

std::vector<std::string> domains(std::size_t number) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < number; ++i) names.push_back("shop-" + std::to_string(i) + ".com");
    return names;
}

// Calls that change something, whatever came of them.
std::size_t changing_calls(Shop& shop) {
    constexpr std::array kChanging = {
        "contactCreate",       "contactOwnerUpdate", "domainCreate",        "domainTransferIn",
        "domainTransferOwner", "domainChangeDNS",    "domainSetPreference", "domainSetDNSsec",
        "domainSetDNSSecExt",  "domainAuthID",       "domainZoneInit",      "cancelOpe"};
    const auto calls = shop.registrar().calls();
    return static_cast<std::size_t>(std::ranges::count_if(calls, [&](const SandboxCall& call) {
        return std::ranges::find(kChanging, call.function) != kChanging.end();
    }));
}

// A program that orders, and takes a while for it.
ProgramCall at_work(Shop& shop, const std::string& program, std::vector<std::string> arguments) {
    shop.registrar().control("misbehave domainCreate:delay=0.03:always");
    ProgramCall call = shop.call(program, std::move(arguments));
    call.time_limit = 300s;
    return call;
}

void wait_for_orders(Shop& shop, std::size_t number) {
    while (shop.times_executed("domainCreate") < number) std::this_thread::sleep_for(5ms);
}

ProgramEnd hold_all(const Shop& shop, const std::string& reason = "the wrong file") {
    return shop.run("domain-orders", {"hold", "--all", "--reason", reason});
}

std::size_t orders_in(const Shop& shop, const std::string& state) {
    return json_lines(shop.run("domain-orders", {"list", "--json", "--state", state}).out).size();
}

// Of the newest order for the domain.
std::string state_of(const Shop& shop, const std::string& domain) {
    return json_lines(shop.run("domain-orders", {"list", "--json", "--domain", domain}).out)
        .at(0)
        .at("state");
}

}  // namespace

TEST_CASE("held at work, killed, released: 200 orders, and each is sent once") {
    Shop shop(two_lanes());
    const std::string path = shop.write("orders.csv", registrations(domains(kOrders)));
    {
        RunningProgram run(at_work(shop, "domain-register", {path}));
        wait_for_orders(shop, 20);
        CHECK(hold_all(shop).code == 0);
        const std::size_t then = changing_calls(shop);
        const ProgramEnd end = run.wait();
        CHECK(changing_calls(shop) <= then + kLanes);
        CHECK(end.code == 69);
        CHECK(holds(end.err, "all sending is held by "));
        CHECK(holds(end.err, ": the wrong file; `domain-orders release --all` lets it go on"));
        CHECK(holds(end.err, " of 200 orders were not sent and stay accepted"));
    }
    CHECK(shop.run("domain-orders", {"release", "--all"}).code == 0);
    {
        RunningProgram run(at_work(shop, "spool-run", {}));
        wait_for_orders(shop, 80);
        CHECK(hold_all(shop).code == 0);
        run.send(SIGKILL);
        CHECK(run.wait().signal == SIGKILL);
    }
    shop.registrar().control("behave");
    const std::size_t held_at = changing_calls(shop);
    shop.let_pass(kLongestCall + 1s);
    for (int i = 0; i < 3; ++i) {
        const ProgramEnd pass = shop.run("pending-check", {});
        CHECK(speaks_as_it_ends(pass));
        CHECK((pass.code == 69) == holds(pass.err, "all sending is held"));
    }
    const ProgramEnd night = shop.run("spool-run", {});
    CHECK(night.code == 69);
    CHECK(holds(night.err, "all sending is held by "));
    CHECK(changing_calls(shop) == held_at);
    CHECK(orders_in(shop, "in_doubt") == 0);

    CHECK(shop.run("domain-orders", {"release", "--all"}).code == 0);
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.run("pending-check", {"--now"}).code == 0);
    CHECK(orders_in(shop, "done") == kOrders);
    CHECK(shop.times_executed("domainCreate") == kOrders);
    CHECK(shop.times_executed("contactCreate") == 1);
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
}

TEST_CASE("while all sending is held each program says so, and what is taken stays accepted") {
    Shop shop;
    CHECK(shop.run("domain-register",
                   {shop.write("failing.csv", registrations({"failnow-shop.com"}))})
              .code == 1);
    const ProgramEnd hold = hold_all(shop);
    CHECK(hold.code == 0);
    CHECK(hold.err.empty());
    CHECK(holds(hold.out, "until `domain-orders release --all`"));
    const std::size_t held_at = changing_calls(shop);
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));

    const ProgramEnd dry = shop.run("domain-register", {path, "--dry-run"});
    CHECK(dry.code == 69);
    CHECK(holds(dry.out, "a-shop.com would be sent"));
    CHECK(holds(dry.err,
                "the wrong file; `domain-orders release --all` lets it go on; nothing "
                "would be sent"));
    for (const ProgramEnd& end :
         {shop.run("domain-register", {path}), shop.run("domain-orders", {"retry", "1"}),
          shop.run("spool-run", {})}) {
        CAPTURE(end.err);
        CHECK(end.code == 69);
        CHECK(holds(end.err, "all sending is held by "));
    }
    CHECK(state_of(shop, "a-shop.com") == "accepted");
    CHECK(state_of(shop, "failnow-shop.com") == "accepted");

    const ProgramEnd list = shop.run("domain-orders", {"list"});
    CHECK(list.code == 0);
    CHECK(holds(list.out, "\nall sending is held by "));
    const ProgramEnd check = shop.run("registrar-check", {});
    CHECK(check.code == 0);
    CHECK(holds(check.out, "warning  sending"));
    const ProgramEnd report = shop.run("summary-report", {"--text"});
    CHECK(report.code == 0);
    CHECK(report.out.starts_with("all sending held, "));
    CHECK(holds(report.out, "$ domain-orders release --all --config "));
    CHECK(changing_calls(shop) == held_at);

    CHECK(shop.run("domain-orders", {"release", "--all"}).code == 0);
    CHECK_FALSE(holds(shop.run("domain-orders", {"list"}).out, "all sending"));
    CHECK_FALSE(holds(shop.run("registrar-check", {}).out, "sending"));
    CHECK(shop.run("domain-register", {path}).code == 0);
    CHECK(state_of(shop, "a-shop.com") == "done");
}

TEST_CASE("pending-check asks while all sending is held, and says so once, or when asked") {
    Shop shop({}, {"--hold-pending"});
    CHECK(shop.run("domain-register",
                   {shop.write("orders.csv", registrations({"slow-a.com", "slow-b.com"}))})
              .code == 0);
    hold_all(shop);
    const ProgramEnd first = shop.run("pending-check", {});
    CHECK(first.code == 69);
    CHECK(holds(first.err, "what is pending is asked about all the same"));
    const ProgramEnd second = shop.run("pending-check", {});
    CHECK(second.code == 0);
    CHECK(second.err.empty());
    CHECK(shop.run("pending-check", {"--now"}).code == 69);
    shop.registrar().control("finish-all");
    CHECK(shop.run("pending-check", {}).code == 0);
    CHECK(orders_in(shop, "done") == 2);
    shop.run("domain-orders", {"release", "--all"});
    hold_all(shop, "once more");
    const ProgramEnd again = shop.run("pending-check", {});
    CHECK(again.code == 69);
    CHECK(holds(again.err, "once more"));
}

TEST_CASE("what hold and release want to know, and what they refuse") {
    Shop shop;
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"hold"},
          {"release"},
          {"hold", "--all"},
          {"hold", "--all", "--reason", " "},
          {"hold", "1", "--all", "--reason", "x"},
          {"hold", "--all", "--batch", "1", "--reason", "x"},
          {"release", "1", "--batch", "1"},
          {"hold", "--batch", "0"},
          {"cancel", "1", "--all"},
          {"resolve", "1", "--reason", "x"}}) {
        CHECK(shop.run("domain-orders", words).code == 64);
    }
    const ProgramEnd none = shop.run("domain-orders", {"release", "--all"});
    CHECK(none.code == 1);
    CHECK(holds(none.err, "it is not held"));
    hold_all(shop);
    const ProgramEnd twice = hold_all(shop, "another reason");
    CHECK(twice.code == 1);
    CHECK(holds(twice.err, "the wrong file"));
    const ProgramEnd batch = shop.run("domain-orders", {"hold", "--batch", "7"});
    CHECK(batch.code == 1);
    CHECK(holds(batch.err, "there is no batch 7"));
}

// ---- A run that is interrupted

TEST_CASE("an interrupted run names the file whose orders the next spool-run sends") {
    SpoolShop shop(two_lanes());
    std::string program;
    int signal = 0;
    SUBCASE("Ctrl-C") {
        program = "domain-register";
        signal = SIGINT;
    }
    SUBCASE("the spool's, stopped") {
        program = "spool-run";
        signal = SIGTERM;
    }
    // So that the file's number is not the only one there is.
    CHECK(
        shop.run("domain-register", {shop.write("first.csv", registrations({"first.com"}))}).code ==
        0);
    const std::string text = registrations(domains(60));
    std::vector<std::string> files;
    if (program == "spool-run") {
        shop.drop("register-wrong.csv", text);
    } else {
        files.push_back(shop.write("wrong.csv", text));
    }
    RunningProgram run(at_work(shop, program, files));
    wait_for_orders(shop, 10);
    run.send(signal);
    const ProgramEnd end = run.wait();
    CAPTURE(end.err);
    CHECK(end.code == 75);
    CHECK(holds(end.err,
                "; the next spool-run sends these; `domain-orders hold --batch 2` keeps "
                "them"));
    const std::size_t sent = changing_calls(shop), done = orders_in(shop, "done") - 1;
    const std::size_t left = 60 - done;  // One in a lane's hands waits for its read-back.
    REQUIRE(orders_in(shop, "accepted") > 0);

    const ProgramEnd hold = shop.run("domain-orders", {"hold", "--batch", "2"});
    CHECK(hold.code == 0);
    CHECK(hold.err.empty());
    CHECK(holds(hold.out, "batch 2: " + std::to_string(left) + " orders held, " +
                              std::to_string(done) + " not:"));
    CHECK(holds(hold.out, "it is done: there is nothing left to pause"));
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(changing_calls(shop) == sent);
    CHECK(orders_in(shop, "held") == left);

    shop.registrar().control("behave");
    const ProgramEnd release = shop.run("domain-orders", {"release", "--batch", "2"});
    CHECK(release.code == 0);
    CHECK(holds(release.out, "batch 2: " + std::to_string(left) + " orders released"));
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(orders_in(shop, "done") == 61);
    CHECK(shop.times_executed("domainCreate") == 61);
}
