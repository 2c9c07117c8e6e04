// A ledger put back finds in the spool what it does not know, with the real programs: the
// registrar's own log tells how often each thing was executed.
#include "support/holds.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <set>
#include <signal.h>

using namespace domspool::test;

namespace {

namespace fs = std::filesystem;

const std::string kOwnerColumns =
    "owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,"
    "owner.phone,owner.email,owner.language";
const std::string kNora = "Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN";

// One file with an order of each kind, three of them with something to follow.
std::string one_of_each() {
    return "order,domain,years," + kOwnerColumns +
           ",auth_code,nameservers,lock,new_auth_code\n"
           "register,new-shop.com,1," +
           kNora +
           ",,,on,\n"
           "transfer,moved-shop.com,," +
           kNora +
           ",Se-cret-1,ns1.sandbox.example ns2.sandbox.example,on,yes\n"
           "trade,sold-shop.com,," +
           kNora +
           ",,,on,\n"
           "nameservers,served-shop.com,,,,,,,,,,,,ns1.sandbox.example ns2.sandbox.example,,\n";
}

const std::vector<std::pair<std::string, std::string>> kMainCalls = {
    {"domainCreate", "new-shop.com"},
    {"domainTransferIn", "moved-shop.com"},
    {"domainTransferOwner", "sold-shop.com"},
    {"domainChangeDNS", "served-shop.com"}};

class RestoredShop : public SpoolShop {
  public:
    explicit RestoredShop(std::vector<std::string> options = {"--delay", "0"})
        : SpoolShop({{"registrar.lanes", "1"}}, std::move(options)) {
        registrar().control(
            "add-domain moved-shop.com outside authID=Se-cret-1\n"
            "add-domain sold-shop.com\n"
            "add-domain served-shop.com ns=ns1.example.net,ns2.example.net\n");
        CHECK(run("domain-orders", {"backup"}).code == 0);
    }

    void pass() { std::ignore = run("pending-check", {"--now"}); }

    // The backup takes the ledger's place, or a copy of the ledger's file without its log.
    void put_back() {
        std::string backup;
        for (const auto& entry : fs::directory_iterator(*this / "backup")) backup = entry.path();
        REQUIRE(run("domain-orders", {"restore-ledger", backup}).code == 0);
    }
    ProgramEnd reconcile() {
        const ProgramEnd end = run("domain-orders", {"reconcile"});
        CAPTURE(end.err);
        CHECK(end.code == 0);
        return end;
    }
    void check_each_executed_once() {
        for (const auto& [function, domain] : kMainCalls) {
            CAPTURE(domain);
            CHECK(times_executed(function, domain) == 1);
        }
    }
    // Of the domain's newest order.
    std::string state(const std::string& domain) {
        const auto rows =
            json_lines(run("domain-orders", {"list", "--json", "--domain", domain}).out);
        REQUIRE_FALSE(rows.empty());
        return rows.front().at("state");
    }
};

std::string archived_as(const SpoolShop& shop, const std::string& ending) {
    for (const std::string& name : shop.archived()) {
        if (name.ends_with(ending)) return name;
    }
    FAIL("nothing archived ends with " << ending);
    return "";
}

std::string path_in_archive(const SpoolShop& shop, const std::string& name) {
    for (const auto& entry : fs::recursive_directory_iterator(shop.spool() + "/done")) {
        if (entry.path().filename() == name) return entry.path().string();
    }
    return "";
}

}  // namespace

TEST_CASE("what was done since the copy is known by its result file, and nothing is sent again") {
    RestoredShop shop;
    shop.drop("mixed.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    shop.pass();
    shop.pass();
    const auto before = shop.orders();
    for (const auto& [function, domain] : kMainCalls)
        CHECK(before.at(domain).at("state") == "done");
    shop.check_each_executed_once();
    CHECK_FALSE(holds(shop.archived_text("1-mixed.csv"), "Se-cret-1"));
    const std::string result = shop.archived_text("1-mixed.result.csv");
    const std::size_t calls = shop.registrar().calls().size();

    shop.put_back();
    const ProgramEnd told = shop.reconcile();
    CHECK(holds(told.out,
                "entered 'mixed.csv' as batch 1: 4 orders had ended, 0 may have been sent"));
    CHECK(holds(told.out, "by hand"));
    const auto after = shop.orders();
    for (const auto& [function, domain] : kMainCalls) {
        CAPTURE(domain);
        for (const char* field : {"state", "order_id", "operation_id", "line", "price"}) {
            CAPTURE(field);
            CHECK(after.at(domain).at(field) == before.at(domain).at(field));
        }
    }
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
    // The file itself, as it was, is the same file, although its code was overwritten.
    shop.drop("mixed.csv", one_of_each());
    CHECK(shop.run("spool-run", {}).code == 65);
    CHECK(holds(shop.text("refused/mixed.csv.problems.txt"), "as batch 1 and is finished"));
    const std::string by_hand = shop.write("by-hand.csv", one_of_each());
    CHECK(shop.run("spool-run", {}).code == 0);
    shop.pass();
    shop.check_each_executed_once();
    CHECK(shop.times_executed("contactCreate") == 1);
    CHECK(shop.archived_text("1-mixed.result.csv") == result);
    std::size_t changes = 0;
    for (const SandboxCall& call : shop.registrar().calls()) {
        const bool is_new = call.number > static_cast<std::int64_t>(calls);
        const bool asks = call.function.starts_with("query") || call.function.ends_with("Info") ||
                          call.function.starts_with("session");
        changes += is_new && !asks ? 1 : 0;
    }
    CHECK(changes == 0);
    // New orders and files get numbers of their own.
    shop.drop("register-more.csv", registrations({"more-shop.com"}));
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.orders().at("more-shop.com").at("order_id") == "5");
    CHECK(archived_as(shop, "register-more.csv") == "2-register-more.csv");
}

