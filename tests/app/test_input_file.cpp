#include "app/input_file.h"
#include "support/scratch.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace domspool;
using domspool::test::Scratch;
using domspool::test::write_text;

namespace {

std::string all_of(std::istream& in) {
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

ExitCode code_of(const std::string& name, std::size_t max_bytes = 1000) {
    try {
        open_input(name, max_bytes);
    } catch (const RunFailure& failure) {
        return failure.code();
    }
    return ExitCode::all_well;
}

// Standard input of this process, for as long as it lives.
class InputFrom {
  public:
    explicit InputFrom(int descriptor) : before_(::dup(STDIN_FILENO)) {
        ::dup2(descriptor, STDIN_FILENO);
    }
    ~InputFrom() {
        ::dup2(before_, STDIN_FILENO);
        ::close(before_);
    }

  private:
    int before_;
};

}  // namespace

TEST_CASE("a file is read twice") {
    const Scratch scratch;
    write_text(scratch / "a.csv", "one\ntwo\n");
    const InputFile file = open_input(scratch / "a.csv", 1000);
    CHECK(file.is_regular);
    CHECK(all_of(*file.stream) == "one\ntwo\n");
    file.stream->clear();
    file.stream->seekg(0);
    CHECK(all_of(*file.stream) == "one\ntwo\n");
}

TEST_CASE("a file that is not there, a folder and a file without rights differ") {
    const Scratch scratch;
    CHECK(code_of(scratch / "none.csv") == ExitCode::file_not_found);
    CHECK(code_of(scratch.path().string()) == ExitCode::file_refused);
    write_text(scratch / "a.csv", "x");
    REQUIRE(::chmod((scratch / "a.csv").c_str(), 0) == 0);
    if (::geteuid() != 0) CHECK(code_of(scratch / "a.csv") == ExitCode::no_permission);
}

TEST_CASE("a file above the limit is refused by its size, before a byte of it is read") {
    const Scratch scratch;
    write_text(scratch / "a.csv", std::string(1000, 'x'));
    CHECK(code_of(scratch / "a.csv", 1000) == ExitCode::all_well);
    CHECK(code_of(scratch / "a.csv", 999) == ExitCode::file_refused);
    // A terabyte of holes: who reads it does not come back.
    std::filesystem::resize_file(scratch / "a.csv", std::uintmax_t{1} << 40);
    CHECK(code_of(scratch / "a.csv", 64u << 20) == ExitCode::file_refused);
}

TEST_CASE("standard input is kept so that it can be read twice") {
    const Scratch scratch;
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], "piped\n", 6) == 6);
    ::close(ends[1]);
    const InputFrom pipe(ends[0]);
    const InputFile file = open_input("-", 1000);
    ::close(ends[0]);
    CHECK_FALSE(file.is_regular);
    CHECK(all_of(*file.stream) == "piped\n");
    file.stream->clear();
    file.stream->seekg(0);
    CHECK(all_of(*file.stream) == "piped\n");
}

TEST_CASE("what is piped leaves no file behind and has a limit") {
    const Scratch scratch;
    ::setenv("TMPDIR", scratch.path().c_str(), 1);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const std::string text(600, 'x');
    REQUIRE(::write(ends[1], text.data(), text.size()) == 600);
    ::close(ends[1]);
    {
        const InputFrom pipe(ends[0]);
        CHECK(code_of("-", 599) == ExitCode::file_refused);
    }
    ::close(ends[0]);
    CHECK(std::filesystem::is_empty(scratch.path()));
    ::unsetenv("TMPDIR");
}

TEST_CASE("a named pipe without a writer is empty and holds nobody up") {
    const Scratch scratch;
    REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
    const InputFile file = open_input(scratch / "pipe", 1000);
    CHECK_FALSE(file.is_regular);
    CHECK(all_of(*file.stream).empty());
}

TEST_CASE("a pipe whose writer says nothing more is given up in the end") {
    const Scratch scratch;
    const std::string path = scratch / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const int ours = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    const int writer = ::open(path.c_str(), O_WRONLY);
    REQUIRE(::write(writer, "a row", 5) == 5);
    const auto code_after_a_second = [](const std::string& name) {
        const auto begun = std::chrono::steady_clock::now();
        try {
            open_input(name, 1000, std::chrono::seconds(1));
        } catch (const RunFailure& failure) {
            CHECK(std::string(failure.what()).find("nothing came for 1 seconds") !=
                  std::string::npos);
            CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::seconds(1));
            return failure.code();
        }
        return ExitCode::all_well;
    };
    CHECK(code_after_a_second(path) == ExitCode::try_later);
    {
        const InputFrom pipe(ours);
        CHECK(code_after_a_second("-") == ExitCode::try_later);
    }
    ::close(writer);
    ::close(ours);
}

TEST_CASE("a writer that takes its time is waited for") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    std::thread writer([&] {
        for (const char* part : {"a ", "slow ", "row"}) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            REQUIRE(::write(ends[1], part, std::strlen(part)) > 0);
        }
        ::close(ends[1]);
    });
    const std::string as_bash_names_it = "/dev/fd/" + std::to_string(ends[0]);
    const InputFile file = open_input(as_bash_names_it, 1000, std::chrono::seconds(60));
    writer.join();
    ::close(ends[0]);
    CHECK(all_of(*file.stream) == "a slow row");
}

TEST_CASE("no folder for the temporary file is told") {
    ::setenv("TMPDIR", "/nonexistent", 1);
    const int nothing = ::open("/dev/null", O_RDONLY);
    {
        const InputFrom null(nothing);
        CHECK(code_of("-") == ExitCode::cannot_create);
    }
    ::close(nothing);
    ::unsetenv("TMPDIR");
}
