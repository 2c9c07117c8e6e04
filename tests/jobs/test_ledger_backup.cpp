#include "jobs/ledger_backup.h"
#include "store/connection.h"
#include "support/small_ledger.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sys/stat.h>

using namespace domspool;
using namespace domspool::test;

namespace {

namespace fs = std::filesystem;

const UtcTime kNow = *from_iso("2026-11-25T08:15:00.000Z");

std::string backup_folder(const SmallLedger& small) {
    const std::string folder = small.scratch / "backup";
    fs::create_directory(folder);
    return folder;
}

}  // namespace

TEST_CASE("a backup is a ledger under a dated name, readable by nobody else") {
    SmallLedger small;
    const BatchId batch = small.add_batch({SmallLedger::good_row(2, "a.example")});
    const std::string folder = backup_folder(small);
    const BackupReport report = back_up_ledger(small.path(), folder, 14, kNow);
    CHECK(report.path == folder + "/ledger-20261125T081500Z.db");
    CHECK(report.pruned.empty());
    struct stat about {};
    REQUIRE(::stat(report.path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    store::Connection copy(report.path, {store::Access::read_only});
    auto& row = copy.prepare("SELECT COUNT(*) FROM orders WHERE batch_id = $1");
    row.bind(batch);
    REQUIRE(row.next_row());
    CHECK(row.integer(0) == 1);
}

TEST_CASE("old backups of this ledger go, and nothing else") {
    SmallLedger small;
    const std::string folder = backup_folder(small);
    const std::vector<std::string> kept = {
        "ledger-20261124T081500Z.db",     // young enough
        "ledger-20261111T081500Z.db",     // 14 days old to the second
        "ledger-20250101T000000Z.db.gz",  // a person packed it
        "ledger-20250101.db",             // another's name
        "ledger-20251399T000000Z.db",     // no date
        "ledger-before-migration.db",
        "other-20250101T000000Z.db",  // of another ledger
        "notes.txt",
    };
    for (const std::string& name : kept) write_text(folder + "/" + name, "kept");
    write_text(folder + "/ledger-20261111T081459Z.db", "old");
    write_text(folder + "/ledger-20250101T000000Z.db", "very old");
    fs::create_directory(folder + "/ledger-20250102T000000Z.db");
    fs::create_symlink("notes.txt", folder + "/ledger-20250103T000000Z.db");
    const BackupReport report = back_up_ledger(small.path(), folder, 14, kNow);
    CHECK(report.pruned == std::vector<std::string>{folder + "/ledger-20250101T000000Z.db",
                                                    folder + "/ledger-20261111T081459Z.db"});
    for (const std::string& name : kept) CHECK(fs::exists(folder + "/" + name));
    CHECK(fs::is_directory(folder + "/ledger-20250102T000000Z.db"));
    CHECK(fs::is_symlink(folder + "/ledger-20250103T000000Z.db"));
}

TEST_CASE("a backup that fails removes no old one") {
    SmallLedger small;
    const std::string folder = backup_folder(small);
    write_text(folder + "/ledger-20250101T000000Z.db", "the only one");
    CHECK_THROWS(back_up_ledger(small.scratch / "gone.db", folder, 14, kNow));
    CHECK_THROWS(back_up_ledger(small.scratch / "ledger.txt", folder, 14, kNow));
    CHECK(fs::exists(folder + "/ledger-20250101T000000Z.db"));
}

TEST_CASE("a backup is never written over another one") {
    SmallLedger small;
    const std::string folder = backup_folder(small);
    write_text(folder + "/ledger-20261125T081500Z.db", "of the same second");
    CHECK_THROWS(back_up_ledger(small.path(), folder, 14, kNow));
    CHECK(read_text(folder + "/ledger-20261125T081500Z.db") == "of the same second");
}
