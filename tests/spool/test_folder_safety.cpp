#include "spool/folder_safety.h"
#include "spool/spool_layout.h"
#include "support/scratch.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace domspool;
using namespace domspool::test;

namespace {

struct Spool {
    Spool() {
        for (const SpoolFolder& folder : spool_folders(directory)) {
            std::filesystem::create_directory(folder.path);
            REQUIRE(::chmod(folder.path.c_str(), folder.mode) == 0);
        }
    }
    Scratch scratch;
    std::string directory = scratch / "spool";
};

struct Refusal {
    ExitCode code = ExitCode::all_well;
    std::string text;
};

Refusal refusal_of(const std::string& directory) {
    try {
        require_safe_spool(directory);
    } catch (const RunFailure& failure) {
        return {failure.code(), failure.what()};
    }
    return {};
}

// The command between "run: " and the end of the line, as a person would paste it.
void run_command_in(const std::string& text) {
    const std::size_t begin = text.find("run: ") + 5;
    const std::string command = text.substr(begin, text.find('\n', begin) - begin);
    CAPTURE(command);
    REQUIRE(std::system(command.c_str()) == 0);
}

}  // namespace

TEST_CASE("folders as init makes them are safe") {
    const Spool spool;
    CHECK(refusal_of(spool.directory).code == ExitCode::all_well);
}

TEST_CASE("folders open to others are refused, and the command named mends it") {
    struct Opening {
        const char* folder;
        mode_t mode;
    };
    for (const Opening& opening :
         {Opening{"/incoming", 02777}, Opening{"/incoming", 02775}, Opening{"/active", 0750},
          Opening{"/done", 0701}, Opening{"/refused", 0777}, Opening{"", 0777}}) {
        const Spool spool;
        const std::string path = spool.directory + opening.folder;
        CAPTURE(path);
        REQUIRE(::chmod(path.c_str(), opening.mode) == 0);
        const Refusal refusal = refusal_of(spool.directory);
        CHECK(refusal.code == ExitCode::no_permission);
        CHECK(refusal.text.find("'" + path + "'") != std::string::npos);
        run_command_in(refusal.text);
        CHECK(refusal_of(spool.directory).code == ExitCode::all_well);
    }
}

TEST_CASE("a folder that is missing, or a link to another one, is no spool") {
    const Spool spool;
    std::filesystem::remove(spool.directory + "/done");
    Refusal refusal = refusal_of(spool.directory);
    CHECK(refusal.code == ExitCode::settings_or_ledger);
    CHECK(refusal.text.find("domain-orders init") != std::string::npos);
    std::filesystem::create_directory_symlink(spool.directory + "/active",
                                              spool.directory + "/done");
    refusal = refusal_of(spool.directory);
    CHECK(refusal.code == ExitCode::settings_or_ledger);
    CHECK(refusal.text.find("is no folder") != std::string::npos);
}

TEST_CASE("one program at a time moves files, and the kernel frees the place of a dead one") {
    const Spool spool;
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        SpoolLock lock(spool.directory);
        lock.take();
        std::ignore = ::write(ready[1], "x", 1);
        for (;;) ::pause();
    }
    char sign = 0;
    REQUIRE(::read(ready[0], &sign, 1) == 1);
    SpoolLock lock(spool.directory);
    CHECK_THROWS_AS(lock.take(), RunFailure);
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK_NOTHROW(lock.take());
    lock.release();
}
