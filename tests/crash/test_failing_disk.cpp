// Each write, sync, rename, lock and so on of ledger and spool fails in turn: the program says so
// and ends, and the next one goes on; each order is executed exactly once, by the registrar's log.
#include "crash/bad_disk_calls.h"
#include "crash/scenes.h"

#include <doctest/doctest.h>

#include <iostream>
#include <map>
#include <set>

using namespace domspool::test;

namespace {

// In the short form, of the calls that come in long rows of the same: every so many.
int stride_of(const DiskCall& call) {
    if (is_long_form()) return 1;
    if (call.kind == "unlock") return call.path.ends_with("-shm") ? 40 : 1;
    if (call.kind == "lock") return call.path.ends_with("-shm") ? 32 : 1;
    if (call.kind == "sync") return call.path.ends_with("-wal") ? 3 : 1;
    const bool is_of_database = call.path.ends_with("-wal") || call.path.ends_with("ledger.db") ||
                                call.path.ends_with("-shm") || call.path.ends_with(".log");
    return call.kind == "write" && is_of_database ? 24 : 1;
}

// The ways a call of this kind can fail; in the short form one of them, in turn.
std::vector<std::string> ways_of(const DiskCall& call) {
    std::vector<std::string> ways = {"EIO"};
    if (call.kind == "write") ways = {"EIO", "ENOSPC", "short", "EINTR"};
    if (call.kind == "create" || call.kind == "open" || call.kind == "rename" ||
        call.kind == "unlink") {
        ways = {"EACCES", "ENOSPC", "EIO"};
    }
    if (call.kind == "allocate" || call.kind == "truncate") ways = {"ENOSPC", "EIO"};
    if (is_long_form()) return ways;
    return {ways[static_cast<std::size_t>(call.number / stride_of(call)) % ways.size()]};
}

std::vector<std::string> failures_of(const std::vector<DiskCall>& calls) {
    std::vector<std::string> failures;
    for (const DiskCall& call : calls) {
        const std::string at = call.kind + ":" + std::to_string(call.number);
        if (call.number % stride_of(call) == 0) {
            for (const std::string& way : ways_of(call)) failures.push_back(at + ":" + way);
        }
        // And from there on, as when the disk is full or has gone.
        const int rarely = is_long_form() ? 4 : call.kind == "sync" ? 10 : 100;
        if (call.number % rarely != 1) continue;
        if (call.kind == "write") failures.push_back(at + "+:full");
        if (call.kind == "sync" || call.kind == "write") failures.push_back(at + "+:EIO");
    }
    return failures;
}

// A failure may be harmless (a lock asked for again, an interrupted write); then all is as ever.
void check_end(Rehearsal& rehearsal, const ProgramEnd& end) {
    static const std::set<int> allowed = {0, 1, 69, 73, 74, 75, 77, 78};
    CAPTURE(end.code);
    CAPTURE(end.err);
    CHECK(end.signal == 0);
    CHECK(allowed.contains(end.code));
    CHECK(speaks_as_it_ends(end));
    if (end.code == 0) CHECK(rehearsal.shop().orders().size() == rehearsal.scene().domains.size());
}

// Whether an exit code told of it.
bool is_told_and_mended(Rehearsal& rehearsal, int step, const std::string& failure) {
    const ProgramEnd end =
        rehearsal.step(step, on_bad_disk(rehearsal.shop(), {{"BAD_DISK_FAIL", failure}}));
    check_end(rehearsal, end);
    rehearsal.order();
    rehearsal.let_doubts_grow_old();
    const std::string trouble = rehearsal.finish();
    CHECK(trouble == "");
    if (trouble.empty()) CHECK(rehearsal.faults({.id_unknown = true}) == "");
    return end.code != 0;
}

void check_each_call_failing(const Scene& scene, int step) {
    Rehearsal rehearsal(scene);
    const auto before = rehearsal.kept_before(step);
    std::map<std::string, int> tried;
    int told = 0;
    for (const std::string& failure : failures_of(disk_calls_of(rehearsal, step))) {
        CAPTURE(failure);
        before->put_back();
        if (is_told_and_mended(rehearsal, step, failure)) ++told;
        ++tried[failure.substr(0, failure.find(':'))];
    }
    CHECK(tried.size() >= 7);
    CHECK(told > 20);
    std::cout << (step > 1 ? "pending-check" : scene.program) << ":";
    for (const auto& [kind, times] : tried) std::cout << " " << times << " " << kind;
    std::cout << " failed; " << told << " told by an exit code\n";
}

Scene small_batch() {
    return plain_registrations({"now-shop.com", "slow-shop.com"});
}

}  // namespace

TEST_CASE("whatever fails on the disk of spool-run, each order is executed once") {
    Scene scene = small_batch();
    scene.program = "spool-run";
    check_each_call_failing(scene, 1);
}

TEST_CASE("whatever fails on the disk of pending-check, each order is executed once") {
    check_each_call_failing(small_batch(), 2);
}

TEST_CASE("whatever fails on the disk of domain-register, each order is executed once") {
    check_each_call_failing(small_batch(), 1);
}
