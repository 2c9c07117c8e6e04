// The machine's clock set back or forward between two runs, by hours or a year. Its clock since the
// boot goes on as it is.
#include "support/not_run.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <signal.h>

using namespace domspool::test;

namespace {

constexpr const char* kOtherClock = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

bool may_set_clock() {
    if (std::filesystem::exists(kOtherClock)) return true;
    not_run("there is no libfaketime");
    return false;
}

// `offset`: "+1y", "-3h".
ProgramEnd run_at(const Shop& shop, const std::string& offset, const std::string& program,
                  std::vector<std::string> arguments) {
    ProgramCall call = shop.call(program, std::move(arguments));
    call.environment["LD_PRELOAD"] = kOtherClock;
    call.environment["FAKETIME"] = offset;
    call.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
    call.environment["FAKETIME_NO_CACHE"] = "1";
    return run_program(call);
}

// Whether the batch was taken more than two hours from now.
bool is_taken_elsewhen(const Shop& shop) {
    const ProgramEnd end = run_program(
        {.program = "/usr/bin/sqlite3",
         .arguments = {shop / "ledger.db",
                       "SELECT abs(julianday(taken_at) - julianday('now')) > 0.1 FROM batches"}});
    return end.out == "1\n";
}

const std::vector<std::string> kOffsets = {"+3h", "-3h", "+1y", "-1y"};

}  // namespace

TEST_CASE("a clock that jumps brings no second sending nearer, and stops no order") {
    if (!may_set_clock()) return;
    for (const std::string& offset : kOffsets) {
        CAPTURE(offset);
        Shop shop(SettingChanges{{"registrar.lanes", "1"}, {"pending.doubt_look_seconds", "600"}});
        const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
        // Sent, and never executed: only two looks, ten minutes apart, may tell.
        CHECK(shop.run_until("attempt_begun:2", "domain-register", {path}).signal == SIGKILL);
        const std::vector<std::string> now{"--now"};
        for (const std::string& when : {std::string("+0"), offset, std::string("+0"), offset}) {
            const ProgramEnd pass = run_at(shop, when, "pending-check", now);
            CAPTURE(pass.err);
            CHECK(speaks_as_it_ends(pass));
            CHECK((pass.code == 0 || pass.code == 1));
            const ProgramEnd order = run_at(shop, when, "domain-register", {path});
            CAPTURE(order.err);
            CHECK(speaks_as_it_ends(order));
            CHECK(shop.times_executed("domainCreate") == 0);
            CHECK(shop.orders().at("a-shop.com").at("state") == "in_doubt");
        }
    }
}

TEST_CASE("whatever the clock says, an order goes its way once, to its end") {
    if (!may_set_clock()) return;
    for (const std::string& offset : kOffsets) {
        CAPTURE(offset);
        Shop shop(SettingChanges{{"registrar.lanes", "1"}}, {"--hold-pending"});
        const std::string path =
            shop.write("orders.csv", registrations({"slow-a-shop.com", "b-shop.com"}));
        CHECK(run_at(shop, offset, "domain-register", {path}).code == 0);
        CHECK(is_taken_elsewhen(shop));
        CHECK(shop.run("domain-orders", {"list"}).code == 0);
        CHECK(shop.run("pending-check", {"--now"}).code == 0);
        const ProgramEnd again = shop.run("domain-register", {path});
        CHECK(speaks_as_it_ends(again));
        CHECK((again.code == 0 || again.code == 65));
        shop.registrar().control("finish-all\n");
        const ProgramEnd pass = run_at(shop, offset, "pending-check", {"--now"});
        CAPTURE(pass.err);
        CHECK(pass.code == 0);
        for (const char* domain : {"slow-a-shop.com", "b-shop.com"}) {
            CAPTURE(domain);
            CHECK(shop.orders().at(domain).at("state") == "done");
            CHECK(shop.times_executed("domainCreate", domain) == 1);
        }
        CHECK(shop.run("domain-orders", {"verify"}).code == 0);
    }
}
