// A ledger in PostgreSQL: an order's day on it, its server breaking off, gone, not to be entrusted
// with money, and put back from a dump. By the registrar's own log each order is executed once.
#include "support/holds.h"
#include "support/postgresql_server.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

Scratch in_memory() {
    prefer_memory();
    return Scratch();
}

struct Place {
    Place() = default;
    Scratch scratch = in_memory();
    PostgresqlServer server{scratch / "postgresql"};
    std::string ledger = server.new_ledger(scratch.path().string());
};

SettingChanges settings_with(const std::string& ledger, const SettingChanges& more = {}) {
    SettingChanges settings = {{"ledger", ledger},
                               {"registrar.lanes", "1"},
                               // Makes the longest call 36 s: the age at which doubts are settled.
                               {"registrar.sync_delay_seconds", "1"}};
    for (const auto& [name, value] : more) settings[name] = value;
    return settings;
}

std::vector<std::string> shops(int count) {
    std::vector<std::string> domains;
    for (int i = 1; i <= count; ++i) domains.push_back("shop-" + std::to_string(i) + ".com");
    return domains;
}

int executed_in_all(Shop& shop) {
    return static_cast<int>(shop.times_executed("domainCreate"));
}

}  // namespace

TEST_CASE("an order's day with the ledger in PostgreSQL") {
    Place place;
    Shop shop(settings_with(place.ledger), {"--hold-pending"});
    const std::string file =
        shop.write("orders.csv", registrations({"now-shop.com", "slow-shop.com"}));
    const ProgramEnd foreseen = shop.run("domain-register", {file, "--dry-run"});
    CHECK(foreseen.code == 0);
    CHECK(holds(foreseen.out, "slow-shop.com"));
    CHECK(executed_in_all(shop) == 0);

    CHECK(shop.run("domain-register", {file}).code == 0);
    CHECK(shop.orders().at("now-shop.com").at("state") == "done");
    CHECK(shop.orders().at("slow-shop.com").at("state") == "waiting");
    CHECK(shop.run("domain-register", {file}).code == 0);  // Known by its content.
    CHECK(executed_in_all(shop) == 2);
    shop.registrar().control("hold off\nfinish-all\n");
    CHECK(shop.run("pending-check", {"--now"}).code == 0);
    CHECK(shop.orders().at("slow-shop.com").at("state") == "done");

    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
    CHECK(shop.run("domain-orders", {"migrate"}).code == 0);
    const ProgramEnd again = shop.run("domain-orders", {"init", "--verbose"});
    CHECK(again.code == 0);
    CHECK(holds(again.out, "already there"));
    CHECK(holds(shop.run("registrar-check", {}).out, "and can be written"));
    for (const char* verb : {"backup", "archive"}) {
        const ProgramEnd refused = shop.run("domain-orders", {verb});
        CHECK(refused.code == 78);
        CHECK(holds(refused.err, "it is in PostgreSQL"));
    }
}

TEST_CASE("another account's ledger, one never made, and one sorted by a language are refused") {
    Place place;
    Shop shop(settings_with(place.ledger));
    const auto refusal_of = [&](const std::string& verb, const SettingChanges& changes) {
        shop.write_settings(changes);
        const ProgramEnd refused = shop.run("domain-orders", {verb});
        CHECK(refused.code == 78);
        return refused.err;
    };
    const std::string files = place.scratch.path().string();
    CHECK(holds(refusal_of("init", {{"registrar.endpoint", "http://127.0.0.1:9/"}}),
                "it belongs to account"));
    CHECK(holds(refusal_of("list", {{"ledger", place.server.new_ledger(files)}}),
                "domain-orders init"));
    CHECK(holds(refusal_of("list", {{"ledger", place.server.database("none")}}),
                "database \"none\" does not exist"));
    CHECK(place.server.complaints_about(
              {"CREATE DATABASE sorted TEMPLATE template0 LOCALE 'C.UTF-8'"}) == "");
    CHECK(holds(refusal_of("list", {{"ledger", place.ledger + "&sslmod=require"}}), "sslmod"));
    CHECK(
        holds(refusal_of("init", {{"ledger", place.server.database("sorted") + "&files=" + files}}),
              "--locale=C"));
}

