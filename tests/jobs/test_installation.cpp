#include "jobs/installation.h"
#include "spool/folder_safety.h"
#include "spool/spool_layout.h"
#include "support/not_run.h"
#include "support/scratch.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

using namespace domspool;
using namespace domspool::test;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    return about.st_mode & 07777;
}

}  // namespace

TEST_CASE("folders are made with their rights, whatever the umask, and only once") {
    Scratch scratch;
    const mode_t before = ::umask(0077);
    std::vector<SpoolFolder> wanted;
    for (const SpoolFolder& folder : spool_folders(scratch / "var/spool/domspool")) {
        wanted.push_back({folder.path, folder.mode, 0});
    }
    CHECK(make_folders(wanted, "").made.size() == 5);
    ::umask(before);
    CHECK(mode_of(scratch / "var/spool") == 0755);
    CHECK(mode_of(scratch / "var/spool/domspool") == 0711);
    CHECK(mode_of(scratch / "var/spool/domspool/incoming") == 02770);
    CHECK(mode_of(scratch / "var/spool/domspool/active") == 0700);
    CHECK(mode_of(scratch / "var/spool/domspool/done") == 0700);
    CHECK(mode_of(scratch / "var/spool/domspool/refused") == 0700);
    const FolderReport again = make_folders(wanted, "");
    CHECK(again.made.empty());
    CHECK(again.unsafe.empty());
}

TEST_CASE("a folder that is there keeps its rights; open ones are named with what mends them") {
    Scratch scratch;
    const std::string folder = scratch / "ledger", readable = scratch / "readable";
    REQUIRE(::mkdir(folder.c_str(), 0700) == 0);
    REQUIRE(::chmod(folder.c_str(), 0777) == 0);
    REQUIRE(::mkdir(readable.c_str(), 0700) == 0);
    REQUIRE(::chmod(readable.c_str(), 0755) == 0);
    const FolderReport report = make_folders({{folder, 0700, 0}, {readable, 0700, 0}}, "");
    CHECK(report.made.empty());
    REQUIRE(report.unsafe.size() == 1);
    CHECK(report.unsafe.front() ==
          "'" + folder + "' can be written to by others; run: chmod 0700 '" + folder + "'");
    CHECK(mode_of(folder) == 0777);
}

TEST_CASE("what no run of the spool accepts is named here too") {
    const Scratch scratch;
    const std::string spool = scratch / "spool";
    std::vector<SpoolFolder> wanted;
    for (const SpoolFolder& folder : spool_folders(spool)) {
        wanted.push_back({folder.path, folder.mode, folder.forbidden});
    }
    REQUIRE(make_folders(wanted, "").unsafe.empty());
    require_safe_spool(spool);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        for (const mode_t open : {0001, 0002, 0004, 0010, 0020, 0040}) {
            const mode_t mode = wanted[i].mode | open;
            REQUIRE(::chmod(wanted[i].path.c_str(), mode) == 0);
            CAPTURE(wanted[i].path);
            CAPTURE(mode);
            bool is_refused = false;
            try {
                require_safe_spool(spool);
            } catch (const RunFailure&) {
                is_refused = true;
            }
            CHECK(make_folders(wanted, "").unsafe.empty() != is_refused);
            const bool is_well = check_folders(wanted).front().verdict == Finding::Verdict::ok;
            CHECK(is_well != is_refused);
        }
        REQUIRE(::chmod(wanted[i].path.c_str(), wanted[i].mode) == 0);
    }
}

TEST_CASE("a file in a folder's place, or a user who is not there, is said") {
    Scratch scratch;
    write_text(scratch / "file", "");
    CHECK_THROWS_AS(make_folders({{scratch / "file", 0700, 0}}, ""), RunFailure);
    CHECK_THROWS_AS(make_folders({{scratch / "file/below", 0700, 0}}, ""), RunFailure);
    if (::geteuid() == 0) {
        CHECK_THROWS_AS(make_folders({}, "no-such-user-here"), RunFailure);
    }
}

TEST_CASE("root gives the folders it makes to the user of the service") {
    if (::geteuid() != 0) return not_run("only root can give folders away");
    Scratch scratch;
    make_folders({{scratch / "ledger", 0700, 0}}, "nobody");
    struct stat about {};
    REQUIRE(::stat((scratch / "ledger").c_str(), &about) == 0);
    CHECK(about.st_uid != 0);
    CHECK(about.st_gid != 0);
}
