// domain-register and pending-check from an order file to the end of every order.
#include "support/holds.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <signal.h>

using namespace domspool::test;

namespace {

// "column" of each record behind the header.
std::vector<std::string> column(const std::vector<std::vector<std::string>>& records,
                                const std::string& name) {
    const auto place = std::find(records.at(0).begin(), records.at(0).end(), name);
    REQUIRE(place != records.at(0).end());
    std::vector<std::string> cells;
    for (std::size_t i = 1; i < records.size(); ++i) {
        cells.push_back(records[i].at(static_cast<std::size_t>(place - records[0].begin())));
    }
    return cells;
}

SandboxDomain domain_named(Shop& shop, const std::string& name) {
    for (const SandboxDomain& domain : shop.registrar().domains()) {
        if (domain.name == name) return domain;
    }
    throw std::runtime_error("the registrar does not know " + name);
}

std::int64_t operation_on(Shop& shop, const std::string& code, const std::string& target) {
    for (const SandboxOperation& operation : shop.registrar().operations()) {
        if (operation.code == code && operation.target == target) return operation.id;
    }
    throw std::runtime_error("no operation " + code + " on " + target);
}

const std::string kCsv =
    "reference,domain,years,owner.firstName,owner.lastName,owner.bodyName,owner.address1,"
    "owner.zipCode,owner.city,owner.country,owner.phone,owner.email,owner.language,ns1,ns2,lock,"
    "privacy,note\n"
    "K-1,now-shop.com,2,Nora,Field,,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    "ns1.example.net,ns2.example.net,on,on,\"a, b\"\n"
    "K-2,slow-shop.net,1,Nora,Field,,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    ",,on,,\n"
    "K-3,fail-shop.com,1,Nora,Field,,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN,"
    ",,,,\n";

const std::string kYaml = R"(# Two shops of one owner.
count: 2
defaults:
  years: 1
  lock: on
contacts:
  nora: {firstName: Nora, lastName: Field, address1: 1 Mill Lane, zipCode: "75001", city: Paris,
         country: FR, phone: +33 123456789, email: nora@example.net, language: EN}
orders:
  - domain: bücher-shop.com
    reference: Y-1
    owner: nora
  - domain: slow-yaml.net
    owner: nora
    admin: nora
    nameservers: ns1.example.net ns2.example.net
...
)";

}  // namespace

TEST_CASE("a CSV file is followed to the end of each of its orders") {
    Shop shop({}, {"--hold-pending"});
    const std::string path = shop.write("orders.csv", kCsv);
    const ProgramEnd sent = shop.run("domain-register", {path, "--result", shop / "result.csv"});
    CAPTURE(sent.err);
    CHECK(sent.code == 0);
    CHECK(sent.err == "");
    CHECK(holds(sent.out, "now-shop.com"));
    CHECK(shop.orders().at("now-shop.com").at("state") == "done");
    CHECK(shop.orders().at("slow-shop.net").at("state") == "waiting");
    CHECK(shop.orders().at("fail-shop.com").at("state") == "waiting");
    CHECK(shop.times_executed("contactCreate") == 1);

    const auto result = csv_records(read_text(shop / "result.csv"));
    CHECK(column(result, "domain") ==
          std::vector<std::string>{"now-shop.com", "slow-shop.net", "fail-shop.com"});
    CHECK(column(result, "state") == std::vector<std::string>{"done", "waiting", "waiting"});
    CHECK(column(result, "reference") == std::vector<std::string>{"K-1", "K-2", "K-3"});
    CHECK(column(result, "note").at(0) == "a, b");
    CHECK(column(result, "price").at(0) == "19.00 EUR");  // Two years of .com at 9.50.
    // None were ordered: the account's default servers, written out.
    CHECK(holds(column(result, "message").at(1),
                "name servers sent: ns1.sandbox.example ns2.sandbox.example"));
    CHECK_FALSE(holds(column(result, "message").at(0), "name servers sent"));
    CHECK(column(result, "operation_id").at(1) ==
          std::to_string(operation_on(shop, "domainCreate", "slow-shop.net")));

    const SandboxDomain now = domain_named(shop, "now-shop.com");
    CHECK(now.locked);
    CHECK(now.privacy);
    CHECK(now.nameservers == "ns1.example.net ns2.example.net");

    // Nothing has ended: news there is none, and the registrar is asked for the list alone.
    const ProgramEnd quiet = shop.run("pending-check", {"--now"});
    CHECK(quiet.code == 0);
    CHECK(quiet.err == "");
    CHECK(shop.registrar().count_calls("queryOpe") == 0);

    shop.registrar().control(
        "finish " + std::to_string(operation_on(shop, "domainCreate", "slow-shop.net")) +
        "\nfail " + std::to_string(operation_on(shop, "domainCreate", "fail-shop.com")) +
        " name reserved\n");
    const ProgramEnd pass = shop.run("pending-check", {"--now"});
    CAPTURE(pass.err);
    CHECK(pass.code == 1);
    CHECK(holds(pass.err, "fail-shop.com"));
    CHECK(holds(pass.err, "name reserved"));
    CHECK(shop.registrar().count_calls("queryOpe") == 2);
    CHECK(shop.orders().at("fail-shop.com").at("state") == "failed");
    CHECK(shop.orders().at("slow-shop.net").at("state") == "waiting");  // For its lock.

    shop.registrar().control("finish-all");
    CHECK(shop.run("pending-check", {"--now"}).code == 0);
    CHECK(shop.orders().at("slow-shop.net").at("state") == "done");
    CHECK(domain_named(shop, "slow-shop.net").locked);

    // The failure was told: it is no news any more, and there is nothing left to ask.
    const std::size_t calls = shop.registrar().calls().size();
    const ProgramEnd idle = shop.run("pending-check", {"--now"});
    CHECK(idle.code == 0);
    CHECK(idle.out == "");
    CHECK(idle.err == "");
    CHECK(shop.registrar().calls().size() == calls);
}