// Wherever its sessions are cut, its run stops; what it had sent is entered or looked for.
TEST_CASE("a run whose sessions break goes no further, and each order is executed once") {
    Place place;
    constexpr int kOrders = 40;
    Shop shop(settings_with(place.ledger), {"--misbehave", "domainCreate:delay=0.5:always"});
    const std::string file = shop.write("orders.csv", registrations(shops(kOrders)));
    int broken = 0;
    for (int sent_before = -1; executed_in_all(shop) > sent_before;) {
        sent_before = executed_in_all(shop);
        RunningProgram program(shop.call("domain-register", {file}));
        // In the midst of its orders.
        const auto patience_ends = std::chrono::steady_clock::now() + 10s;
        while (executed_in_all(shop) < sent_before + 5 &&
               std::chrono::steady_clock::now() < patience_ends &&
               executed_in_all(shop) < kOrders) {
            std::this_thread::yield();
        }
        place.server.end_sessions();
        const ProgramEnd end = program.wait();
        CHECK((end.code == 0 || end.code == 74 || end.code == 75));
        CHECK(end.signal == 0);
        broken += end.code == 0 ? 0 : 1;
        if (end.code != 0) CHECK(speaks_as_it_ends(end));
        if (executed_in_all(shop) == kOrders) break;
    }
    CHECK(broken >= 3);
    for (int pass = 0; pass < 4; ++pass) {
        shop.let_pass(40s);
        shop.run("pending-check", {"--now"});
        shop.run("domain-register", {file});
    }
    for (const auto& [domain, order] : shop.orders()) {
        CAPTURE(domain);
        CHECK(order.at("state") == "done");
        CHECK(shop.times_executed("domainCreate", domain) == 1);
    }
    CHECK(shop.orders().size() == kOrders);
}

TEST_CASE("a server that is gone is waited for, one that does not sync is not entrusted") {
    Place place;
    Shop shop(settings_with(place.ledger));
    const std::string file = shop.write("orders.csv", registrations({"a-shop.com"}));
    place.server.crash();
    const ProgramEnd gone = shop.run("domain-register", {file});
    CHECK(gone.code == 75);
    CHECK(holds(gone.err, "cannot open the ledger"));
    place.server.start({"fsync=off"});
    const ProgramEnd not_synced = shop.run("domain-register", {file});
    CHECK(not_synced.code == 78);
    CHECK(holds(not_synced.err, "fsync"));
    CHECK(executed_in_all(shop) == 0);
    place.server.crash();
    place.server.start();
    CHECK(shop.run("domain-register", {file}).code == 0);
    CHECK(executed_in_all(shop) == 1);
}

TEST_CASE("put back from a dump, the ledger sends nothing until it is reconciled") {
    Place place;
    Shop shop(settings_with(place.ledger));
    const std::string first = shop.write("first.csv", registrations({"a-shop.com"}));
    CHECK(shop.run("domain-register", {first}).code == 0);
    // As pg_dump and pg_restore would have it.
    CHECK(place.server.complaints_about({"CREATE DATABASE old TEMPLATE ledger_1"}) == "");
    const std::string second = shop.write("second.csv", registrations({"b-shop.com"}));
    CHECK(shop.run("domain-register", {second}).code == 0);
    CHECK(place.server.complaints_about(
              {"DROP DATABASE ledger_1", "ALTER DATABASE old RENAME TO ledger_1"}) == "");

    const ProgramEnd refused = shop.run("domain-register", {second});
    CHECK(refused.code == 78);
    CHECK(holds(refused.err, "domain-orders reconcile"));
    CHECK(shop.run("domain-orders", {"reconcile"}).code == 0);
    CHECK(shop.run("domain-register", {second}).code == 1);
    CHECK(holds(shop.orders().at("b-shop.com").at("message"), "in the account"));
    CHECK(executed_in_all(shop) == 2);
    CHECK(shop.run("domain-register", {shop.write("third.csv", registrations({"c-shop.com"}))})
              .code == 0);
    CHECK(executed_in_all(shop) == 3);
}

TEST_CASE("what is set for the database does not reach the ledger's sessions") {
    Place place;
    constexpr int kOrders = 3;
    Shop shop(settings_with(place.ledger), {"--delay", "0"});
    std::vector<std::string> statements;
    for (const char* setting :
         {"statement_timeout = '1ms'", "lock_timeout = '1ms'", "idle_session_timeout = '300ms'",
          "idle_in_transaction_session_timeout = '1ms'", "synchronous_commit = off",
          "default_transaction_isolation = serializable", "standard_conforming_strings = off",
          "\"DateStyle\" = 'SQL, DMY'"}) {
        statements.push_back(std::string("ALTER DATABASE ledger_1 SET ") + setting);
    }
    CHECK(place.server.complaints_about(statements) == "");
    shop.registrar().control("misbehave domainCreate:delay=1:1\n");
    const std::string file = shop.write("orders.csv", registrations(shops(kOrders)));
    const ProgramEnd end = shop.run("domain-register", {file});
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(executed_in_all(shop) == kOrders);
}

TEST_CASE("tables that its user may not use, or does not look for, are no empty database") {
    Place place;
    Shop shop(settings_with(place.ledger));
    const std::string files = "&files=" + place.scratch.path().string();
    CHECK(place.server.complaints_about({"CREATE ROLE stranger LOGIN"}) == "");
    std::string strange = place.server.database("ledger_1");
    strange.replace(strange.find("domspool@"), 8, "stranger");
    shop.write_settings({{"ledger", strange + files}});
    const ProgramEnd no_right = shop.run("domain-orders", {"list"});
    CHECK(no_right.code == 77);
    CHECK(holds(no_right.err, "may not write there"));
    shop.write_settings({});

    // A schema named as the user goes before `public`.
    CHECK(place.server.complaints_about({"\\connect ledger_1", "CREATE SCHEMA domspool"}) == "");
    CHECK(shop.run("domain-orders", {"list"}).code == 0);
    CHECK(place.server.complaints_about({"ALTER DATABASE ledger_1 SET search_path = domspool"}) ==
          "");
    const ProgramEnd second = shop.run("domain-orders", {"init"});
    CHECK(second.code == 78);
    CHECK(holds(second.err, "a database of its own"));
}

