// A limit of the settings, and the command line that passes it once.
#include "support/not_run.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace domspool::test;

namespace {

const std::vector<std::string> kThree{"a-shop.com", "b-shop.com", "c-shop.com"};

// The command a message ends with, as a person pastes it into a shell.
ProgramEnd paste_last_line(const Shop& shop, const std::string& message) {
    const std::string text = message.substr(0, message.find_last_not_of('\n') + 1);
    const std::string command = text.substr(text.find_last_of('\n') + 1);
    CAPTURE(command);
    ProgramCall call = shop.call("domain-register", {});
    call.program = "/bin/sh";
    call.arguments = {"-c", command};
    return run_program(call);
}

int count_state(const Shop& shop, const std::string& state) {
    int count = 0;
    for (const auto& [domain, order] : shop.orders()) count += order.at("state") == state ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("a file above the limit of a run is not begun, and the command that takes it is told") {
    Shop shop(SettingChanges{{"limits.max_orders_per_run", "2"}});
    const std::string path = shop.write("my orders.csv", registrations(kThree));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 69);
    CHECK(speaks_as_it_ends(end));
    CHECK(shop.orders().empty());
    CHECK(shop.registrar().calls().empty());

    const ProgramEnd pasted = paste_last_line(shop, end.err);
    CAPTURE(pasted.err);
    CHECK(pasted.code == 0);
    CHECK(count_state(shop, "done") == 3);
}

TEST_CASE("files together above the limit of a run: those within it are ordered") {
    Shop shop(SettingChanges{{"limits.max_orders_per_run", "3"}});
    const std::string small = shop.write("small.csv", registrations({"d-shop.com"}));
    const std::string large = shop.write("large.csv", registrations(kThree));
    const ProgramEnd end = shop.run("domain-register", {small, large});
    CAPTURE(end.err);
    CHECK(end.code == 69);
    CHECK(end.err.find("'" + large + "' has 3 orders") != std::string::npos);
    CHECK(end.err.find("--max-orders 4") != std::string::npos);
    CHECK(count_state(shop, "done") == 1);
    CHECK(shop.orders().size() == 1);
}

TEST_CASE("the ceiling of a day is passed once by the command that is told") {
    Shop shop(SettingChanges{{"limits.max_spend_per_day", "10 EUR"}, {"registrar.lanes", "1"}});
    const std::string path = shop.write("orders.csv", registrations(kThree));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 69);
    CHECK(count_state(shop, "done") == 1);
    CHECK(end.err.find("2 of 3 orders were not sent and stay accepted") != std::string::npos);

    const ProgramEnd pasted = paste_last_line(shop, end.err);
    CAPTURE(pasted.err);
    CHECK(pasted.code == 0);
    CHECK(count_state(shop, "done") == 3);
    CHECK(shop.times_executed("domainCreate") == 3);
}

TEST_CASE("an order dearer than the limit fails before it is sent, and passes with the option") {
    Shop shop(SettingChanges{{"limits.max_price", "5 EUR"}});
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CHECK(end.code == 1);
    CHECK(shop.registrar().count_calls("domainCreate") == 0);
    CHECK(shop.run("domain-register", {path, "--again", "--max-price", "20 EUR"}).code == 0);
    CHECK(shop.times_executed("domainCreate", "a-shop.com") == 1);
}

TEST_CASE("with as far as funds go the orders that the balance covers are sent") {
    Shop shop(SettingChanges{{"registrar.lanes", "1"}}, {"--delay", "0", "--balance", "15"});
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path, "--as-far-as-funds-go"});
    CAPTURE(end.err);
    CHECK(end.code != 0);
    CHECK(shop.times_executed("domainCreate") == 1);
}

TEST_CASE("an amount without its currency, or in another one, is a usage error") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    for (const char* amount : {"50", "50 USD", "fifty EUR", "-1 EUR", ""}) {
        CAPTURE(amount);
        const ProgramEnd end =
            shop.run("domain-register", {path, std::string("--max-spend=") + amount});
        CHECK(end.code == 64);
        CHECK(end.err.find("--max-spend") != std::string::npos);
    }
    CHECK(shop.orders().empty());
}

TEST_CASE("one result file for several order files is a usage error") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    CHECK(shop.run("domain-register", {path, path, "--result", shop / "r.csv"}).code == 64);
    CHECK(shop.run("domain-register", {"-", "-"}).code == 64);
    CHECK(shop.orders().empty());
}

TEST_CASE("a file whose name does not tell what it is needs to be told") {
    Shop shop;
    const std::string path = shop.write("orders.txt", registrations({"a-shop.com"}));
    const ProgramEnd unknown = shop.run("domain-register", {path});
    CHECK(unknown.code == 65);
    CHECK(unknown.err.find("--format csv") != std::string::npos);
    CHECK(shop.run("domain-register", {path, "--format", "tsv"}).code == 64);
    CHECK(shop.run("domain-register", {path, "--format", "csv"}).code == 0);
    CHECK(count_state(shop, "done") == 1);
}

TEST_CASE("the same file named twice in one call is one batch") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path, path, "--json"});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(json_lines(end.out).size() == 1);
}

TEST_CASE("started as root, files are opened as root and orders made as the service's user") {
    if (::geteuid() != 0) return not_run("only root can become somebody else");
    const passwd* nobody = ::getpwnam("nobody");
    REQUIRE(nobody != nullptr);
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com"}));
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    for (const auto& entry : std::filesystem::directory_iterator(shop.folder())) {
        if (entry.path() == path) continue;
        REQUIRE(::chown(entry.path().c_str(), nobody->pw_uid, nobody->pw_gid) == 0);
    }
    REQUIRE(::chown(shop.folder().c_str(), nobody->pw_uid, nobody->pw_gid) == 0);
    shop.write_settings({{"user", "nobody"}});
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    struct stat result {};
    REQUIRE(::stat((shop / "orders.result.csv").c_str(), &result) == 0);
    CHECK(result.st_uid == nobody->pw_uid);
}
