// The power goes before and after each sync of a program: of files and folders only what was synced
// is left, or also some sectors that were not. Started again on that, the programs execute each
// order exactly once, by the registrar's log.
#include "crash/bad_disk_calls.h"
#include "crash/scenes.h"

#include <doctest/doctest.h>

#include <signal.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

using namespace domspool::test;
namespace fs = std::filesystem;

namespace {

// Sandboxes that wait for the longest call to be over.
constexpr std::size_t kMostAtOnce = 150;
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

// What the shop's folder is after the cut.
void put_back(const Shop& shop, const std::string& shadow) {
    for (const auto& entry : fs::directory_iterator(shop.folder())) fs::remove_all(entry.path());
    // Two names of one file are none here; copies lose nothing.
    fs::copy(shadow + "/names", shop.folder(), fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(shadow + "/names")) {
        const fs::path place = shop.folder() / fs::relative(entry.path(), shadow + "/names");
        fs::permissions(place, entry.status().permissions());
    }
}

struct Stopped {
    Cut cut;
    std::unique_ptr<Rehearsal> rehearsal;
};

Stopped cut_once(const Scene& scene, int step, const Cut& cut) {
    CAPTURE(cut.words());
    auto rehearsal = std::make_unique<Rehearsal>(scene);
    const Scratch scratch;
    for (int earlier = 1; earlier < step; ++earlier) rehearsal->step(earlier);
    Rehearsal::Environment environment = {{"BAD_DISK_SHADOW", scratch / "shadow"},
                                          {"BAD_DISK_CUT", cut.when}};
    if (!cut.seed.empty()) environment["BAD_DISK_TORN"] = cut.seed;
    if (!cut.lies.empty()) environment["BAD_DISK_LIES"] = cut.lies;
    const ProgramEnd end = rehearsal->step(step, on_bad_disk(rehearsal->shop(), environment));
    CHECK(end.signal == SIGKILL);
    put_back(rehearsal->shop(), scratch / "shadow");
    rehearsal->order();
    return {cut, std::move(rehearsal)};
}

void check_that_they_end_well(std::vector<Stopped> all) {
    for (const Stopped& each : all) wait_until_doubts_are_old(each.rehearsal->latest_run());
    for (Stopped& each : all) {
        CAPTURE(each.cut.words());
        const std::string trouble = each.rehearsal->finish();
        CHECK(trouble == "");
        if (trouble.empty()) CHECK(each.rehearsal->faults(kLeeway) == "");
        each.rehearsal.reset();  // And its sandbox.
    }
}

void check_each_cut(const Scene& scene, int step) {
    const std::vector<Cut> cuts = cuts_of(disk_calls_of(scene, step));
    CHECK_FALSE(cuts.empty());
    std::vector<Stopped> all;
    for (const Cut& cut : cuts) {
        all.push_back(cut_once(scene, step, cut));
        if (all.size() == kMostAtOnce) check_that_they_end_well(std::exchange(all, {}));
    }
    check_that_they_end_well(std::move(all));
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
    int last = 0;
    for (const DiskCall& call : disk_calls_of(small_batch(), 1)) {
        if (call.kind != "sync") continue;
        if (call.path.ends_with("ledger.db")) break;
        if (call.path.ends_with("-wal")) last = call.number;
    }
    const Cut cut = {"after:" + std::to_string(last), "", "-wal"};
    const Stopped stopped = cut_once(small_batch(), 1, cut);
    const ProgramEnd again = stopped.rehearsal->order();
    CHECK(again.code == 78);
    CHECK(again.err.find("older copy") != std::string::npos);
    CHECK(stopped.rehearsal->shop().times_executed("domainCreate", "now-shop.com") == 1);
}
