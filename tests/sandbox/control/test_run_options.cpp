#include "sandbox/control/run_options.h"
#include "util/failure.h"

#include <doctest/doctest.h>

using namespace domspool;
using sandbox::read_run_options;

TEST_CASE("options are taken in both spellings") {
    const auto options =
        read_run_options({"--port", "8080", "--delay=0.25", "--hold-pending", "--misbehave",
                          "hello:delay=1", "--balance", "12.5", "--state=/x=y"});
    CHECK(options.port == 8080);
    CHECK(options.settings.delay == std::chrono::milliseconds(250));
    CHECK(options.settings.hold_pending);
    CHECK(options.settings.opening_balance_cents == 1250);
    CHECK(options.rules == std::vector<std::string>{"hello:delay=1"});
    CHECK(options.state_file == "/x=y");
}

TEST_CASE("what is no option is a usage error") {
    const std::vector<std::vector<std::string>> wrong = {{"--por", "1"},
                                                         {"--port"},
                                                         {"--port", "x"},
                                                         {"--port", "70000"},
                                                         {"--delay", "-1"},
                                                         {"state.db"},
                                                         {"--quiet=yes"},
                                                         {"--misbehave", "nonsense"},
                                                         {"--delay", "nan"},
                                                         {"--max-sessions", "0"},
                                                         {"-h"}};
    for (const auto& arguments : wrong) {
        CAPTURE(arguments.front());
        try {
            read_run_options(arguments);
            FAIL("accepted");
        } catch (const RunFailure& failure) {
            CHECK(failure.code() == ExitCode::usage);
        }
    }
}
