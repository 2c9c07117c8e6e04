// Orders that ended long ago, taken out of the ledger: nothing is lost, and all is recognised.
#include "support/holds.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <signal.h>
#include <sys/stat.h>

using namespace domspool::test;

namespace {

namespace fs = std::filesystem;

void sqlite(const Shop& shop, const std::string& statement) {
    const ProgramEnd end =
        run_program({.program = "/usr/bin/sqlite3", .arguments = {shop / "ledger.db", statement}});
    CAPTURE(end.err);
    REQUIRE(end.code == 0);
}

std::string asked(const std::string& file, const std::string& question) {
    const ProgramEnd end =
        run_program({.program = "/usr/bin/sqlite3", .arguments = {file, question}});
    CAPTURE(end.err);
    REQUIRE(end.code == 0);
    return end.out.substr(0, end.out.find('\n'));
}

std::string number_of(const std::string& file, const std::string& table) {
    return asked(file, "SELECT COUNT(*) FROM " + table);
}

std::vector<std::string> archives_of(const Shop& shop) {
    std::vector<std::string> paths;
    for (const auto& entry : fs::directory_iterator(shop.folder())) {
        if (holds(entry.path().filename().string(), ".archive-")) {
            paths.push_back(entry.path().string());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

const std::string kOrders =
    "reference,domain,years,owner.firstName,owner.lastName,owner.address1,owner.zipCode,"
    "owner.city,owner.country,owner.phone,owner.email,owner.language,lock\n"
    "K-1,first-shop.com,1,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    "on\n"
    "K-2,taken-shop.com,1,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    "\n"
    ",third-shop.com,1,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    "on\n";

// A file done 500 days ago and reported, and one of today.
class OldShop : public Shop {
  public:
    OldShop()
        : Shop({{"report.sendmail", "/bin/true"},
                {"report.from", "domains@example.net"},
                {"report.to", "[ops@example.net]"}}) {
        old_ = write("old.csv", kOrders);
        std::ignore = run("domain-register", {old_});
        CHECK(run("domain-orders", {"list"}).code == 0);
        sqlite(*this, "UPDATE batches SET taken_at = '2025-01-02T03:04:05.678Z'");
        sqlite(*this, "UPDATE orders SET ended_at = '2025-01-02T03:04:06.678Z'");
        young_ = write("young.csv", registrations({"young-shop.com"}));
        CHECK(run("domain-register", {young_}).code == 0);
    }
    void report() {
        sqlite(*this,
               "INSERT INTO reports (message_id, begun_at, accepted_at, is_open) VALUES "
               "('m', '2025-01-03T00:00:00.000Z', '2025-01-03T00:00:00.000Z', 0)");
        sqlite(*this, "UPDATE events SET report_id = 1");
    }
    const std::string& old_file() const { return old_; }

  private:
    std::string old_, young_;
};

}  // namespace

TEST_CASE("what ended long ago leaves into a file of its own, and is recognised all the same") {
    OldShop shop;
    shop.report();
    const std::string shown = shop.run("domain-orders", {"show", "1"}).out;
    const std::string result = shop.run("domain-orders", {"result", "1"}).out;
    const std::string list = shop.run("domain-orders", {"list", "--json"}).out;
    const ProgramEnd end = shop.run("domain-orders", {"archive", "--verbose"});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(holds(end.out, "archived the history of 3 orders in "));
    REQUIRE(archives_of(shop).size() == 1);
    const std::string archive = archives_of(shop).front();
    struct stat about {};
    REQUIRE(::stat(archive.c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0600);

    // All is in the archive, and reads as it did.
    CHECK(number_of(archive, "orders") == "3");
    CHECK(shop.run("domain-orders", {"show", "1", "--archive", archive}).out == shown);
    CHECK(shop.run("domain-orders", {"result", "1", "--archive", archive}).out == result);
    CHECK(holds(shop.run("domain-orders", {"list", "--archive", archive}).out, "third-shop.com"));
    // In the ledger is one row of each, and the operations are owned as before.
    const std::string ledger = shop / "ledger.db";
    CHECK(shop.run("domain-orders", {"list", "--json"}).out == list);
    CHECK(number_of(ledger, "batch_rows") == "1");
    CHECK(number_of(ledger, "events WHERE order_id < 4") == "0");
    CHECK(number_of(ledger, "operations WHERE order_id < 4") == number_of(archive, "operations"));
    CHECK(holds(shop.run("domain-orders", {"show", "1"}).out, "--archive " + archive));
    const ProgramEnd no_result = shop.run("domain-orders", {"result", "1"});
    CHECK(no_result.code == 1);
    CHECK(holds(no_result.err, "--archive " + archive));
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);

    // The same file, the same references, the same domains.
    CHECK(shop.run("domain-register", {shop.old_file()}).code == 65);
    const std::string again = shop.write("again.csv", kOrders + "#end,3,,,,,,,,,,,\n");
    std::ignore = shop.run("domain-register", {again});
    CHECK(shop.times_executed("domainCreate", "first-shop.com") == 1);
    CHECK(shop.times_executed("domainCreate", "third-shop.com") == 1);
    const auto rows = csv_records(read_text(shop / "again.result.csv"));
    REQUIRE(rows.size() == 5);
    CHECK(rows[4].front() == "#end");
    CHECK(std::count(rows[1].begin(), rows[1].end(), "skipped") == 1);
    CHECK(shop.times_executed("contactCreate") == 1);
    // A second time there is nothing left.
    CHECK(shop.run("domain-orders", {"archive"}).out == "");
    CHECK(archives_of(shop).size() == 1);
}

TEST_CASE("what a report has still to tell, what is young or under watch stays") {
    OldShop shop;
    SUBCASE("not reported") {
        const ProgramEnd end = shop.run("domain-orders", {"archive", "--verbose"});
        CHECK(end.code == 0);
        CHECK(holds(end.out, "1 file stays"));
    }
    SUBCASE("a person's word is watched") {
        shop.report();
        sqlite(shop,
               "INSERT INTO watched_words VALUES (2, 1, 'done', 'seen', "
               "'2025-01-01T00:00:00.000Z', '2025-01-02T00:00:00.000Z')");
        CHECK(holds(shop.run("domain-orders", {"archive", "--verbose"}).out, "nothing"));
    }
    SUBCASE("an EPP code is kept") {
        shop.report();
        sqlite(shop, "UPDATE orders SET auth_code = 'x' WHERE order_id = 2");
        CHECK(holds(shop.run("domain-orders", {"archive", "--verbose"}).out, "nothing"));
    }
    SUBCASE("not old enough") {
        shop.report();
        const ProgramEnd end =
            shop.run("domain-orders", {"archive", "--older-than", "4000d", "--verbose"});
        CHECK(holds(end.out, "nothing"));
    }
    CHECK(archives_of(shop).empty());
    CHECK(number_of(shop / "ledger.db", "batch_rows") == "4");
}

TEST_CASE("a time below 90 days, a run at work or an archive as a ledger are refused") {
    OldShop shop;
    shop.report();
    CHECK(shop.run("domain-orders", {"archive", "--older-than", "89d"}).code == 64);
    CHECK(shop.run("domain-orders", {"archive", "--older-than", "12h"}).code == 64);
    CHECK(shop.run("domain-orders", {"archive", "--older-than", "90d"}).code == 0);
    REQUIRE(archives_of(shop).size() == 1);
    const std::string archive = archives_of(shop).front();
    CHECK(shop.run("domain-orders", {"restore-ledger", archive}).code == 78);
    shop.write_settings({{"ledger", archive}});
    CHECK(shop.run("domain-register", {shop.old_file()}).code == 78);
    shop.write_settings({});
    CHECK(shop.run("domain-orders", {"list", "--archive", shop / "ledger.db"}).code == 78);
    CHECK(shop.run("domain-orders", {"list", "--archive", shop / "none"}).code == 78);
}

TEST_CASE("killed on its way nothing is lost, and the next archiving ends it") {
    for (const char* point : {"archive_written:1", "archive_cut:1"}) {
        CAPTURE(point);
        OldShop shop;
        shop.report();
        const std::string list = shop.run("domain-orders", {"list", "--json"}).out;
        CHECK(shop.run_until(point, "domain-orders", {"archive"}).signal == SIGKILL);
        REQUIRE(archives_of(shop).size() == 1);
        CHECK(number_of(archives_of(shop).front(), "orders") == "3");
        CHECK(shop.run("domain-orders", {"verify"}).code == 0);
        CHECK(shop.run("domain-orders", {"archive"}).code == 0);
        CHECK(number_of(shop / "ledger.db", "batch_rows") == "1");
        CHECK(shop.run("domain-orders", {"list", "--json"}).out == list);
        CHECK(shop.run("domain-orders", {"verify"}).code == 0);
    }
}

TEST_CASE("an archiving that was killed leaves no copy behind after the next") {
    OldShop shop;
    shop.report();
    const std::string copy = shop / "ledger.db.archiving";
    CHECK(shop.run_until("archive_copied:1", "domain-orders", {"archive"}).signal == SIGKILL);
    CHECK(std::filesystem::exists(copy));
    CHECK(archives_of(shop).empty());
    CHECK(shop.run("domain-orders", {"archive"}).code == 0);
    REQUIRE(archives_of(shop).size() == 1);
    CHECK(number_of(archives_of(shop).front(), "orders") == "3");
    for (const auto& entry : std::filesystem::directory_iterator(shop.folder())) {
        CHECK(entry.path().string().find(".archiving") == std::string::npos);
    }
}
