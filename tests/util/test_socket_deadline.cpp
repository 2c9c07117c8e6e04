#include "util/socket_deadline.h"

#include <doctest/doctest.h>

#include <array>
#include <sys/socket.h>

using namespace domspool;
using namespace std::chrono_literals;

namespace {

struct Pair {
    Descriptor ours, theirs;
    Pair() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
        ours = Descriptor(ends[0]);
        theirs = Descriptor(ends[1]);
    }
    // Blocks until something comes or the socket is shut.
    long read() {
        char byte = 0;
        return ::recv(ours.get(), &byte, 1, 0);
    }
};

}  // namespace

TEST_CASE("a blocked read ends at the deadline") {
    Pair pair;
    SocketDeadline deadline(pair.ours.get());
    const auto begun = std::chrono::steady_clock::now();
    deadline.arm(200ms);
    CHECK(pair.read() == 0);
    CHECK(std::chrono::steady_clock::now() - begun >= 200ms);
    CHECK(deadline.has_struck());
}

TEST_CASE("a deadline that was called off never strikes") {
    Pair pair;
    SocketDeadline deadline(pair.ours.get());
    deadline.arm(1s);  // Long enough to be called off in time on a busy machine.
    deadline.disarm();
    std::this_thread::sleep_for(1200ms);
    CHECK_FALSE(deadline.has_struck());
    REQUIRE(::send(pair.theirs.get(), "x", 1, 0) == 1);
    CHECK(pair.read() == 1);
}

TEST_CASE("the last deadline counts, be it earlier or later than the one before") {
    Pair pair;
    SocketDeadline deadline(pair.ours.get());
    const auto begun = std::chrono::steady_clock::now();
    deadline.arm(1s);
    deadline.arm(600s);
    std::this_thread::sleep_for(1200ms);
    CHECK_FALSE(deadline.has_struck());
    deadline.arm(150ms);
    CHECK(pair.read() == 0);
    CHECK(deadline.has_struck());
    CHECK(std::chrono::steady_clock::now() - begun < 60s);
}

TEST_CASE("a deadline goes before its time without waiting for it") {
    Pair pair;
    const auto begun = std::chrono::steady_clock::now();
    {
        SocketDeadline deadline(pair.ours.get());
        deadline.arm(600s);
    }
    CHECK(std::chrono::steady_clock::now() - begun < 60s);
    REQUIRE(::send(pair.theirs.get(), "x", 1, 0) == 1);
    CHECK(pair.read() == 1);
}
