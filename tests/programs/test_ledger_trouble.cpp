// A ledger that is missing, of somebody else, newer, or not to be written: nothing is sent.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

using namespace domspool::test;

namespace {

constexpr uid_t kNobody = 65534;

std::string two_orders(const Shop& shop) {
    return shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
}

// Whoever orders or looks is told the same, and the registrar is not asked.
void check_refused(Shop& shop, int code, const std::string& told) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> calls = {
        {"domain-register", {shop / "orders.csv"}},
        {"pending-check", {"--now"}},
        {"domain-orders", {"list"}}};
    for (const auto& [program, arguments] : calls) {
        CAPTURE(program);
        const ProgramEnd end = shop.run(program, arguments);
        CAPTURE(end.err);
        CHECK(end.code == code);
        CHECK(end.err.find(told) != std::string::npos);
    }
    CHECK(shop.registrar().calls().empty());
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