TEST_CASE("without their results the orders are looked for, and a person ends what may be there") {
    RestoredShop shop;
    shop.drop("mixed.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    shop.pass();
    shop.pass();
    shop.check_each_executed_once();
    fs::remove(path_in_archive(shop, "1-mixed.result.csv"));

    shop.put_back();
    const ProgramEnd refused = shop.run("spool-run", {});
    CHECK(refused.code == 78);
    CHECK(holds(shop.reconcile().out, "0 orders had ended, 4 may have been sent"));
    for (const auto& [function, domain] : kMainCalls) CHECK(shop.state(domain) == "in_doubt");
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
    std::ignore = shop.run("spool-run", {});
    shop.pass();
    shop.pass();
    for (const char* domain : {"new-shop.com", "moved-shop.com", "sold-shop.com"}) {
        CAPTURE(domain);
        CHECK(shop.state(domain) == "held");
    }
    std::ignore = shop.run("spool-run", {});
    CHECK(shop.state("served-shop.com") == "skipped");
    for (const char* domain : {"new-shop.com", "moved-shop.com", "sold-shop.com"}) {
        CAPTURE(domain);
        CHECK(shop.run("domain-orders",
                       {"resolve", domain, "--done", "--reason", "seen in the panel"})
                  .code == 0);
        CHECK(shop.state(domain) == "done_open_ends");
        CHECK(holds(shop.orders().at(domain).at("message"), "lock"));
    }
    shop.drop("mixed.csv", one_of_each());
    CHECK(shop.run("spool-run", {}).code == 65);
    shop.check_each_executed_once();
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
}

TEST_CASE("what was never sent is sent once, with what follows it, after two looks") {
    RestoredShop shop;
    shop.drop("mixed.csv", one_of_each());
    SUBCASE("its file was archived") {
        CHECK(shop.run_until("spool_archived:1", "spool-run", {}).signal == SIGKILL);
        CHECK(shop.archived() == std::vector<std::string>{"1-mixed.csv"});
    }
    SUBCASE("its file was left in active, read") {
        CHECK(shop.run_until("batch_complete:1", "spool-run", {}).signal == SIGKILL);
        CHECK(shop.files_in("active").size() == 1);
    }
    SUBCASE("its file was left in active, not read") {
        CHECK(shop.run_until("spool_claimed:1", "spool-run", {}).signal == SIGKILL);
        CHECK(shop.files_in("active").size() == 1);
    }
    shop.put_back();
    CHECK(holds(shop.reconcile().out, "4 may have been sent"));
    std::ignore = shop.run("spool-run", {});
    for (const auto& [function, domain] : kMainCalls) CHECK(shop.times_executed(function) == 0);
    CHECK(shop.archived().front() == "1-mixed.csv");
    shop.pass();
    // The owner shown was not made here: that it is not the new one, changed since, only a person
    // can know.
    CHECK(shop.state("sold-shop.com") == "held");
    CHECK(shop.state("new-shop.com") == "in_doubt");
    shop.pass();
    CHECK(
        shop.run("domain-orders", {"resolve", "sold-shop.com", "--failed", "--reason", "not there"})
            .code == 0);
    std::ignore = shop.run("domain-orders", {"retry", "sold-shop.com"});
    std::ignore = shop.run("spool-run", {});
    for (int i = 0; i < 4; ++i) shop.pass();
    shop.check_each_executed_once();
    for (const char* domain : {"new-shop.com", "moved-shop.com"}) {
        CAPTURE(domain);
        CHECK(shop.state(domain) == "done");
        CHECK(shop.times_executed("domainSetPreference", domain) == 1);
    }
    CHECK(shop.state("served-shop.com") == "done");
    CHECK(shop.times_executed("domainAuthID", "moved-shop.com") == 1);
    CHECK(shop.times_executed("domainSetPreference", "sold-shop.com") == 1);
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
}

TEST_CASE("an operation of its result file tells how an order ended that was still pending") {
    RestoredShop shop({"--hold-pending"});
    shop.drop("mixed.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    CHECK(shop.state("moved-shop.com") == "waiting");
    CHECK(shop.state("sold-shop.com") == "waiting");
    const std::string transfer = shop.orders().at("moved-shop.com").at("operation_id");
    const std::string trade = shop.orders().at("sold-shop.com").at("operation_id");
    shop.put_back();
    CHECK(holds(shop.reconcile().out, "2 orders had ended, 2 may have been sent"));
    shop.pass();
    shop.pass();
    CHECK(shop.state("moved-shop.com") == "in_doubt");
    shop.registrar().control("finish " + transfer + "\nfail " + trade + " no thanks\n");
    shop.pass();
    CHECK(shop.state("moved-shop.com") == "done_open_ends");
    CHECK(holds(shop.orders().at("moved-shop.com").at("message"), "operation " + transfer));
    CHECK(holds(shop.orders().at("moved-shop.com").at("message"), "new_auth_code, lock"));
    CHECK(shop.state("sold-shop.com") == "failed");
    CHECK(holds(shop.orders().at("sold-shop.com").at("message"), "no thanks"));
    std::ignore = shop.run("spool-run", {});
    shop.check_each_executed_once();
}

TEST_CASE("a copy of the ledger without its log finds the files, too") {
    RestoredShop shop;
    fs::copy_file(shop / "ledger.db", shop / "old.db");
    shop.drop("mixed.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    shop.pass();
    shop.pass();
    shop.check_each_executed_once();
    for (const char* ending : {"", "-wal", "-shm"}) fs::remove(shop / "ledger.db" + ending);
    fs::copy_file(shop / "old.db", shop / "ledger.db");
    CHECK(shop.run("spool-run", {}).code == 78);
    CHECK(holds(shop.reconcile().out, "4 orders had ended"));
    shop.drop("again.csv", one_of_each());
    CHECK(shop.run("spool-run", {}).code == 65);
    shop.pass();
    shop.check_each_executed_once();
    CHECK(shop.run("domain-orders", {"reconcile"}).code == 0);
    CHECK(shop.orders().size() == 4);
}

TEST_CASE("where a ledger was lost none is made in its place, not even an empty file") {
    RestoredShop shop;
    shop.drop("mixed.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    for (const char* ending : {"", "-wal", "-shm"}) fs::remove(shop / "ledger.db" + ending);
    const ProgramEnd refused = shop.run("domain-orders", {"init"});
    CHECK(refused.code == 78);
    CHECK(holds(refused.err, "domain-orders restore-ledger"));
    CHECK_FALSE(fs::exists(shop / "ledger.db"));
    shop.put_back();
    shop.reconcile();
    CHECK(shop.orders().size() == 4);
    shop.drop("again.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    shop.pass();
    shop.check_each_executed_once();
}

TEST_CASE("files the ledger knows are not entered again, whatever was overwritten in them since") {
    RestoredShop shop({"--hold-pending"});
    shop.drop("mixed.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    shop.drop("mixed-again.csv", one_of_each());
    std::ignore = shop.run("spool-run", {});
    CHECK(archived_as(shop, "1.2-mixed.csv") == "1.2-mixed.csv");
    fs::remove_all(shop / "backup");
    fs::create_directory(shop / "backup");
    CHECK(shop.run("domain-orders", {"backup"}).code == 0);
    for (int i = 0; i < 4; ++i) {
        shop.registrar().control("finish-all\n");
        shop.pass();
    }
    CHECK(shop.state("moved-shop.com") == "done");
    CHECK_FALSE(holds(shop.archived_text("1-mixed.csv"), "Se-cret-1"));
    CHECK_FALSE(holds(shop.archived_text("1.2-mixed.csv"), "Se-cret-1"));
    shop.put_back();
    CHECK_FALSE(holds(shop.reconcile().out, "entered"));
    CHECK(shop.orders().size() == 4);
    for (int i = 0; i < 4; ++i) shop.pass();
    std::ignore = shop.run("spool-run", {});
    shop.check_each_executed_once();
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
}

TEST_CASE("a file of the archive that cannot be read stops the reconciling, and nothing is sent") {
    RestoredShop shop;
    shop.drop("register-new.csv", registrations({"new-shop.com"}));
    CHECK(shop.run("spool-run", {}).code == 0);
    const std::string archived = path_in_archive(shop, "1-register-new.csv");
    write_text(archived, "no order file\n");
    shop.put_back();
    const ProgramEnd refused = shop.run("domain-orders", {"reconcile"});
    CHECK(refused.code == 78);
    CHECK(holds(refused.err, "1-register-new.csv"));
    CHECK(holds(refused.err, "move the file out of the spool"));
    CHECK(shop.run("spool-run", {}).code == 78);
    fs::remove(archived);
    fs::remove(path_in_archive(shop, "1-register-new.result.csv"));
    shop.reconcile();
    CHECK(shop.orders().empty());
}
