#include "support/fixed_clock.h"
#include "support/scratch.h"
#include "util/failure.h"
#include "util/log.h"
#include "util/redact.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace domspool;
using domspool::test::FixedClock;

namespace {

const std::string kNow = "2026-11-24T17:15:23.123Z";

std::string line_of(const LogFields& fields) {
    return log_line(*from_iso(kNow), "spool-run", Severity::info, "tried", fields);
}

const std::string kBegin = kNow + " spool-run info tried";

}  // namespace

TEST_CASE("one event is one line, with values quoted where they need it") {
    CHECK(line_of({}) == kBegin);
    CHECK(line_of({{"order", 12}, {"domain", "example.com"}}) ==
          kBegin + " order=12 domain=example.com");
    CHECK(line_of({{"message", "not \"free\""}, {"empty", ""}}) ==
          kBegin + R"( message="not \"free\"" empty="")");
    CHECK(line_of({{"a", "x=y"}, {"b", "\\"}}) == kBegin + R"( a="x=y" b="\\")");
    CHECK(line_of({{"name", "b\u00fccher"}}) == kBegin + " name=\"b\u00fccher\"");
}

TEST_CASE("no value can begin a line of its own or drive a terminal") {
    CHECK(line_of({{"m", "a\n2026 forged\x1b[0m\xff"}}) ==
          kBegin + R"( m="a\n2026 forged\x1b[0m\xff")");
}

TEST_CASE("a remembered secret does not reach the line") {
    redact::remember(Secret("marmot \"9\""));
    CHECK(line_of({{"m", "login marmot \"9\" refused"}}) ==
          kBegin + " m=\"login (secret) refused\"");
}

TEST_CASE("a number of ours stays, even if a secret has the same digits") {
    redact::remember(Secret("70431"));
    CHECK(line_of({{"operation", 70431}, {"message", "code 70431"}, {"text", "70431"}}) ==
          kBegin + " operation=70431 message=\"code (secret)\" text=(secret)");
}

TEST_CASE("an endless value is cut, and says so") {
    const std::string line = line_of({{"m", std::string(100'000, 'x')}});
    CHECK(line.size() < 4200);
    CHECK(line.ends_with("xxx..."));
}

TEST_CASE("lines go to a file of mode 0640, and to a new one after rotation") {
    test::Scratch scratch;
    const FixedClock clock(kNow);
    const mode_t before = ::umask(0077);
    FileLog log(scratch / "log", "spool-run", Severity::info, clock);
    log.info("one");
    std::filesystem::rename(scratch / "log", scratch / "log.1");
    log.warning("two", {{"order", 7}});
    ::umask(before);
    CHECK(test::read_text(scratch / "log.1") == "2026-11-24T17:15:23.123Z spool-run info one\n");
    CHECK(test::read_text(scratch / "log") ==
          "2026-11-24T17:15:23.123Z spool-run warning two order=7\n");
    for (const char* name : {"log", "log.1"}) {
        struct stat about {};
        REQUIRE(::stat((scratch / name).c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0640);
    }
    CHECK_FALSE(log.has_lost_lines());
}

TEST_CASE("a file copied and cut by log rotation is written on from its new end") {
    const test::Scratch scratch;
    const FixedClock clock(kNow);
    FileLog log(scratch / "x.log", "test", Severity::info, clock);
    log.info("first");
    std::filesystem::copy_file(scratch / "x.log", scratch / "x.log.1");
    REQUIRE(::truncate((scratch / "x.log").c_str(), 0) == 0);
    log.info("second");
    // No hole of zeros where the first line was.
    CHECK(test::read_text(scratch / "x.log") == "2026-11-24T17:15:23.123Z test info second\n");
    CHECK(test::read_text(scratch / "x.log.1").ends_with("first\n"));
    CHECK_FALSE(log.has_lost_lines());
}

TEST_CASE("less than the level is not written") {
    test::Scratch scratch;
    const FixedClock clock(kNow);
    const auto log = open_log(scratch / "log", "spool-run", Severity::error, clock);
    log->info("one");
    log->warning("two");
    log->error("three");
    CHECK(test::read_text(scratch / "log") == "2026-11-24T17:15:23.123Z spool-run error three\n");
}

TEST_CASE("a log that cannot be opened stops the run before it begins") {
    test::Scratch scratch;
    const FixedClock clock(kNow);
    try {
        open_log(scratch / "none/log", "spool-run", Severity::info, clock);
        FAIL("opened");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::cannot_create);
    }
}

TEST_CASE("a pipe that nobody reads, in the log's place, holds nobody up") {
    const test::Scratch scratch;
    REQUIRE(::mkfifo((scratch / "log").c_str(), 0600) == 0);
    const FixedClock clock(kNow);
    CHECK_THROWS_AS(FileLog(scratch / "log", "spool-run", Severity::info, clock), RunFailure);
}

TEST_CASE("a log lost under way is noted, and nothing is thrown") {
    test::Scratch scratch;
    const FixedClock clock(kNow);
    std::filesystem::create_directory(scratch / "logs");
    FileLog log(scratch / "logs/log", "spool-run", Severity::info, clock);
    std::filesystem::remove_all(scratch / "logs");
    log.info("one");
    CHECK(log.has_lost_lines());
    std::filesystem::create_directory(scratch / "logs");
    log.info("two");
    CHECK(test::read_text(scratch / "logs/log") == "2026-11-24T17:15:23.123Z spool-run info two\n");
}

TEST_CASE("lines of several threads and programs stay whole") {
    test::Scratch scratch;
    const FixedClock clock(kNow);
    const auto write_some = [&] {
        FileLog log(scratch / "log", "p", Severity::info, clock);
        for (int i = 0; i < 50; ++i) log.info("e", {{"text", std::string(300, 'x')}});
    };
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        write_some();
        ::_exit(0);
    }
    std::thread other(write_some);
    write_some();
    other.join();
    ::waitpid(child, nullptr, 0);
    std::istringstream lines(test::read_text(scratch / "log"));
    std::string line;
    int count = 0;
    while (std::getline(lines, line)) {
        CHECK(line == "2026-11-24T17:15:23.123Z p info e text=" + std::string(300, 'x'));
        ++count;
    }
    CHECK(count == 150);
}

TEST_CASE("severities have one word each") {
    for (const Severity severity :
         {Severity::info, Severity::warning, Severity::error, Severity::fatal, Severity::panic}) {
        CHECK(severity_of(to_word(severity)) == severity);
    }
    CHECK_FALSE(severity_of("INFO").has_value());
}
