#include "crash/everywhere.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "crash/rehearsal.h"

namespace domspool::test {

namespace {

constexpr int kMostSteps = 20;
constexpr int kMostLooks = 8;

struct Passing {
    int step = 0;  // of the rehearsal
    std::string point;
    int number = 0;

    std::string words() const {
        return point + ":" + std::to_string(number) + " in step " + std::to_string(step);
    }
};

struct Waiting {
    std::string what;
    Leeway leeway;
    std::unique_ptr<Rehearsal> rehearsal;
};

// The course as it goes when nothing happens.
std::vector<Passing> course_of(const Scene& scene) {
    std::vector<Passing> course;
    Rehearsal rehearsal(scene);
    for (int step = 1; step <= kMostSteps; ++step) {
        const std::string log = rehearsal.shop() / ("passings-" + std::to_string(step));
        rehearsal.step(step, {{"DOMSPOOL_CRASH_LOG", log}});
        std::ifstream names(log);
        std::map<std::string, int> times;
        for (std::string name; std::getline(names, name);) {
            course.push_back({step, name, ++times[name]});
        }
        if (step > 1 && rehearsal.are_all_done()) break;
    }
    CHECK(rehearsal.finish() == "");
    CHECK(rehearsal.faults({}) == "");
    return course;
}

// Then everything is run again at once, before any doubt may be settled.
std::unique_ptr<Rehearsal> stopped_at(const Scene& scene, const Passing& passing) {
    auto rehearsal = std::make_unique<Rehearsal>(scene);
    for (int step = 1; step < passing.step; ++step) rehearsal->step(step);
    const ProgramEnd end = rehearsal->step(
        passing.step,
        {{"DOMSPOOL_CRASH_AT", passing.point + ":" + std::to_string(passing.number)}});
    CAPTURE(passing.words());
    CHECK(end.signal == SIGKILL);
    rehearsal->order();
    return rehearsal;
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
std::vector<Waiting> doubts_of(const Scene& scene) {
    std::vector<Waiting> doubts;
    for (const std::string& function : functions_of(scene)) {
        for (const char* misdeed : {"lose_reply", "drop_before"}) {
            const std::string rule = function + ":" + misdeed;
            const bool has_effect = misdeed == std::string("lose_reply");
            auto rehearsal =
                std::make_unique<Rehearsal>(scene, std::vector<std::string>{"--misbehave", rule});
            for (int step = 1; !has_met_a_misdeed(*rehearsal); ++step) {
                REQUIRE(step <= kMostSteps);
                rehearsal->step(step);
            }
            doubts.push_back({rule, {has_effect, has_effect}, std::move(rehearsal)});
        }
    }
    return doubts;
}

void check_that_it_ends_well(Waiting& each) {
    CAPTURE(each.what);
    const std::string trouble = each.rehearsal->finish();
    CHECK(trouble == "");
    if (trouble.empty()) CHECK(each.rehearsal->faults(each.leeway) == "");
    each.rehearsal.reset();  // And its sandbox.
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
    std::vector<Waiting> all;
    for (const Passing& passing : course_of(scene)) {
        all.push_back({passing.words(), leeway_at(passing.point), stopped_at(scene, passing)});
        reached.insert(passing.point);
    }
    std::vector<Waiting> doubts = doubts_of(scene);
    std::cout << scene.program << ": killed at " << all.size() << " passings of " << reached.size()
              << " points, " << doubts.size() << " lost calls\n";
    for (const auto* waiting : {&all, &doubts}) {
        for (const Waiting& each : *waiting) {
            wait_until_doubts_are_old(each.rehearsal->latest_run());
        }
    }
    for (Waiting& each : doubts) {
        for (int looks = 0; looks < kMostLooks; ++looks) {
            const ProgramEnd end = each.rehearsal->pass({{"DOMSPOOL_CRASH_AT", "doubt_looked_at"}});
            if (end.signal != SIGKILL) break;
            reached.insert("doubt_looked_at");
        }
        check_that_it_ends_well(each);
    }
    for (Waiting& each : all) check_that_it_ends_well(each);
    return reached;
}

}  // namespace domspool::test
