#include "util/stop_flag.h"

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <tuple>
#include <unistd.h>

using namespace domspool;
using namespace std::chrono_literals;

namespace {

int exit_status_of(const std::function<int()>& act) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(act());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("a wait without a stop lasts its time") {
    StopFlag flag;
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(flag.wait_for(20ms));
    CHECK(std::chrono::steady_clock::now() - begin >= 20ms);
    CHECK_FALSE(flag.is_set());
}

TEST_CASE("a stop shortens the wait of every thread, and stays") {
    StopFlag flag;
    std::array<std::thread, 3> threads;
    std::atomic<int> stopped{0};
    for (std::thread& thread : threads) {
        thread = std::thread([&] { stopped += flag.wait_for(1h) ? 1 : 0; });
    }
    flag.set();
    for (std::thread& thread : threads) thread.join();
    CHECK(stopped == 3);
    CHECK(flag.wait_for(1h));
    pollfd event{flag.descriptor(), POLLIN, 0};
    CHECK(::poll(&event, 1, 0) == 1);
}

TEST_CASE("SIGTERM, SIGINT and SIGHUP set the flag and end the wait") {
    for (const int signal_number : {SIGTERM, SIGINT, SIGHUP}) {
        CHECK(exit_status_of([&] {
                  StopFlag& flag = stop_on_signals();
                  std::thread killer([&] { ::kill(::getpid(), signal_number); });
                  const bool stopped = flag.wait_for(1h);
                  killer.join();
                  return stopped ? 42 : 1;
              }) == 42);
    }
}

TEST_CASE("a second SIGINT ends the program, a second SIGTERM does not") {
    const auto twice = [](int signal_number) {
        return exit_status_of([&] {
            std::ignore = stop_on_signals();
            ::raise(signal_number);
            ::raise(signal_number);
            return 42;
        });
    };
    CHECK(twice(SIGINT) == 128 + SIGINT);
    CHECK(twice(SIGTERM) == 42);
}

TEST_CASE("a signal ignored before, as under nohup, stays ignored") {
    CHECK(exit_status_of([] {
              ::signal(SIGHUP, SIG_IGN);
              StopFlag& flag = stop_on_signals();
              ::raise(SIGHUP);
              return flag.is_set() ? 1 : 42;
          }) == 42);
}
