// The power goes before and after each sync of a program: of files and folders only what was synced
// is left, or also some sectors that were not. Started again on that, the programs execute each
// order exactly once, by the registrar's log.
#include "crash/bad_disk_calls.h"
#include "crash/scenes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>
#include <signal.h>

using namespace domspool::test;

namespace {

constexpr Leeway kLeeway{.id_unknown = true, .file_twice = true};

struct Cut {
    std::string words() const { return when + (seed.empty() ? "" : ", torn by " + seed); }
    std::string when;       // "before:7"
    std::string seed;       // "": nothing is kept that was not synced
    std::string lies = {};  // the ending of files that are not kept either
};

std::vector<Cut> cuts_of(const std::vector<DiskCall>& calls) {
    const auto is_sync = [](const DiskCall& call) { return call.kind == "sync"; };
    const auto syncs = std::count_if(calls.begin(), calls.end(), is_sync);
    std::vector<Cut> cuts;
    for (int number = 1; number <= syncs; ++number) {
        const std::string at = ":" + std::to_string(number);
        cuts.push_back({"before" + at, "", ""});
        // A call to the registrar may stand between one sync and the next.
        if (is_long_form() || number % 3 == 1) cuts.push_back({"after" + at, "", ""});
        const int seeds = is_long_form() ? 8 : number % 3 == 0 ? 1 : 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            cuts.push_back({"before" + at, std::to_string(number * 100 + seed), ""});
        }
    }
    return cuts;
}

void cut_once(Rehearsal& rehearsal, int step, const Cut& cut) {
    const Scratch scratch;
    Rehearsal::Environment environment = {{"BAD_DISK_SHADOW", scratch / "shadow"},
                                          {"BAD_DISK_CUT", cut.when}};
    if (!cut.seed.empty()) environment["BAD_DISK_TORN"] = cut.seed;
    if (!cut.lies.empty()) environment["BAD_DISK_LIES"] = cut.lies;
    const ProgramEnd end = rehearsal.step(step, on_bad_disk(rehearsal.shop(), environment));
    CHECK(end.signal == SIGKILL);
    make_same(rehearsal.shop().folder(), scratch / "shadow/names");
    rehearsal.order();
}

void check_each_cut(const Scene& scene, int step) {
    Rehearsal rehearsal(scene);
    const auto before = rehearsal.kept_before(step);
    const std::vector<Cut> cuts = cuts_of(disk_calls_of(rehearsal, step));
    CHECK_FALSE(cuts.empty());
    for (const Cut& cut : cuts) {
        CAPTURE(cut.words());
        before->put_back();
        cut_once(rehearsal, step, cut);
        rehearsal.let_doubts_grow_old();
        const std::string trouble = rehearsal.finish();
        CHECK(trouble == "");
        if (trouble.empty()) CHECK(rehearsal.faults(kLeeway) == "");
    }
    std::cout << (step > 1 ? "pending-check" : scene.program) << ": the power went " << cuts.size()
              << " times\n";
}

Scene small_batch() {
    return plain_registrations({"now-shop.com", "slow-shop.com"});
}

}  // namespace

TEST_CASE("the power going at any sync of spool-run, each order is executed once") {
    Scene scene = small_batch();
    scene.program = "spool-run";
    check_each_cut(scene, 1);
}

TEST_CASE("the power going at any sync of pending-check, each order is executed once") {
    check_each_cut(small_batch(), 2);
}

TEST_CASE("the power going at any sync of domain-register, each order is executed once") {
    check_each_cut(small_batch(), 1);
}

// Where the assumption about the disk fails: nothing goes on until a person has looked.
TEST_CASE("a disk that keeps nothing of the ledger's log is found out, and nothing is sent again") {
    // By the last sync of the log before it goes into the database all is ordered.
    Rehearsal rehearsal(small_batch());
    const auto before = rehearsal.kept_before(1);
    int last = 0;
    for (const DiskCall& call : disk_calls_of(rehearsal, 1)) {
        if (call.kind != "sync") continue;
        if (call.path.ends_with("ledger.db")) break;
        if (call.path.ends_with("-wal")) last = call.number;
    }
    const Cut cut = {"after:" + std::to_string(last), "", "-wal"};
    before->put_back();
    cut_once(rehearsal, 1, cut);
    const ProgramEnd again = rehearsal.order();
    CHECK(again.code == 78);
    CHECK(again.err.find("older copy") != std::string::npos);
    CHECK(rehearsal.shop().times_executed("domainCreate", "now-shop.com") == 1);
}
