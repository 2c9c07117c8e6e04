#include "support/not_run.h"
#include "support/scratch.h"
#include "util/failure.h"
#include "util/file.h"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

using namespace domspool;

namespace {

ExitCode code_of(const std::function<void()>& act) {
    try {
        act();
    } catch (const RunFailure& failure) {
        return failure.code();
    }
    return ExitCode::all_well;
}

mode_t mode_of(const std::string& path) {
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    return about.st_mode & 07777;
}

int entries_in(const std::filesystem::path& folder) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        static_cast<void>(entry);
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("a file is written whole, with its mode, and nothing is left beside it") {
    test::Scratch scratch;
    const std::string bytes("a\0b\nc", 5);
    file::write_whole(scratch / "x", bytes, 0644);
    CHECK(test::read_text(scratch / "x") == bytes);
    CHECK(mode_of(scratch / "x") == 0644);
    file::write_whole(scratch / "x", "shorter", 0600);
    CHECK(test::read_text(scratch / "x") == "shorter");
    CHECK(mode_of(scratch / "x") == 0600);
    CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("a missing folder is said with its path") {
    test::Scratch scratch;
    try {
        file::write_whole(scratch / "no/x", "text");
        FAIL("was written");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::cannot_create);
        CHECK(std::string(failure.what()).find("no/x': no such file or directory;") !=
              std::string::npos);
    }
}

TEST_CASE("a full disk leaves the old file as it was") {
    test::Scratch scratch;
    file::write_whole(scratch / "x", "old");
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // A file size limit is the full disk everybody can have.
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{4096, 4096};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const ExitCode code =
            code_of([&] { file::write_whole(scratch / "x", std::string(10000, 'n')); });
        ::_exit(static_cast<int>(code));
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == static_cast<int>(ExitCode::cannot_write));
    CHECK(test::read_text(scratch / "x") == "old");
    CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("an existing name is never taken by place and move") {
    test::Scratch scratch;
    CHECK(file::place_whole(scratch / "x", "first"));
    CHECK_FALSE(file::place_whole(scratch / "x", "second"));
    CHECK(file::place_whole(scratch / "y", "other"));
    CHECK_FALSE(file::move_to_free_name(scratch / "y", scratch / "x"));
    CHECK(test::read_text(scratch / "x") == "first");
    CHECK(test::read_text(scratch / "y") == "other");
    CHECK(file::move_to_free_name(scratch / "y", scratch / "z"));
    CHECK(test::read_text(scratch / "z") == "other");
    CHECK(entries_in(scratch.path()) == 2);
    CHECK(code_of([&] { std::ignore = file::move_to_free_name(scratch / "y", scratch / "w"); }) ==
          ExitCode::file_not_found);
}

TEST_CASE("reading keeps to the limit and to regular files") {
    test::Scratch scratch;
    test::write_text(scratch / "x", "12345");
    CHECK(file::read_whole(scratch / "x", 5) == "12345");
    CHECK(code_of([&] { file::read_whole(scratch / "x", 4); }) == ExitCode::file_refused);
    CHECK(code_of([&] { file::read_whole(scratch / "none", 4); }) == ExitCode::file_not_found);
    CHECK(code_of([&] { file::read_whole(scratch.path(), 4); }) == ExitCode::file_refused);
    REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
    CHECK(code_of([&] { file::read_whole(scratch / "pipe", 4); }) == ExitCode::file_refused);
}

TEST_CASE("a secret file others may read is refused with the chmod that mends it") {
    test::Scratch scratch;
    test::write_text(scratch / "secret", "s3cret");
    for (const mode_t open_mode : {0640, 0604, 0620, 0602, 0610, 0601}) {
        REQUIRE(::chmod((scratch / "secret").c_str(), open_mode) == 0);
        CHECK(code_of([&] { file::require_private(scratch / "secret"); }) ==
              ExitCode::no_permission);
        CHECK(code_of([&] { file::read_private(scratch / "secret", 100); }) ==
              ExitCode::no_permission);
    }
    for (const mode_t closed_mode : {0600, 0400}) {
        REQUIRE(::chmod((scratch / "secret").c_str(), closed_mode) == 0);
        CHECK(file::read_private(scratch / "secret", 100) == "s3cret");
    }
}

TEST_CASE("a secret file of another user is refused, one of root is not") {
    if (::geteuid() != 0) return test::not_run("only root can make files of others");
    test::Scratch scratch;
    constexpr uid_t kRunner = 12345;
    constexpr uid_t kOther = 12346;
    // Group-readable by nobody, but the folder must be passable.
    REQUIRE(::chmod(scratch.path().c_str(), 0755) == 0);
    test::write_text(scratch / "secret", "s3cret");
    REQUIRE(::chmod((scratch / "secret").c_str(), 0600) == 0);
    const auto verdict_of_runner = [&](uid_t owner) {
        REQUIRE(::chown((scratch / "secret").c_str(), owner, 0) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            if (::setresuid(kRunner, kRunner, kRunner) != 0) ::_exit(99);
            ::_exit(static_cast<int>(code_of([&] { file::require_private(scratch / "secret"); })));
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        return WEXITSTATUS(status);
    };
    CHECK(verdict_of_runner(kRunner) == 0);
    CHECK(verdict_of_runner(kOther) == static_cast<int>(ExitCode::no_permission));
    // As root any owner will do, since the file is given to the user the programs become.
    CHECK(code_of([&] { file::require_private(scratch / "secret"); }) == ExitCode::all_well);
}

TEST_CASE("causes read as part of a sentence") {
    CHECK(file::cause_of(EACCES) == "permission denied");
    CHECK(file::cause_of(EIO) == "input/output error");
    CHECK(file::folder_of("a/b") == "a");
    CHECK(file::folder_of("b") == ".");
    CHECK(file::folder_of("/b") == "/");
}

TEST_CASE("a text in pieces appears whole, with its mode") {
    test::Scratch scratch;
    const std::string path = scratch / "rows.csv";
    std::string expected;
    CHECK(file::place_in_pieces(path, file::IfThere::leave, [&](const file::Append& append) {
        for (int i = 0; i < 50'000; ++i) {
            const std::string row = "row " + std::to_string(i) + "\n";
            expected += row;
            append(row);
        }
        CHECK(!std::filesystem::exists(path));
    }));
    CHECK(test::read_text(path) == expected);
    CHECK(mode_of(path) == 0600);
}

TEST_CASE("a text in pieces leaves a name that is taken, or replaces it as a whole") {
    test::Scratch scratch;
    const std::string path = scratch / "rows.csv";
    test::write_text(path, "old");
    const auto fill = [](const file::Append& append) { append("new"); };
    CHECK_FALSE(file::place_in_pieces(path, file::IfThere::leave, fill));
    CHECK(test::read_text(path) == "old");
    CHECK(file::place_in_pieces(path, file::IfThere::replace, fill));
    CHECK(test::read_text(path) == "new");
    CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("what breaks off a text in pieces leaves the file as it was") {
    test::Scratch scratch;
    const std::string path = scratch / "rows.csv";
    test::write_text(path, "old");
    CHECK_THROWS_AS(std::ignore = file::place_in_pieces(path, file::IfThere::replace,
                                                        [](const file::Append& append) {
                                                            append("half");
                                                            throw std::runtime_error("stopped");
                                                        }),
                    std::runtime_error);
    CHECK(test::read_text(path) == "old");
    CHECK(entries_in(scratch.path()) == 1);
}