TEST_CASE("a YAML file is followed to the end of each of its orders") {
    Shop shop;
    const ProgramEnd sent = shop.run("domain-register", {shop.write("orders.yaml", kYaml)});
    CAPTURE(sent.err);
    CHECK(sent.code == 0);
    CHECK(shop.times_executed("contactCreate") == 2);  // Once as owner, once as admin.
    for (int i = 0; i < 3; ++i) CHECK(shop.run("pending-check", {"--now"}).code == 0);
    for (const auto& [domain, order] : shop.orders()) {
        CAPTURE(domain);
        CHECK(order.at("state") == "done");
    }
    CHECK(domain_named(shop, "xn--bcher-shop-9db.com").locked);
    CHECK(domain_named(shop, "slow-yaml.net").nameservers == "ns1.example.net ns2.example.net");
}

TEST_CASE("the JSON lines hold the fields of the interface and nothing is missing") {
    Shop shop;
    const ProgramEnd sent = shop.run("domain-register", {shop.write("orders.csv", kCsv), "--json"});
    CAPTURE(sent.out);
    const auto rows = json_lines(sent.out);
    REQUIRE(rows.size() == 3);
    for (const auto& row : rows) {
        for (const char* field : {"line", "order", "domain", "reference", "order_id", "state",
                                  "operation_id", "code", "message", "price"}) {
            CAPTURE(field);
            CHECK(row.contains(field));
        }
        CHECK(row.at("order") == "register");
    }
    CHECK(rows[0].at("line") == "2");
    CHECK(rows[0].at("reference") == "K-1");
    CHECK(rows[0].at("state") == "done");
    CHECK(rows[1].at("state") == "waiting");
}

TEST_CASE("an order is found by its id, domain, reference and operation, with all that happened") {
    Shop shop;
    CHECK(shop.run("domain-register", {shop.write("orders.csv", kCsv)}).code == 0);
    const auto order = shop.orders().at("now-shop.com");
    for (const std::string& key : {order.at("order_id"), std::string("now-shop.com"),
                                   std::string("K-1"), order.at("operation_id")}) {
        CAPTURE(key);
        const ProgramEnd show = shop.run("domain-orders", {"show", key});
        CAPTURE(show.out);
        CHECK(show.code == 0);
        for (const char* part : {"now-shop.com", "K-1", "contactCreate", "domainCreate", "done"}) {
            CAPTURE(part);
            CHECK(holds(show.out, part));
        }
    }
    const ProgramEnd none = shop.run("domain-orders", {"show", "no-such-shop.com"});
    CHECK(none.code != 0);
    CHECK(holds(none.err, "no-such-shop.com"));
}

TEST_CASE("orders are listed by state") {
    Shop shop({}, {"--hold-pending"});
    CHECK(shop.run("domain-register", {shop.write("orders.csv", kCsv)}).code == 0);
    const ProgramEnd waiting = shop.run("domain-orders", {"list", "--state", "waiting"});
    CHECK(waiting.code == 0);
    CHECK(holds(waiting.out, "slow-shop.net"));
    CHECK_FALSE(holds(waiting.out, "now-shop.com"));
    const ProgramEnd mistyped = shop.run("domain-orders", {"list", "--state", "waitin"});
    CHECK(mistyped.code == 64);
    CHECK(holds(mistyped.err, "'waitin'"));
}

TEST_CASE("the same file again orders nothing again") {
    Shop shop({}, {"--hold-pending"});
    const std::string path = shop.write("orders.csv", kCsv);
    CHECK(shop.run("domain-register", {path}).code == 0);
    const ProgramEnd open = shop.run("domain-register", {path});
    CAPTURE(open.err);
    CHECK(open.code == 0);
    CHECK(shop.registrar().count_calls("domainCreate") == 3);

    for (int i = 0; i < 2; ++i) {  // The registration, then its lock.
        shop.registrar().control("finish-all");
        shop.run("pending-check", {"--now"});
    }
    const ProgramEnd finished = shop.run("domain-register", {path});
    CHECK(finished.code == 65);
    CHECK(holds(finished.err, "orders.csv"));
    CHECK(shop.registrar().count_calls("domainCreate") == 3);
}

