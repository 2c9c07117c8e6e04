#include "registrar/request_pace.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <vector>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::read_text;
using domspool::test::Scratch;
using domspool::test::write_text;

namespace {

const SystemClock kClock;

std::chrono::milliseconds time_of_turns(RequestPace& pace, int turns) {
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < turns; ++i) REQUIRE(pace.wait_for_turn(60s));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begun);
}

}  // namespace

TEST_CASE("without a limit nothing waits and no file is made") {
    const Scratch scratch;
    RequestPace pace(0, scratch / "pace", kClock);
    for (int i = 0; i < 1000; ++i) CHECK(pace.wait_for_turn(0ms));
    CHECK_FALSE(std::filesystem::exists(scratch / "pace"));
}

TEST_CASE("turns lie evenly apart") {
    RequestPace pace(600, "", kClock);  // One in 100 ms.
    REQUIRE(pace.wait_for_turn(0ms));
    const auto time = time_of_turns(pace, 4);
    CHECK(time > 300ms);
    CHECK(time < 10s);
}

TEST_CASE("two programs share one limit through the file") {
    const Scratch scratch;
    RequestPace one(600, scratch / "pace", kClock), other(600, scratch / "pace", kClock);
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(one.wait_for_turn(60s));
        REQUIRE(other.wait_for_turn(60s));
    }
    CHECK(std::chrono::steady_clock::now() - begun > 450ms);
}

TEST_CASE("a turn that comes too late is not taken") {
    RequestPace pace(30, "", kClock);  // One in two seconds.
    CHECK(pace.wait_for_turn(0ms));
    for (int i = 0; i < 5; ++i) CHECK_FALSE(pace.wait_for_turn(50ms));
    // The refused ones used nothing up.
    CHECK(pace.wait_for_turn(2s));
}

TEST_CASE("what jumps the queue uses a turn up") {
    RequestPace pace(1, "", kClock);
    pace.jump_queue();
    CHECK_FALSE(pace.wait_for_turn(300ms));
}

TEST_CASE("what another boot or nobody of ours has written counts as nothing") {
    const Scratch scratch;
    for (const char* text : {"", "x", "00000000-0000-0000-0000-000000000000 9999999999999999999\n",
                             "11111111-2222-3333-4444-555555555555 0000009999999999999\n"}) {
        CAPTURE(text);
        write_text(scratch / "pace", text);
        RequestPace pace(1, scratch / "pace", kClock);
        CHECK(pace.wait_for_turn(0ms));
        CHECK_FALSE(pace.wait_for_turn(1s));
    }
}

TEST_CASE("a registrar that asks for less is asked half as fast, after a pause that grows") {
    Pace pace;
    slow_down(pace, 100s, 99s, std::nullopt, 120);
    CHECK(pace.interval == 1s);  // 60 a minute
    CHECK(pace.paused_until == 120s);
    // Under way when the registrar said so: nothing new.
    slow_down(pace, 101s, 99s, std::nullopt, 120);
    CHECK(pace.interval == 1s);
    CHECK(pace.paused_until == 120s);
    CHECK(pace.in_a_row == 1);
    // But for a longer time that it asks for.
    slow_down(pace, 101s, 99s, 30s, 120);
    CHECK(pace.paused_until == 131s);
    // The first after the pause is refused as well: longer, not slower.
    slow_down(pace, 132s, 131s, std::nullopt, 120);
    CHECK(pace.interval == 1s);
    CHECK(pace.paused_until == 172s);
    slow_down(pace, 173s, 172s, std::nullopt, 120);
    CHECK(pace.paused_until == 233s);
    // An answer in between: half as fast again.
    pace.in_a_row = 0;
    slow_down(pace, 300s, 299s, 5s, 60);
    CHECK(pace.interval == 2s);
    CHECK(pace.paused_until == 305s);
}

TEST_CASE("the pace recovers step by step") {
    Pace pace;
    slow_down(pace, 0s, 0s, 10s, 30);
    REQUIRE(pace.interval == 4s);
    speed_up(pace, 69s);
    CHECK(pace.interval == 4s);
    speed_up(pace, 70s);
    CHECK(pace.interval == 2666ms);
    speed_up(pace, 190s);
    CHECK(pace.interval == 1184ms);
    speed_up(pace, 24h);
    CHECK(pace.interval == 0ms);
}

