// The programs are killed at every crash point there is, and run again: each domain is ordered
// exactly once, by the registrar's own log. A point that nothing here reaches fails the test.
#include "crash/rehearsal.h"

#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <signal.h>

#include <functional>
#include <set>
#include <thread>

using namespace domspool;
using namespace domspool::test;

namespace {

struct Stopped {
    std::string where;  // "domain-register at call_returned:2"
    std::string point;
    std::unique_ptr<Rehearsal> rehearsal;
};

// Of the programs that order; the others are passed in test_spool_crashes,
// test_report_crashes and test_archiving.
std::vector<std::string> points_of_ordering() {
    std::vector<std::string> points;
    for (const std::string_view name : kCrashPoints) {
        const bool is_of_others = name.starts_with("report_") || name.starts_with("spool_") ||
                                  name.starts_with("archive_");
        if (!is_of_others) points.emplace_back(name);
    }
    return points;
}

// One rehearsal for each passing of the point, until it is not passed that often.
template <typename Prepare, typename Stop>
void stop_at_each_passing(std::vector<Stopped>& all, const std::string& program,
                          const std::string& point, Prepare prepare, Stop stop) {
    for (int passing = 1;; ++passing) {
        auto rehearsal = std::make_unique<Rehearsal>();
        prepare(*rehearsal);
        const std::string at = point + ":" + std::to_string(passing);
        if (!stop(*rehearsal, at)) return;
        all.push_back({program + " at " + at, point, std::move(rehearsal)});
    }
}

// A doubt may not be settled before the longest call has passed: the registrar might still be at
// it. That is a gap of the rules, not of the machine; it is waited for once, for all together.
void wait_until_doubts_are_old(const std::vector<Stopped>& all) {
    auto latest = std::chrono::steady_clock::time_point{};
    for (const Stopped& each : all) latest = std::max(latest, each.rehearsal->latest_run());
    std::this_thread::sleep_until(latest + Rehearsal::longest_call() + std::chrono::seconds(1));
}

// Held and released by a person; both are killed once they are written.
void hold_until_killed(Rehearsal& rehearsal) {
    rehearsal.order();
    const ProgramEnd hold =
        rehearsal.shop().run_until("decided:1", "domain-orders", {"hold", "slow-shop.com"});
    CHECK(hold.signal == SIGKILL);
}

bool release_until_killed(Rehearsal& rehearsal, const std::string& at) {
    return rehearsal.shop().run_until(at, "domain-orders", {"release", "slow-shop.com"}).signal ==
           SIGKILL;
}

// A retry killed before it sends leaves an order that the same command sends, once.
void check_retry_given_again() {
    Shop shop({}, {"--hold-pending"});
    shop.run("domain-register", {shop.write("orders.csv", registrations({"slow-shop.com"}))});
    const auto operations = shop.registrar().operations();
    REQUIRE_FALSE(operations.empty());
    const std::string id = std::to_string(operations.back().id);
    REQUIRE(operations.back().code == "domainCreate");
    shop.registrar().control("fail " + id + "\nhold off\n");
    CHECK(shop.run("pending-check", {"--now"}).code == 1);
    const ProgramEnd killed = shop.run_until("retry_entered:1", "domain-orders", {"retry", "1"});
    CHECK(killed.signal == SIGKILL);
    CHECK(shop.registrar().count_calls("domainCreate") == 1);
    CHECK(shop.run("domain-orders", {"retry", "1"}).code == 0);
    CHECK(shop.registrar().count_calls("domainCreate") == 2);
    CHECK(shop.run("domain-orders", {"retry", "1"}).code == 1);
    CHECK(shop.registrar().count_calls("domainCreate") == 2);
}

void check_that_all_finish(std::vector<Stopped>& all,
                           const std::function<bool(const Stopped&)>& may_be_unknown) {
    for (Stopped& each : all) {
        CAPTURE(each.where);
        const std::string trouble = each.rehearsal->finish();
        CHECK(trouble == "");
        if (trouble.empty()) CHECK(each.rehearsal->faults(may_be_unknown(each)) == "");
        each.rehearsal.reset();
    }
}

}  // namespace

TEST_CASE("killed at any crash point and run again, each domain is ordered exactly once") {
    std::vector<Stopped> all;
    std::set<std::string> reached;
    for (const std::string& point : points_of_ordering()) {
        stop_at_each_passing(
            all, "domain-register", point, [](Rehearsal&) {},
            [](Rehearsal& r, const std::string& at) { return r.order(at); });
        stop_at_each_passing(
            all, "pending-check", point,
            [](Rehearsal& r) {
                r.order();
                r.end_operations();
            },
            [](Rehearsal& r, const std::string& at) { return r.pass(at); });
    }
    stop_at_each_passing(all, "domain-orders release", "decided", hold_until_killed,
                         release_until_killed);
    check_retry_given_again();
    reached.insert("retry_entered");
    for (const Stopped& each : all) reached.insert(each.point);

    // Doubts come up only when a reply was lost: two for domainCreate, one for contactCreate.
    std::vector<Stopped> doubtful;
    for (const char* rules : {"contactCreate:lose_reply:1", "domainCreate:lose_reply:2",
                              "domainCreate:drop_before:2", "domainCreate:fault_without_code:2"}) {
        auto rehearsal =
            std::make_unique<Rehearsal>(std::vector<std::string>{"--misbehave", rules});
        rehearsal->order();
        doubtful.push_back({std::string("pending-check at doubt_looked_at after ") + rules,
                            "doubt_looked_at", std::move(rehearsal)});
    }
    // The operator runs the file again at once, before any doubt may be settled.
    for (Stopped& each : all) each.rehearsal->order();
    wait_until_doubts_are_old(all);
    wait_until_doubts_are_old(doubtful);
    for (Stopped& each : doubtful) {
        for (int looks = 0; looks < 8 && each.rehearsal->pass("doubt_looked_at:1"); ++looks) {
            reached.insert(each.point);
        }
    }

    for (const std::string& name : points_of_ordering()) {
        CAPTURE(name);
        CHECK(reached.contains(name));
    }
    // An answer that was got and not written: Done at once leaves no list to find its id in.
    check_that_all_finish(all, [](const Stopped& each) {
        return each.point == "call_returned" || each.point == "answer_kept";
    });
    check_that_all_finish(doubtful, [](const Stopped&) { return true; });
}

TEST_CASE("the looking itself can fail: a domain ordered twice is found") {
    Rehearsal rehearsal;
    rehearsal.order();
    CHECK(rehearsal.finish() == "");
    CHECK(rehearsal.faults(false) == "");
    rehearsal.forget_all();
    rehearsal.shop().registrar().control("drop-domain now-shop.com");
    rehearsal.order();
    const std::string faults = rehearsal.faults(false);
    CHECK(faults.find("now-shop.com: domainCreate executed 2 times") != std::string::npos);
    CHECK(faults.find("2 contacts were made") != std::string::npos);
}
