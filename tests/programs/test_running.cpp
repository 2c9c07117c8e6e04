#include "support/running_program.h"

#include <doctest/doctest.h>

#include <signal.h>
#include <thread>

using namespace domspool::test;

namespace {

ProgramCall shell(const std::string& script) {
    return {.program = "/bin/sh", .arguments = {"-c", script}};
}

}  // namespace

TEST_CASE("a program's end, its outputs and its input come apart") {
    ProgramCall call = shell("cat; echo news; echo trouble >&2; exit 3");
    call.input = "given\n";
    const ProgramEnd end = run_program(call);
    CHECK(end.code == 3);
    CHECK(end.signal == 0);
    CHECK(end.out == "given\nnews\n");
    CHECK(end.err == "trouble\n");
    CHECK(end.peak_kilobytes > 100);
}

TEST_CASE("a program gets its own environment and folder and nothing of the test's") {
    ::setenv("OF_THE_TEST", "1", 1);
    ProgramCall call = shell("pwd; echo \"$GIVEN-$OF_THE_TEST\"");
    call.environment["GIVEN"] = "a b";
    call.folder = "/usr";
    CHECK(run_program(call).out == "/usr\na b-\n");
}

TEST_CASE("much output does not stop a program that nobody reads from") {
    CHECK(run_program(shell("head -c 3000000 /dev/zero")).out.size() == 3'000'000);
}

TEST_CASE("on a terminal the outputs are one, and wide as it says") {
    ProgramCall call = shell(
        "test -t 1 && test -t 2 && stty size; head -c 20000 /dev/zero; "
        "echo trouble >&2; exit 1");
    call.on_terminal = true;
    const ProgramEnd end = run_program(call);
    CHECK(end.code == 1);
    CHECK(end.err.empty());
    CHECK(end.out == "40 100\r\n" + std::string(20'000, '\0') + "trouble\r\n");
}

TEST_CASE("a program that does not end is killed and told") {
    ProgramCall call = shell("echo before; exec sleep 600");
    call.time_limit = std::chrono::seconds(1);
    CHECK_THROWS_WITH_AS(run_program(call), "/bin/sh does not end; it wrote: before\n",
                         std::runtime_error);
}

TEST_CASE("a running program is killed by a signal, and its end says so") {
    RunningProgram program(shell("echo up; exec sleep 600"));
    while (program.out_so_far() != "up\n") std::this_thread::yield();
    program.send(SIGKILL);
    const ProgramEnd end = program.wait();
    CHECK(end.signal == SIGKILL);
    CHECK(end.code == -1);
}

TEST_CASE("a full disk is a write that fails") {
    ProgramCall call = shell("head -c 5000 /dev/zero");
    call.file_size_limit = 1000;
    const ProgramEnd end = run_program(call);
    CHECK(end.code != 0);
    CHECK(end.signal == 0);
    CHECK(end.out.size() == 1000);
}