// Its last run is known, what that run did later is not.
TEST_CASE("a dump made while a run was at work sends nothing until it is reconciled") {
    Place place;
    constexpr int kOrders = 30;
    Shop shop(settings_with(place.ledger), {"--misbehave", "domainCreate:delay=1:always"});
    const std::string file = shop.write("orders.csv", registrations(shops(kOrders)));
    RunningProgram program(shop.call("domain-register", {file}));
    const auto patience_ends = std::chrono::steady_clock::now() + 30s;
    while (executed_in_all(shop) < 3 && std::chrono::steady_clock::now() < patience_ends) {
        std::this_thread::yield();
    }
    place.server.dump("ledger_1");
    REQUIRE(executed_in_all(shop) < kOrders);
    CHECK(program.wait().code == 0);
    CHECK(executed_in_all(shop) == kOrders);
    place.server.put_back("ledger_1");

    // Also on a machine that has sent nothing so far.
    const std::string files = shop / "other-machine";
    shop.write_settings({{"ledger", place.server.database("ledger_1") + "&files=" + files}});
    CHECK(shop.run("domain-orders", {"init"}).code == 0);
    for (const bool is_other : {true, false}) {
        CAPTURE(is_other);
        if (!is_other) shop.write_settings({});
        const ProgramEnd refused = shop.run("domain-register", {file});
        CHECK(refused.code == 78);
        CHECK(holds(refused.err, "domain-orders reconcile"));
    }
    CHECK(holds(shop.run("domain-orders", {"reconcile"}).out, "may have been sent"));
    for (int pass = 0; pass < 3; ++pass) {
        CHECK(shop.run("pending-check", {"--now"}).code <= 1);
        shop.let_pass(700s);
    }
    for (const auto& [domain, order] : shop.orders()) {
        CAPTURE(domain);
        // Held: without a before-picture only a person can say who made the domain.
        if (order.at("state") != "done") {
            CHECK(order.at("state") == "held");
            CHECK(holds(order.at("message"), "it may have been executed"));
        }
        CHECK(shop.times_executed("domainCreate", domain) == 1);
    }
    CHECK(holds(shop.run("domain-orders", {"reconcile"}).out, "knows all that was sent"));
}

// Each machine has files of its own beside the ledger, and a spool of its own.
TEST_CASE("put back from a dump, the ledger is reconciled by each machine that had sent since") {
    Place place;
    const auto machine = [&](const std::string& name) {
        const std::string folder = place.scratch / name;
        return settings_with(
            place.server.database("ledger_1") + "&files=" + folder,
            {{"spool.directory", folder + "/spool"}, {"spool.settle_seconds", "0"}});
    };
    Shop shop(machine("one"));
    for (const char* name : {"two", "idle"}) {
        shop.write_settings(machine(name));
        CHECK(shop.run("domain-orders", {"init"}).code == 0);
    }
    const auto spooled_on = [&](const std::string& name, const std::string& domain) {
        shop.write_settings(machine(name));
        const std::string file = shop.write("register-" + domain + ".csv", registrations({domain}));
        CHECK(shop.run("spool-drop", {file}).code == 0);
        return shop.run("spool-run", {});
    };
    CHECK(spooled_on("one", "a-shop.com").code == 0);
    CHECK(place.server.complaints_about({"CREATE DATABASE old TEMPLATE ledger_1"}) == "");
    CHECK(spooled_on("two", "b-shop.com").code == 0);
    CHECK(spooled_on("one", "c-shop.com").code == 0);
    CHECK(place.server.complaints_about(
              {"DROP DATABASE ledger_1", "ALTER DATABASE old RENAME TO ledger_1"}) == "");

    const auto is_reconciled_on = [&](const std::string& name, const std::string& file) {
        shop.write_settings(machine(name));
        CHECK(shop.run("domain-orders", {"verify"}).code == 78);
        CHECK(holds(shop.run("spool-run", {}).err, "domain-orders reconcile"));
        return holds(shop.run("domain-orders", {"reconcile"}).out, "entered '" + file + "'");
    };
    CHECK(is_reconciled_on("one", "register-c-shop.com.csv"));
    CHECK(spooled_on("one", "d-shop.com").code == 0);
    CHECK(spooled_on("idle", "e-shop.com").code == 0);
    CHECK(is_reconciled_on("two", "register-b-shop.com.csv"));
    CHECK(spooled_on("two", "f-shop.com").code == 0);
    CHECK(holds(shop.run("domain-orders", {"reconcile"}).out, "knows all"));
    CHECK(spooled_on("one", "g-shop.com").code == 0);
    CHECK(shop.orders().size() == 7);
    CHECK(shop.run("domain-orders", {"verify"}).code == 0);
    CHECK(executed_in_all(shop) == 7);
}
