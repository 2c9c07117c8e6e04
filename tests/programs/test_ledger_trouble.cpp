// A ledger that is missing, of somebody else, newer, or not to be written: nothing is sent.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace domspool::test;

namespace {

constexpr uid_t kNobody = 65534;

std::string two_orders(const Shop& shop) {
    return shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
}

using Calls = std::vector<std::pair<std::string, std::vector<std::string>>>;

Calls all_calls(const Shop& shop) {
    return {{"domain-register", {shop / "orders.csv"}},
            {"domain-register", {shop / "orders.csv", "--dry-run"}},
            {"spool-run", {}},
            {"pending-check", {"--now"}},
            {"summary-report", {"--text"}},
            {"domain-orders", {"list"}},
            {"domain-orders", {"show", "1"}},
            {"domain-orders", {"hold", "1"}},
            {"domain-orders", {"archive"}}};
}

// Whoever orders or looks is told the same, and the registrar is not asked.
void check_refused(Shop& shop, int code, const std::string& told) {
    for (const auto& [program, arguments] : all_calls(shop)) {
        CAPTURE(program);
        CAPTURE(arguments);
        const ProgramEnd end = shop.run(program, arguments);
        CAPTURE(end.err);
        CHECK(end.code == code);
        CHECK(end.err.find(told) != std::string::npos);
    }
    CHECK(shop.registrar().calls().empty());
}

// All that was written lies in the one file.
void settle_log(const Shop& shop) {
    const ProgramEnd end =
        run_program({.program = "/usr/bin/sqlite3",
                     .arguments = {shop / "ledger.db", "PRAGMA wal_checkpoint(TRUNCATE)"}});
    REQUIRE(end.code == 0);
}

void overwrite(const std::string& path, std::size_t begin, std::size_t size) {
    std::string text = read_text(path);
    REQUIRE(begin + size <= text.size());
    for (std::size_t i = begin; i < begin + size; ++i) text[i] = static_cast<char>(i * 167 + 91);
    write_text(path, text);
}

void sqlite(const Shop& shop, const std::string& statement) {
    const ProgramEnd end =
        run_program({.program = "/usr/bin/sqlite3", .arguments = {shop / "ledger.db", statement}});
    REQUIRE(end.code == 0);
}

void give_to(uid_t user, const std::filesystem::path& folder) {
    REQUIRE(::chown(folder.c_str(), user, static_cast<gid_t>(user)) == 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        REQUIRE(::chown(entry.path().c_str(), user, static_cast<gid_t>(user)) == 0);
    }
}

}  // namespace

TEST_CASE("a ledger that is not there is not made in passing") {
    Shop shop;
    two_orders(shop);
    for (const char* name : {"ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.runs"}) {
        std::filesystem::remove(shop / name);
    }
    check_refused(shop, 78, "domain-orders init");
    CHECK_FALSE(std::filesystem::exists(shop / "ledger.db"));
}

TEST_CASE("init makes the ledger once, and for its owner alone") {
    Shop shop;
    const std::string path = two_orders(shop);
    CHECK(shop.run("domain-register", {path}).code == 0);
    const ProgramEnd again = shop.run("domain-orders", {"init"});
    CHECK(again.code == 0);
    CHECK(shop.orders().size() == 2);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shop.folder())) {
        if (!entry.path().filename().string().starts_with("ledger.db")) continue;
        CAPTURE(entry.path());
        struct stat about {};
        REQUIRE(::stat(entry.path().c_str(), &about) == 0);
        CHECK((about.st_mode & 07777) == 0600);
    }
}

TEST_CASE("a ledger of another account is not touched") {
    Shop shop;
    two_orders(shop);
    shop.write_settings({{"registrar.reseller_id", "ZZ999"}});
    check_refused(shop, 78, "ZZ999");
}

TEST_CASE("a ledger of another registrar is not touched") {
    Shop shop;
    two_orders(shop);
    SandboxProcess other;
    shop.write_settings({{"registrar.endpoint", other.endpoint()}});
    check_refused(shop, 78, std::to_string(other.port()));
    CHECK(other.calls().empty());
}

TEST_CASE("a ledger newer than the program is not touched") {
    Shop shop;
    two_orders(shop);
    sqlite(shop, "INSERT INTO schema_versions (version, what) VALUES (999, 'later')");
    check_refused(shop, 78, "newer");
}