// A gate as servers have them: so many requests in any minute, or a bucket that fills evenly.
TEST_CASE("behind a gate of 60 requests a minute all get through, with three refusals a minute") {
    for (const bool is_bucket : {false, true}) {
        for (const bool tells_how_long : {false, true}) {
            CAPTURE(is_bucket);
            CAPTURE(tells_how_long);
            Pace pace;
            std::vector<std::chrono::milliseconds> passed, refused;
            double bucket = 60;
            std::chrono::milliseconds now = 1s, filled = 1s;
            const int wanted = 1500;  // 300 orders
            while (std::ssize(passed) < wanted && now < 10h) {
                speed_up(pace, now);
                now = std::max({now + 20ms, pace.next_turn, pace.paused_until});
                pace.next_turn = now + pace.interval;
                bucket =
                    std::min(60.0, bucket + std::chrono::duration<double>(now - filled).count());
                filled = now;
                const auto in_minute = std::count_if(passed.begin(), passed.end(),
                                                     [&](auto at) { return at > now - 1min; });
                const bool passes = is_bucket ? bucket >= 1 : in_minute < 60;
                if (passes) {
                    bucket -= 1;
                    passed.push_back(now);
                    pace.in_a_row = 0;
                } else {
                    refused.push_back(now);
                    std::optional<std::chrono::milliseconds> told;
                    if (tells_how_long && is_bucket) told = 1s;
                    if (tells_how_long && !is_bucket) {
                        told = passed[passed.size() - 60] + 1min - now;
                    }
                    const int asked = static_cast<int>(in_minute) + 1;
                    slow_down(pace, now, now, told, asked);
                }
            }
            REQUIRE(std::ssize(passed) == wanted);
            CHECK(passed.back() < 60min);
            for (const auto at : refused) {
                const auto close = std::count_if(refused.begin(), refused.end(), [&](auto other) {
                    return other >= at && other < at + 1min;
                });
                CHECK(close <= 3);
            }
        }
    }
}

TEST_CASE("what one program was told holds for all that share the file, made only then") {
    const Scratch scratch;
    RequestPace one(0, scratch / "pace", kClock), other(0, scratch / "pace", kClock);
    CHECK_FALSE(one.is_limited());
    CHECK(one.wait_for_turn(0ms));
    REQUIRE_FALSE(std::filesystem::exists(scratch / "pace"));
    one.note_refusal(kClock.now(), 60s);
    CHECK(other.is_limited());
    CHECK(other.paused_for() > 50s);
    CHECK_FALSE(other.wait_for_turn(1s));
    CHECK(other.refusals_in_a_row() == 1);
    // An answer that was under way says nothing of the pause.
    other.note_answer();
    CHECK(one.paused_for() > 50s);
}

TEST_CASE("without a file that can be written the pause holds for this program") {
    const Scratch scratch;
    RequestPace pace(0, scratch / "no/such/pace", kClock);
    pace.note_refusal(kClock.now(), 60s);
    CHECK(pace.paused_for() > 50s);
}

TEST_CASE("who waits for a turn when the registrar asks for less does not ask") {
    RequestPace pace(60, "", kClock);
    REQUIRE(pace.wait_for_turn(0ms));
    bool has_turn = true;
    std::thread waiting([&] { has_turn = pace.wait_for_turn(10s); });
    pace.note_refusal(kClock.now(), 60s);
    waiting.join();
    CHECK_FALSE(has_turn);
}

TEST_CASE("a file that cannot be used, or says what no program would, slows nobody down") {
    const Scratch scratch;
    std::filesystem::create_directory(scratch / "folder");
    std::filesystem::create_symlink("itself", scratch / "itself");
    write_text(scratch / "far",
               kClock.now().boot_id +
                   " 0000000000000000000 0000000000000000000 9223372036854775807 "
                   "0000000000000000001 0000000000000000000 0000000000000000001\n");
    write_text(scratch / "slow",
               kClock.now().boot_id +
                   " 0000000000000000000 9223372036854775807 0000000000000000000 "
                   "0000000000000000001 9223372036854775807 0000000000000000001\n");
    write_text(scratch / "row",
               kClock.now().boot_id +
                   " 0000000000000000000 0000000000000000000 0000000000000000000 "
                   "0000000000000000001 0000000000000000000 0000000002147483647\n");
    for (const char* name : {"folder", "itself", "far", "slow", "row"}) {
        CAPTURE(std::string(name));
        RequestPace pace(0, scratch / name, kClock);
        CHECK(pace.paused_for() == 0ms);
        CHECK_FALSE(pace.is_limited());
        CHECK(pace.wait_for_turn(0ms));
        CHECK(pace.refusals_in_a_row() == 0);
        pace.note_refusal(kClock.now(), 2s);
        CHECK(pace.refusals_in_a_row() == 1);
        CHECK_FALSE(pace.wait_for_turn(0ms));
    }
}
