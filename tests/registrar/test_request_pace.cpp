#include "registrar/request_pace.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace std::chrono_literals;
using domspool::test::read_text;
using domspool::test::Scratch;
using domspool::test::write_text;

namespace {

std::chrono::milliseconds time_of_turns(RequestPace& pace, int turns) {
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < turns; ++i) REQUIRE(pace.wait_for_turn(60s));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begun);
}

}  // namespace

TEST_CASE("without a limit nothing waits and no file is made") {
    const Scratch scratch;
    RequestPace pace(0, scratch / "pace");
    for (int i = 0; i < 1000; ++i) CHECK(pace.wait_for_turn(0ms));
    CHECK_FALSE(std::filesystem::exists(scratch / "pace"));
}

TEST_CASE("turns lie evenly apart") {
    RequestPace pace(600, "");  // One in 100 ms.
    REQUIRE(pace.wait_for_turn(0ms));
    const auto time = time_of_turns(pace, 4);
    CHECK(time > 300ms);
    CHECK(time < 10s);
}

TEST_CASE("two programs share one limit through the file") {
    const Scratch scratch;
    RequestPace one(600, scratch / "pace"), other(600, scratch / "pace");
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(one.wait_for_turn(60s));
        REQUIRE(other.wait_for_turn(60s));
    }
    CHECK(std::chrono::steady_clock::now() - begun > 450ms);
}

TEST_CASE("a turn that comes too late is not taken") {
    RequestPace pace(30, "");  // One in two seconds.
    CHECK(pace.wait_for_turn(0ms));
    for (int i = 0; i < 5; ++i) CHECK_FALSE(pace.wait_for_turn(50ms));
    // The refused ones used nothing up.
    CHECK(pace.wait_for_turn(2s));
}

TEST_CASE("what jumps the queue uses a turn up") {
    RequestPace pace(1, "");
    pace.jump_queue();
    CHECK_FALSE(pace.wait_for_turn(300ms));
}

TEST_CASE("what another boot or nobody of ours has written counts as nothing") {
    const Scratch scratch;
    for (const char* text : {"", "x", "00000000-0000-0000-0000-000000000000 9999999999999999999\n",
                             "11111111-2222-3333-4444-555555555555 0000009999999999999\n"}) {
        CAPTURE(text);
        write_text(scratch / "pace", text);
        RequestPace pace(1, scratch / "pace");
        CHECK(pace.wait_for_turn(0ms));
        CHECK_FALSE(pace.wait_for_turn(1s));
    }
}