TEST_CASE("a ledger that is none is not touched") {
    Shop shop;
    two_orders(shop);
    for (const char* name : {"ledger.db-wal", "ledger.db-shm"})
        std::filesystem::remove(shop / name);
    const std::string text(8192, 'x');
    write_text(shop / "ledger.db", text);
    check_refused(shop, 78, "ledger.db");
    CHECK(read_text(shop / "ledger.db") == text);
}

TEST_CASE("a ledger cut short, emptied or without its first page is not touched") {
    Shop shop;
    two_orders(shop);
    settle_log(shop);
    std::string told = "domain-orders restore-ledger";
    SUBCASE("cut short") {
        std::filesystem::resize_file(shop / "ledger.db", 50'000);
    }
    SUBCASE("no first page") {
        overwrite(shop / "ledger.db", 0, 4096);
    }
    SUBCASE("empty") {
        std::filesystem::resize_file(shop / "ledger.db", 0);
        told = "domain-orders init";
    }
    check_refused(shop, 78, told);
    for (const char* verb : {"backup", "verify", "reconcile"}) {
        CAPTURE(verb);
        CHECK(shop.run("domain-orders", {verb}).code == 78);
    }
}

TEST_CASE("whichever page of a ledger is damaged, no order is sent twice and none in silence") {
    Shop shop(SettingChanges{{"registrar.lanes", "1"}});
    CHECK(shop.run("domain-register", {shop.write("old.csv", registrations({"old-shop.com"}))})
              .code == 0);
    sqlite(shop, "VACUUM");  // A page that is free may hold anything.
    settle_log(shop);
    const std::string good = read_text(shop / "ledger.db");
    const std::string runs = read_text(shop / "ledger.db.runs");
    constexpr std::size_t kPage = 4096;
    int refused = 0, unnoticed = 0;
    for (std::size_t page = 1; page < good.size() / kPage; page += 3) {
        CAPTURE(page);
        for (const char* ending : {"-wal", "-shm"}) {
            std::filesystem::remove(shop / "ledger.db" + ending);
        }
        write_text(shop / "ledger.db", good);
        write_text(shop / "ledger.db.runs", runs);
        overwrite(shop / "ledger.db", page * kPage, kPage);
        const std::string domain = "shop-" + std::to_string(page) + ".com";
        const std::string file = shop.write("orders.csv", registrations({domain}));
        for (int i = 0; i < 2; ++i) {
            const ProgramEnd end = shop.run("domain-register", {file, "--quiet"});
            CAPTURE(end.err);
            CHECK(speaks_as_it_ends(end));
            CHECK((end.code == 0 || end.code == 65 || end.code == 74 || end.code == 78));
            refused += end.code == 78 ? 1 : 0;
            const std::size_t sent = shop.times_executed("domainCreate", domain);
            CHECK(sent <= 1);
            if (i == 0 && end.code == 0) CHECK(sent == 1);
            unnoticed += end.code == 0 ? 1 : 0;
        }
        const ProgramEnd verified = shop.run("domain-orders", {"verify"});
        CHECK(verified.code == 78);
        CHECK(speaks_as_it_ends(verified));
    }
    CHECK(refused > 0);
    CHECK(unnoticed > 0);
}

TEST_CASE("a log whose end is lost or spoilt orders nothing twice") {
    Shop shop(SettingChanges{{"registrar.lanes", "1"}});
    const std::string path = two_orders(shop);
    // The contact and a domain are ordered; the answer of the latter is not written.
    CHECK(shop.run_until("call_returned:2", "domain-register", {path}).signal == SIGKILL);
    CHECK(shop.times_executed("domainCreate") == 1);
    const std::string log = shop / "ledger.db-wal";
    const auto size = std::filesystem::file_size(log);
    SUBCASE("its last commit is gone") {
        std::filesystem::resize_file(log, size - 100);
    }
    SUBCASE("its second half is gone") {
        std::filesystem::resize_file(log, size / 2);
    }
    SUBCASE("its last quarter is something else") {
        overwrite(log, size - size / 4, size / 4);
    }
    SUBCASE("all of it is something else") {
        overwrite(log, 0, size);
    }
    for (int i = 0; i < 3; ++i) {
        const ProgramEnd end = shop.run("domain-register", {path});
        CAPTURE(end.err);
        CHECK(speaks_as_it_ends(end));
        std::ignore = shop.run("pending-check", {"--now"});
    }
    for (const char* domain : {"a-shop.com", "b-shop.com"}) {
        CAPTURE(domain);
        CHECK(shop.times_executed("domainCreate", domain) <= 1);
    }
}

TEST_CASE("in a folder that may not be written nothing is sent, and each program says so") {
    Shop shop;
    two_orders(shop);
    settle_log(shop);
    if (::getuid() == 0) give_to(kNobody, shop.folder());
    REQUIRE(::chmod(shop.folder().c_str(), 0500) == 0);
    for (const auto& [program, arguments] : all_calls(shop)) {
        const bool looks_only =
            program == "domain-orders" && (arguments[0] == "list" || arguments[0] == "show");
        CAPTURE(program);
        CAPTURE(arguments);
        ProgramCall call = shop.call(program, arguments);
        if (::getuid() == 0) call.user = kNobody;
        const ProgramEnd end = run_program(call);
        CAPTURE(end.out);
        CAPTURE(end.err);
        CHECK(speaks_as_it_ends(end));
        if (!looks_only) CHECK((end.code == 73 || end.code == 74 || end.code == 77));
    }
    REQUIRE(::chmod(shop.folder().c_str(), 0700) == 0);
    CHECK(shop.times_executed("domainCreate") == 0);
}

TEST_CASE("a ledger that may not be written sends nothing") {
    Shop shop;
    const std::string path = two_orders(shop);
    REQUIRE(::chmod((shop / "ledger.db").c_str(), 0400) == 0);
    ProgramCall call = shop.call("domain-register", {path});
    if (::getuid() == 0) {  // Root may write everything.
        give_to(kNobody, shop.folder());
        call.user = kNobody;
    }
    const ProgramEnd end = run_program(call);
    CAPTURE(end.err);
    CHECK(end.code == 77);
    CHECK(end.err.find("ledger") != std::string::npos);
    CHECK(shop.registrar().calls().empty());
}

TEST_CASE("a ledger whose disk is full takes no order, and nothing is sent") {
    Shop shop;
    std::vector<std::string> domains;
    for (int i = 0; i < 400; ++i) domains.push_back("shop-" + std::to_string(i) + ".com");
    const std::string path = shop.write("orders.csv", registrations(domains));
    ProgramCall call = shop.call("domain-register", {path});
    call.file_size_limit = std::filesystem::file_size(shop / "ledger.db") + 20'000;
    const ProgramEnd end = run_program(call);
    CAPTURE(end.err);
    CHECK(end.code == 74);
    CHECK(speaks_as_it_ends(end));
    const std::size_t sent = shop.times_executed("domainCreate");

    const ProgramEnd again = shop.run("domain-register", {path, "--quiet"});
    CAPTURE(again.err);
    CAPTURE(sent);
    CHECK(again.code == 0);
    for (const std::string& domain : domains)
        CHECK(shop.times_executed("domainCreate", domain) == 1);
}

TEST_CASE("two programs on one ledger and one file order each domain once") {
    Shop shop(SettingChanges{{"registrar.lanes", "2"}});
    std::vector<std::string> domains;
    for (int i = 0; i < 60; ++i) domains.push_back("shop-" + std::to_string(i) + ".com");
    const std::string path = shop.write("orders.csv", registrations(domains));
    RunningProgram first(shop.call("domain-register", {path, "--result", shop / "r1.csv"}));
    RunningProgram second(shop.call("domain-register", {path, "--result", shop / "r2.csv"}));
    RunningProgram third(shop.call("pending-check", {"--now"}));
    for (RunningProgram* program : {&first, &second, &third}) {
        const ProgramEnd end = program->wait();
        CAPTURE(end.err);
        CHECK(speaks_as_it_ends(end));
        // 65: the other had finished it; 75: the other was at it.
        CHECK((end.code == 0 || end.code == 65 || end.code == 75));
    }
    // What either left because the other held it is ordered now, at the latest.
    const ProgramEnd last = shop.run("domain-register", {path});
    CAPTURE(last.err);
    CHECK((last.code == 0 || last.code == 65));
    CHECK(shop.registrar().count_calls("domainCreate") == domains.size());
    CHECK(shop.times_executed("contactCreate") == 1);
    const auto orders = shop.orders();
    for (const std::string& domain : domains) {
        CAPTURE(domain);
        CHECK(shop.times_executed("domainCreate", domain) == 1);
        CHECK(orders.at(domain).at("state") == "done");
    }
}
