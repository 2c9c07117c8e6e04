// The points that a person's decisions pass, and that there is none which nothing reaches.
#include "crash/everywhere.h"
#include "crash/passings.h"
#include "crash/rehearsal.h"
#include "crash/scenes.h"
#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <signal.h>

using namespace domspool;
using namespace domspool::test;

namespace {

std::string operation_of(Shop& shop, const std::string& domain) {
    for (const SandboxOperation& operation : shop.registrar().operations()) {
        const bool is_it = operation.code == "domainCreate" && operation.target == domain;
        if (is_it) return std::to_string(operation.id);
    }
    return "none";
}

std::string state_of(Shop& shop, const std::string& domain) {
    return shop.orders().at(domain).at("state");
}

const std::string kDomain = "slow-shop.com";

std::unique_ptr<Shop> shop_with_pending_order() {
    auto shop = std::make_unique<Shop>(SettingChanges{{"registrar.sync_delay_seconds", "1"}},
                                       std::vector<std::string>{"--hold-pending"});
    shop->run("domain-register", {shop->write("orders.csv", registrations({kDomain}))});
    CHECK(state_of(*shop, kDomain) == "waiting");
    return shop;
}

std::vector<std::string> passings_of(Shop& shop, const std::vector<std::string>& words) {
    ProgramCall call = shop.call("domain-orders", words);
    call.environment["DOMSPOOL_CRASH_LOG"] = shop / "passings";
    run_program(call);
    return passings_in(shop / "passings");
}

}  // namespace

TEST_CASE("every crash point is reached by some test") {
    // Below, and in test_spool_crashes, test_report_crashes and test_archiving, which check it
    // themselves.
    std::set<std::string> known = {"decided", "retry_entered", "doubt_looked_at"};
    known.merge(points_of_each_scene(plain_registrations()));
    for (const std::string_view name : kCrashPoints) {
        CAPTURE(name);
        const bool is_of_others = name.starts_with("report_") || name.starts_with("spool_") ||
                                  name.starts_with("archive_");
        CHECK((is_of_others || known.contains(std::string(name))));
    }
}

TEST_CASE("an order held and released by commands that are killed is ordered once") {
    const auto shop = shop_with_pending_order();
    for (const char* verb : {"hold", "release"}) {
        CAPTURE(verb);
        CHECK(shop->run_until("decided:1", "domain-orders", {verb, kDomain}).signal == SIGKILL);
    }
    shop->registrar().control("hold off\nfinish-all\n");
    CHECK(shop->run("pending-check", {"--now"}).code == 0);
    CHECK(state_of(*shop, kDomain) == "done");
    CHECK(shop->times_executed("domainCreate") == 1);
}

TEST_CASE("a retry killed before it sends leaves an order that the same command sends, once") {
    const auto shop = shop_with_pending_order();
    shop->registrar().control("fail " + operation_of(*shop, kDomain) + "\nhold off\n");
    CHECK(shop->run("pending-check", {"--now"}).code == 1);
    CHECK(shop->run_until("retry_entered:1", "domain-orders", {"retry", "1"}).signal == SIGKILL);
    CHECK(shop->registrar().count_calls("domainCreate") == 1);
    CHECK(shop->run("domain-orders", {"retry", "1"}).code == 0);
    CHECK(shop->registrar().count_calls("domainCreate") == 2);
    CHECK(shop->run("domain-orders", {"retry", "1"}).code == 1);
    CHECK(shop->registrar().count_calls("domainCreate") == 2);
}

// The registrar had the wish to cancel or had it not; either way the order's end is the truth.
TEST_CASE("a cancelling killed anywhere is asked for once and ends as the registrar says") {
    const std::vector<std::string> words = {"cancel", kDomain};
    const auto shop = shop_with_pending_order();
    const KeptShop before(*shop);
    const std::vector<std::string> passings = passings_of(*shop, words);
    CHECK(passings.size() >= 4);
    for (const std::string& passing : passings) {
        CAPTURE(passing);
        before.put_back();
        CHECK(shop->run_until(passing, "domain-orders", words).signal == SIGKILL);
        shop->let_pass(Rehearsal::longest_call() + std::chrono::seconds(1));
        shop->run("pending-check", {"--now"});
        shop->registrar().control("hold off\nfinish-all\n");
        for (int pass = 0; pass < 4; ++pass) shop->run("pending-check", {"--now"});
        const std::size_t asked = shop->times_executed("cancelOpe");
        CHECK(asked <= 1);
        CHECK(state_of(*shop, kDomain) == (asked == 1 ? "cancelled" : "done"));
        CHECK(shop->times_executed("domainCreate") == 1);
    }
}

TEST_CASE("the looking itself can fail: a domain ordered twice is found") {
    Rehearsal rehearsal(plain_registrations());
    rehearsal.order();
    CHECK(rehearsal.finish() == "");
    CHECK(rehearsal.faults({}) == "");
    rehearsal.forget_all();
    rehearsal.shop().registrar().control("drop-domain now-shop.com");
    rehearsal.order();
    const std::string faults = rehearsal.faults({});
    CHECK(faults.find("domainCreate now-shop.com duration=1 executed 2 times") !=
          std::string::npos);
    CHECK(faults.find("contactCreate  isOwner:1 executed 2 times") != std::string::npos);
}