TEST_CASE("a name in letters and its A-label are one domain, and both forms are shown") {
    Shop shop;
    const std::string answers = shop.registrar().control(
        "hold on\nstart-operation domainTransferIn xn--bcher-laden-thb.com\n");
    const std::string letters = shop.write("a.csv", registrations({"B\u00fccher-Laden.com"}));
    const ProgramEnd waits = shop.run("domain-register", {letters});
    CHECK(waits.code == 75);
    CHECK(holds(waits.out, "xn--bcher-laden-thb.com"));
    CHECK(holds(waits.out, "b\u00fccher-laden.com"));
    CHECK(shop.orders().at("xn--bcher-laden-thb.com").at("state") == "accepted");
    const std::string operation = answers.substr(answers.rfind(' ') + 1);
    shop.registrar().control("cancel " + operation + "hold off\n");
    CHECK(shop.run("domain-register", {letters}).code == 0);
    const ProgramEnd again =
        shop.run("domain-register",
                 {shop.write("b.csv", registrations({"XN--BCHER-LADEN-THB.com"})), "--json"});
    CHECK(json_lines(again.out).at(0).at("state") != "done");
    CHECK(shop.times_executed("domainCreate") == 1);
}

TEST_CASE("the same orders in another file are skipped, and their first order is named") {
    Shop shop;
    CHECK(shop.run("domain-register",
                   {shop.write("a.csv", registrations({"a-shop.com", "b-shop.com"}))})
              .code == 0);
    const ProgramEnd end =
        shop.run("domain-register",
                 {shop.write("b.csv", registrations({"a-shop.com", "c-shop.com"})), "--json"});
    CAPTURE(end.err);
    CAPTURE(end.out);
    CHECK(shop.registrar().count_calls("domainCreate") == 3);
    const auto rows = json_lines(end.out);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("state") != "done");  // Ours already: skipped or failed, never ordered.
    CHECK(rows[1].at("state") == "done");
}

TEST_CASE("on a terminal there is a progress bar, in a pipe there are only words") {
    Shop shop;
    ProgramCall call = shop.call(
        "domain-register", {shop.write("a.csv", registrations({"a-shop.com", "b-shop.com"}))});
    call.on_terminal = true;
    const ProgramEnd seen = run_program(call);
    CAPTURE(seen.out);
    CHECK(seen.code == 0);
    CHECK(holds(seen.out, "\033["));
    CHECK(holds(seen.out, "\r"));
    CHECK(holds(seen.out, "a-shop.com"));
    const ProgramEnd piped = shop.run(
        "domain-register", {shop.write("b.csv", registrations({"c-shop.com", "d-shop.com"}))});
    CHECK(piped.code == 0);
    CHECK_FALSE(holds(piped.out, "\033"));
    CHECK_FALSE(holds(piped.out, "\r"));
    const ProgramEnd quiet = shop.run(
        "domain-register", {shop.write("c.csv", registrations({"e-shop.com"})), "--quiet"});
    CHECK(quiet.code == 0);
    CHECK(quiet.out == "");
    CHECK(quiet.err == "");
}

TEST_CASE("SIGTERM ends the run after the call in flight, and the rest is ordered later") {
    Shop shop(SettingChanges{{"registrar.lanes", "1"}});
    shop.registrar().control("misbehave domainCreate:delay=0.2:always");
    std::vector<std::string> domains;
    for (int i = 0; i < 20; ++i) domains.push_back("shop-" + std::to_string(i) + ".com");
    const std::string path = shop.write("orders.csv", registrations(domains));
    RunningProgram program(shop.call("domain-register", {path}));
    while (shop.registrar().count_calls("domainCreate") < 2) {
    }
    program.send(SIGTERM);
    const ProgramEnd stopped = program.wait();
    CAPTURE(stopped.err);
    CHECK(speaks_as_it_ends(stopped));
    CHECK(shop.registrar().count_calls("domainCreate") < domains.size());
    CHECK(shop.registrar().count_calls("sessionOpen") ==
          shop.registrar().count_calls("sessionClose"));
    for (const auto& [domain, order] : shop.orders()) {
        CAPTURE(domain);
        CAPTURE(order.at("state"));
        // In progress: ordered, but not read back yet.
        const bool is_known = order.at("state") == "done" || order.at("state") == "accepted" ||
                              order.at("state") == "in_progress";
        CHECK(is_known);
    }
    shop.registrar().control("behave");
    CHECK(shop.run("domain-register", {path}).code == 0);
    for (const std::string& domain : domains) {
        CHECK(shop.times_executed("domainCreate", domain) == 1);
    }
}
