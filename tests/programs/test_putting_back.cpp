// A ledger that knows less than was sent, with the real programs: the registrar's own log tells how
// often each domain was ordered.
#include "support/holds.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <signal.h>

using namespace domspool::test;

namespace {

namespace fs = std::filesystem;

std::string only_backup(const Shop& shop) {
    std::string path;
    for (const auto& entry : fs::directory_iterator(shop / "backup")) path = entry.path();
    REQUIRE_FALSE(path.empty());
    return path;
}

// Two orders are accepted, nothing is sent, and a backup is made.
std::string accept_and_back_up(Shop& shop) {
    const std::string file = shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
    CHECK(shop.run_until("batch_complete:1", "domain-register", {file}).signal == SIGKILL);
    CHECK(shop.run("domain-orders", {"backup"}).code == 0);
    return file;
}

std::string state_of(const Shop& shop, const std::string& domain) {
    return shop.orders().at(domain).at("state");
}

const SettingChanges kOneLane{{"registrar.lanes", "1"}};

}  // namespace

TEST_CASE("put back from a backup, a ledger orders nothing twice and nothing is lost") {
    Shop shop(kOneLane);
    const std::string file = accept_and_back_up(shop);
    // Of the two, one is ordered after the backup: a contact, then the first domain.
    CHECK(shop.run_until("attempt_begun:3", "domain-register", {file}).signal == SIGKILL);
    CHECK(shop.times_executed("domainCreate", "a-shop.com") == 1);
    CHECK(shop.times_executed("domainCreate") == 1);

    const ProgramEnd put_back = shop.run("domain-orders", {"restore-ledger", only_backup(shop)});
    CAPTURE(put_back.err);
    CHECK(put_back.code == 0);
    CHECK(holds(put_back.out, "domain-orders reconcile"));
    for (const char* program : {"domain-register", "pending-check"}) {
        const bool takes_file = std::string(program) == "domain-register";
        const ProgramEnd refused =
            shop.run(program, takes_file ? std::vector<std::string>{file}
                                         : std::vector<std::string>{"--now"});
        CHECK(refused.code == 78);
        CHECK(holds(refused.err, "domain-orders reconcile"));
    }
    CHECK(shop.times_executed("domainCreate") == 1);

    const ProgramEnd reconciled = shop.run("domain-orders", {"reconcile"});
    CAPTURE(reconciled.err);
    CHECK(reconciled.code == 0);
    CHECK(state_of(shop, "a-shop.com") == "in_doubt");
    std::ignore = shop.run("domain-register", {file});
    CHECK(shop.times_executed("domainCreate") == 1);

    CHECK(shop.run("pending-check", {"--now"}).code == 1);  // One is held.
    CHECK(state_of(shop, "a-shop.com") == "held");
    CHECK(state_of(shop, "b-shop.com") == "in_doubt");
    CHECK(shop.run("pending-check", {"--now"}).code == 0);
    CHECK(state_of(shop, "b-shop.com") == "accepted");
    CHECK(shop.run("domain-orders", {"cancel", "a-shop.com"}).code == 1);
    CHECK(shop.run("domain-orders", {"resolve", "1", "--done", "--reason", "seen in the panel"})
              .code == 0);
    CHECK(state_of(shop, "a-shop.com") == "done");
    std::ignore = shop.run("domain-register", {file});
    CHECK(state_of(shop, "b-shop.com") == "done");
    for (const char* domain : {"a-shop.com", "b-shop.com"}) {
        CHECK(shop.times_executed("domainCreate", domain) == 1);
    }
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
    CHECK(shop.run("domain-orders", {"reconcile"}).code == 0);
    CHECK(state_of(shop, "b-shop.com") == "done");
}

TEST_CASE(
    "copied without its log, a ledger is refused, and a file handed in again doubles nothing") {
    Shop shop(kOneLane);
    fs::copy_file(shop / "ledger.db", shop / "old.db");
    const std::string file = shop.write("orders.csv", registrations({"a-shop.com"}));
    CHECK(shop.run("domain-register", {file}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 1);
    for (const char* ending : {"", "-wal", "-shm"}) fs::remove(shop / "ledger.db" + ending);
    fs::copy_file(shop / "old.db", shop / "ledger.db");

    const ProgramEnd refused = shop.run("domain-register", {file});
    CHECK(refused.code == 78);
    CHECK(holds(refused.err, "domain-orders reconcile"));
    CHECK(shop.run("domain-orders", {"verify"}).code == 78);
    CHECK(shop.run("domain-orders", {"reconcile"}).code == 0);
    CHECK(shop.run("domain-register", {file}).code == 1);
    CHECK(holds(shop.orders().at("a-shop.com").at("message"), "in the account"));
    CHECK(shop.times_executed("domainCreate") == 1);
}

TEST_CASE("restore wants a file that is a ledger, and list shows what is foreign or as CSV") {
    Shop shop({}, {"--hold-pending"});
    CHECK(shop.run("domain-orders", {"restore-ledger"}).code == 64);
    CHECK(shop.run("domain-orders", {"restore-ledger", shop / "none.db"}).code == 78);
    CHECK(shop.run("domain-register", {shop.write("orders.csv", registrations({"slow-shop.com"}))})
              .code == 0);
    const auto rows = csv_records(shop.run("domain-orders", {"list", "--csv"}).out);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0][0] == "order_id");
    CHECK(rows[1][4] == "slow-shop.com");
    CHECK(rows[1][6] == "waiting");
    CHECK(shop.run("domain-orders", {"list", "--csv", "--json"}).code == 64);
    CHECK(shop.run("domain-orders", {"list", "--foreign", "--state", "done"}).code == 64);
    const ProgramEnd none = shop.run("domain-orders", {"list", "--foreign"});
    CHECK(none.code == 0);
    CHECK(holds(none.out, "0 operations"));
}
