// A registrar that is not there, refuses the login, or has no money left for us.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool::test;

TEST_CASE("a registrar that cannot be reached is tried later, with nothing marked as sent") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
    shop.registrar().stop();
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 75);
    CHECK(speaks_as_it_ends(end));
    for (const auto& [domain, order] : shop.orders()) CHECK(order.at("state") == "accepted");
    CHECK(shop.orders().size() == 2);

    shop.registrar().restart();
    const ProgramEnd again = shop.run("domain-register", {path});
    CAPTURE(again.err);
    CHECK(again.code == 0);
    CHECK(again.err == "");
    CHECK(shop.registrar().count_calls("domainCreate") == 2);
    for (const auto& [domain, order] : shop.orders()) CHECK(order.at("state") == "done");
}

TEST_CASE("a wrong password is tried once, by all lanes together") {
    Shop shop(SettingChanges{{"registrar.lanes", "4"}});
    write_text(shop / "secret", "not the password\n");
    const std::string path = shop.write(
        "orders.csv", registrations({"a-shop.com", "b-shop.com", "c-shop.com", "d-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 69);
    CHECK(speaks_as_it_ends(end));
    CHECK(end.err.find("not the password") == std::string::npos);
    CHECK(shop.registrar().calls().size() == 1);
    CHECK(shop.registrar().count_calls("sessionOpen") == 1);
    CHECK(shop.orders().size() == 4);
    for (const auto& [domain, order] : shop.orders()) CHECK(order.at("state") == "accepted");

    write_text(shop / "secret", std::string(Shop::kPassword) + "\n");
    CHECK(shop.run("domain-register", {path}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 4);
}

TEST_CASE("a bill above the balance sends nothing of the batch") {
    Shop shop({}, {"--delay", "0", "--balance", "15"});
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 69);
    CHECK(end.err.find("balance") != std::string::npos);
    CHECK(shop.registrar().count_calls("domainCreate") == 0);
    for (const auto& [domain, order] : shop.orders()) CHECK(order.at("state") == "accepted");
}

TEST_CASE("the ceiling of a day holds back what would pass it, and names the setting") {
    Shop shop(SettingChanges{{"limits.max_spend_per_day", "10 EUR"}, {"registrar.lanes", "1"}});
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 69);
    CHECK(end.err.find("max_spend_per_day") != std::string::npos);
    CHECK(shop.registrar().count_calls("domainCreate") == 1);
    CHECK(shop.orders().at("b-shop.com").at("state") == "accepted");
}

TEST_CASE("a session that expires in the middle is opened once more, and nothing is sent twice") {
    Shop shop(SettingChanges{{"registrar.lanes", "1"}});
    shop.registrar().control("misbehave domainCreate:expire_session");
    const std::string path = shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(shop.times_executed("domainCreate", "a-shop.com") == 1);
    CHECK(shop.times_executed("domainCreate", "b-shop.com") == 1);
    CHECK(shop.registrar().count_calls("sessionOpen") == 2);
}

TEST_CASE("a run leaves no session behind") {
    Shop shop(SettingChanges{{"registrar.lanes", "2"}});
    const std::string path =
        shop.write("orders.csv", registrations({"a-shop.com", "taken-shop.com"}));
    CHECK(shop.run("domain-register", {path}).code == 1);
    CHECK(shop.registrar().count_calls("sessionOpen") ==
          shop.registrar().count_calls("sessionClose"));
}

TEST_CASE("pending-check keeps quiet about an outage until it lasts, then says it once") {
    Shop shop(SettingChanges{{"pending.outage_minutes", "60"}}, {"--hold-pending"});
    const std::string path = shop.write("orders.csv", registrations({"slow-a.com"}));
    CHECK(shop.run("domain-register", {path}).code == 0);
    shop.registrar().stop();
    const ProgramEnd young = shop.run("pending-check", {});
    CHECK(young.code == 0);
    CHECK(young.err == "");

    shop.write_settings({{"pending.outage_minutes", "0"}});
    const ProgramEnd first = shop.run("pending-check", {});
    CHECK(first.code == 75);
    CHECK(speaks_as_it_ends(first));
    const ProgramEnd second = shop.run("pending-check", {});
    CHECK(second.code == 0);
    CHECK(second.err == "");
    CHECK(shop.run("pending-check", {"--now"}).code == 75);  // A person who asks is told.

    shop.registrar().restart();
    shop.registrar().control("finish-all");
    CHECK(shop.run("pending-check", {}).code == 0);
    CHECK(shop.orders().at("slow-a.com").at("state") == "done");
}

TEST_CASE("pending-check leaves a refused login alone, and says so once") {
    Shop shop({}, {"--hold-pending"});
    const std::string path = shop.write("orders.csv", registrations({"slow-a.com"}));
    CHECK(shop.run("domain-register", {path}).code == 0);
    write_text(shop / "secret", "not the password\n");
    const auto logins = [&] { return shop.registrar().count_calls("sessionOpen"); };
    const auto before = logins();
    const ProgramEnd first = shop.run("pending-check", {});
    CHECK(first.code == 69);
    CHECK(speaks_as_it_ends(first));
    CHECK(logins() == before + 1);
    for (int pass = 0; pass < 3; ++pass) {
        const ProgramEnd next = shop.run("pending-check", {});
        CHECK(next.code == 0);
        CHECK(next.out + next.err == "");
    }
    CHECK(logins() == before + 1);
    CHECK(shop.run("pending-check", {"--now"}).code == 69);  // A person who asks has it tried.
    CHECK(logins() == before + 2);

    write_text(shop / "secret", std::string(Shop::kPassword) + "\n");
    shop.registrar().control("finish-all");
    CHECK(shop.run("pending-check", {}).code == 0);
    CHECK(shop.orders().at("slow-a.com").at("state") == "done");
}

TEST_CASE("a login that went well for another program is the end of pending-check's patience") {
    Shop shop({}, {"--hold-pending"});
    const std::string path = shop.write("orders.csv", registrations({"slow-a.com"}));
    CHECK(shop.run("domain-register", {path}).code == 0);
    shop.registrar().control("misbehave sessionOpen:refuse_login");
    CHECK(shop.run("pending-check", {}).code == 69);
    CHECK(shop.run("pending-check", {}).code == 0);
    const std::string other = shop.write("others.csv", registrations({"b-shop.com"}));
    CHECK(shop.run("domain-register", {other}).code == 0);
    shop.registrar().control("finish-all");
    CHECK(shop.run("pending-check", {}).code == 0);
    CHECK(shop.orders().at("slow-a.com").at("state") == "done");
}

TEST_CASE("a registrar that asks to wait is waited for by all lanes, and each order is paid once") {
    Shop shop(SettingChanges{{"registrar.lanes", "4"}, {"registrar.retry_seconds", "60"}});
    shop.registrar().control("misbehave domainCreate:http_429=2:1:3");
    shop.registrar().control("misbehave domainInfo:http_503=1:1:2");
    std::vector<std::string> domains;
    for (int i = 1; i <= 12; ++i) domains.push_back("shop" + std::to_string(i) + ".com");
    const std::string path = shop.write("orders.csv", registrations(domains));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 1);                    // One is in doubt.
    shop.let_pass(std::chrono::minutes(2));  // Older than the longest call.
    for (int pass = 0; pass < 3; ++pass) shop.run("pending-check", {"--now"});
    for (const auto& [domain, order] : shop.orders()) CHECK(order.at("state") == "done");
    for (const std::string& domain : domains) {
        CHECK(shop.times_executed("domainCreate", domain) == 1);
    }
}

TEST_CASE("the table of refusals is printed without a call") {
    Shop shop;
    const ProgramEnd end = shop.run("registrar-check", {"--refusals"});
    CHECK(end.code == 0);
    CHECK(end.out.find("E12-M1204") != std::string::npos);
    CHECK(end.out.find("solde insuffisant") != std::string::npos);
    CHECK(shop.registrar().calls().empty());
}
