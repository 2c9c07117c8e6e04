#include "crash/everywhere.h"

#include "crash/passings.h"
#include "crash/rehearsal.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>
#include <signal.h>

namespace domspool::test {

namespace {

constexpr int kMostSteps = 20;
constexpr int kMostLooks = 8;
constexpr const char* kLostBack = ":lose_reply";
constexpr const char* kLostThere = ":drop_before";

struct Passing {
    int step = 0;  // of the rehearsal
    std::string where;

    std::string words() const { return where + " in step " + std::to_string(step); }
};

// The course as it goes when nothing happens, and what lay before each of its steps.
struct Course {
    std::vector<Passing> passings;
    std::map<int, std::unique_ptr<KeptShop>> before;
};

Course course_of(Rehearsal& rehearsal) {
    Course course;
    for (int step = 1; step <= kMostSteps; ++step) {
        course.before[step] = std::make_unique<KeptShop>(rehearsal.shop());
        const Scratch scratch;
        const std::string log = scratch / "passings";
        rehearsal.step(step, {{"DOMSPOOL_CRASH_LOG", log}});
        for (const std::string& where : passings_in(log)) course.passings.push_back({step, where});
        if (step > 1 && rehearsal.are_all_done()) break;
    }
    CHECK(rehearsal.finish() == "");
    CHECK(rehearsal.faults({}) == "");
    return course;
}

// Then everything is run again at once, before any doubt may be settled.
void stop_at(const Passing& passing, Rehearsal& rehearsal) {
    const ProgramEnd end = rehearsal.step(passing.step, {{"DOMSPOOL_CRASH_AT", passing.where}});
    CHECK(end.signal == SIGKILL);
    rehearsal.order();
}

// An answer that was got and not written. Done at once leaves no list to find its id in, and some
// effects cannot be looked at; at all other points everything is known.
Leeway leeway_at(const std::string& point) {
    return {.id_unknown = point == "call_returned" || point == "answer_kept",
            .sent_again = point == "call_returned"};
}

std::set<std::string> functions_of(const Scene& scene) {
    std::set<std::string> functions;
    for (const WishedCall& call : scene.calls) functions.insert(call.function);
    return functions;
}

bool has_met_a_misdeed(Rehearsal& rehearsal) {
    const auto calls = rehearsal.shop().registrar().calls();
    return std::any_of(calls.begin(), calls.end(),
                       [](const SandboxCall& call) { return call.sending != "sent"; });
}

// For each kind of call one that is lost on its way back and one that is lost on its way there.
std::vector<std::string> lost_calls_of(const Scene& scene) {
    std::vector<std::string> rules;
    for (const std::string& function : functions_of(scene)) {
        for (const char* misdeed : {kLostBack, kLostThere}) rules.push_back(function + misdeed);
    }
    return rules;
}

void lose(const std::string& rule, Rehearsal& rehearsal) {
    rehearsal.shop().registrar().control("misbehave " + rule);
    for (int step = 1; !has_met_a_misdeed(rehearsal); ++step) {
        REQUIRE(step <= kMostSteps);
        rehearsal.step(step);
    }
}

// Whether it was there to be killed at.
bool is_killed_at_its_looks(Rehearsal& rehearsal) {
    for (int looks = 0; looks < kMostLooks; ++looks) {
        const ProgramEnd end = rehearsal.pass({{"DOMSPOOL_CRASH_AT", "doubt_looked_at"}});
        if (end.signal != SIGKILL) return looks > 0;
    }
    return true;
}

void check_that_it_ends_well(Rehearsal& rehearsal, const Leeway& leeway) {
    const std::string trouble = rehearsal.finish();
    CHECK(trouble == "");
    if (trouble.empty()) CHECK(rehearsal.faults(leeway) == "");
}

}  // namespace

std::set<std::string> points_of_each_scene(const Scene& scene) {
    std::set<std::string> points = {
        "batch_begun",   "rows_entered",    "batch_complete",  "planned",         "attempt_begun",
        "call_returned", "outcome_written", "between_steps",   "follow_up_begun", "follow_up_ended",
        "read_back",     "list_read",       "operation_ended", "pass_over",       "answer_kept"};
    if (scene.makes_contacts) points.insert("contact_made");
    return points;
}

std::set<std::string> check_killed_everywhere(const Scene& scene) {
    std::set<std::string> reached;
    Rehearsal rehearsal(scene);
    const Course course = course_of(rehearsal);
    for (const Passing& passing : course.passings) {
        CAPTURE(passing.words());
        course.before.at(passing.step)->put_back();
        stop_at(passing, rehearsal);
        const std::string point = point_of(passing.where);
        reached.insert(point);
        rehearsal.let_doubts_grow_old();
        check_that_it_ends_well(rehearsal, leeway_at(point));
    }
    const auto rules = lost_calls_of(scene);
    for (const std::string& rule : rules) {
        CAPTURE(rule);
        course.before.at(1)->put_back();
        lose(rule, rehearsal);
        rehearsal.let_doubts_grow_old();
        if (is_killed_at_its_looks(rehearsal)) reached.insert("doubt_looked_at");
        const bool has_effect = rule.ends_with(kLostBack);
        check_that_it_ends_well(rehearsal, {.id_unknown = has_effect, .sent_again = has_effect});
    }
    std::cout << scene.program << ": killed at " << course.passings.size() << " passings of "
              << reached.size() << " points, " << rules.size() << " lost calls\n";
    return reached;
}

}  // namespace domspool::test
