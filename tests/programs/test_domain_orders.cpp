#include "support/holds.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace domspool::test;

namespace {

// Two good rows and a bad one.
std::string mixed_rows() {
    return registrations({"now-shop.com", "slow-shop.net", "a_b.org"});
}

int lines_in(const std::string& text) {
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a result is printed as CSV at any time, with a line for each row") {
    Shop shop({}, {"--hold-pending"});
    CHECK(shop.run("domain-register", {shop.write("orders.csv", mixed_rows())}).code == 1);
    const ProgramEnd first = shop.run("domain-orders", {"result", "1"});
    CHECK(first.code == 0);
    CHECK(first.err.empty());
    const auto records = csv_records(first.out);
    REQUIRE(records.size() == 4);
    CHECK(first.out == read_text(shop / "orders.result.csv"));
    const ProgramEnd placed = shop.run("domain-orders", {"result", "1", "--result", "later.csv"});
    CHECK(placed.code == 0);
    CHECK(read_text(shop / "later.csv") == first.out);
}

TEST_CASE("what the registrar made of an order otherwise than ordered stands in its result") {
    Shop shop({}, {"--hold-pending"});
    const std::string orders = shop.write(
        "orders.csv",
        "domain,nameservers,reference\nslow-shop.com,ns1.example.org ns2.example.org,N-1\n");
    shop.registrar().control(
        "add-domain slow-shop.com idOwner=XY1 ns=ns1.example.net,ns2.example.net\n");
    CHECK(shop.run("domain-nameservers", {orders}).code == 0);
    CHECK(shop.orders().at("slow-shop.com").at("state") == "waiting");
    shop.registrar().control(
        "finish-all\nset-domain slow-shop.com ns=ns1.example.org,ns9.example.org\n");
    CHECK(shop.run("pending-check", {"--now"}).code == 1);
    CHECK(shop.orders().at("slow-shop.com").at("state") == "done_open_ends");
    const auto records = csv_records(shop.run("domain-orders", {"result", "1"}).out);
    REQUIRE(records.size() == 2);
    std::string message, previous;
    for (std::size_t i = 0; i < records[0].size(); ++i) {
        if (records[0][i] == "message") message = records[1][i];
        if (records[0][i] == "previous_nameservers") previous = records[1][i];
    }
    CHECK(holds(message, "ordered 'ns1.example.org ns2.example.org'"));
    CHECK(holds(message, "is 'ns1.example.org ns9.example.org'"));
    CHECK(previous == "ns1.example.net ns2.example.net");
}

TEST_CASE("order files of two formats beside each other have a result each") {
    Shop shop;
    const std::string yaml = shop.write("march.yaml",
                                        "defaults: {years: 1, owner: ann}\n"
                                        "contacts:\n"
                                        "  ann: {firstName: Ann, lastName: Example, address1: 1 "
                                        "Road, zipCode: \"75001\", city: Paris,\n"
                                        "        country: FR, phone: +33 199005678, email: "
                                        "ann@example.org, language: EN}\n"
                                        "orders:\n- domain: yaml-shop.com\n...\n");
    const std::string csv = shop.write("march.csv", registrations({"csv-shop.com"}));
    CHECK(shop.run("domain-register", {csv, yaml}).code == 0);
    CHECK(holds(read_text(shop / "march.result.csv"), "csv-shop.com"));
    CHECK(holds(read_text(shop / "march.yaml.result.csv"), "yaml-shop.com"));
}

TEST_CASE("a result is not written over a file that is something else") {
    Shop shop;
    const std::string orders = shop.write("orders.csv", registrations({"now-shop.com"}));
    CHECK(shop.run("domain-register", {orders}).code == 0);
    const ProgramEnd end = shop.run("domain-orders", {"result", "1", "--result", orders});
    CHECK(end.code == 73);
    CHECK(holds(end.err, "domain-orders result 1"));
    CHECK(read_text(orders) == registrations({"now-shop.com"}));
}

TEST_CASE("a batch or an order that is not there is said, by exit code too") {
    Shop shop;
    for (const auto& words : {std::vector<std::string>{"result", "7"}, {"show", "7"}}) {
        const ProgramEnd end = shop.run("domain-orders", words);
        CHECK(end.code == 1);
        CHECK(end.out.empty());
        CHECK(holds(end.err, "7"));
    }
}

TEST_CASE("refused rows are listed within their batch") {
    Shop shop;
    shop.run("domain-register", {shop.write("orders.csv", mixed_rows())});
    const ProgramEnd end =
        shop.run("domain-orders", {"list", "--state", "refused", "--batch", "1", "--json"});
    CHECK(end.code == 0);
    const auto rows = json_lines(end.out);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("domain") == "a_b.org");
    CHECK(rows[0].at("order_id") == "(null)");
    CHECK(shop.run("domain-orders", {"list", "--state", "refused"}).code == 64);
}

TEST_CASE("filters narrow the list") {
    Shop shop;
    shop.run("domain-register",
             {shop.write("orders.csv", registrations({"a-shop.com", "b-shop.com", "c-shop.com"}))});
    const auto count = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "list");
        words.push_back("--json");
        const ProgramEnd end = shop.run("domain-orders", words);
        CHECK(end.code == 0);
        return lines_in(end.out);
    };
    CHECK(count({}) == 3);
    CHECK(count({"--domain", "B-Shop.COM"}) == 1);
    CHECK(count({"--kind", "register"}) == 3);
    CHECK(count({"--kind", "transfer"}) == 0);
    CHECK(count({"--batch", "1"}) == 3);
    CHECK(count({"--batch", "2"}) == 0);
    CHECK(count({"--newer-than", "1h"}) == 3);
    CHECK(count({"--older-than", "1h"}) == 0);
    CHECK(count({"--limit", "2"}) == 2);
    const auto oldest =
        json_lines(shop.run("domain-orders", {"list", "--oldest", "--limit", "1", "--json"}).out);
    REQUIRE(oldest.size() == 1);
    CHECK(oldest[0].at("domain") == "a-shop.com");
}

TEST_CASE("a filter that cannot be meant is a usage error") {
    Shop shop;
    for (const auto& words : {std::vector<std::string>{"--state", "wait"},
                              {"--kind", "renew"},
                              {"--domain", "a_b.com"},
                              {"--older-than", "3"},
                              {"--older-than", "3x"},
                              {"--limit", "-1"},
                              {"--batch", "x"}}) {
        std::vector<std::string> all = words;
        all.insert(all.begin(), "list");
        CAPTURE(words.back());
        const ProgramEnd end = shop.run("domain-orders", all);
        CHECK(end.code == 64);
        CHECK(speaks_as_it_ends(end));
    }
}

TEST_CASE("several orders for a domain are listed, and all are told as JSON") {
    Shop shop;
    shop.run("domain-register",
             {shop.write("first.csv", registrations({"failnow-shop.com", "x-shop.com"}))});
    shop.run("domain-register",
             {shop.write("second.csv", registrations({"failnow-shop.com", "y-shop.com"}))});
    const ProgramEnd shown = shop.run("domain-orders", {"show", "failnow-shop.com"});
    CHECK(shown.code == 0);
    CHECK(holds(shown.out, "2 orders: 2 failed"));
    CHECK(
        json_lines(shop.run("domain-orders", {"show", "failnow-shop.com", "--json"}).out).size() ==
        2);
}

TEST_CASE("init makes ledger and folders once, and is harmless afterwards") {
    Shop shop;
    const ProgramEnd again = shop.run("domain-orders", {"init"});
    CHECK(again.code == 0);
    CHECK(holds(again.out, "already there"));
    shop.run("domain-register", {shop.write("orders.csv", registrations({"now-shop.com"}))});
    CHECK(shop.run("domain-orders", {"init"}).code == 0);
    CHECK(shop.orders().size() == 1);
}

TEST_CASE("a backup is a dated copy, and under cron no news") {
    Shop shop;
    const std::string folder = shop / "copies";
    shop.write_settings({{"backup.directory", folder}});
    CHECK(shop.run("domain-orders", {"init"}).code == 0);
    const ProgramEnd end = shop.run("domain-orders", {"backup"});
    CHECK(end.code == 0);
    CHECK(end.out.empty());
    CHECK(end.err.empty());
    int copies = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        CHECK(name.starts_with("ledger-2"));
        CHECK(name.ends_with("Z.db"));
        struct stat about {};
        REQUIRE(::stat(entry.path().c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0600);
        ++copies;
    }
    CHECK(copies == 1);
}

TEST_CASE("a ledger of this version is not migrated") {
    Shop shop;
    const ProgramEnd end = shop.run("domain-orders", {"migrate"});
    CHECK(end.code == 0);
    CHECK(holds(end.out, "of this version already"));
}

TEST_CASE("looking changes nothing, and needs no registrar") {
    Shop shop;
    shop.run("domain-register", {shop.write("orders.csv", registrations({"now-shop.com"}))});
    const std::size_t calls = shop.times_executed("");
    const std::string before = read_text(shop / "ledger.db");
    for (const auto& words :
         {std::vector<std::string>{"list"}, {"show", "now-shop.com"}, {"result", "1"}}) {
        CHECK(shop.run("domain-orders", words).code == 0);
    }
    CHECK(read_text(shop / "ledger.db") == before);
    CHECK(shop.times_executed("") == calls);
}

TEST_CASE("a template is a header that is read as one") {
    Shop shop;
    for (const std::string kind : {"register", "transfer", "trade", "nameservers"}) {
        CAPTURE(kind);
        const ProgramEnd end = shop.run("domain-orders", {"template", kind});
        CHECK(end.code == 0);
        CHECK(lines_in(end.out) == 1);
        // The only thing wrong with it: nobody has filled it in.
        const ProgramEnd check =
            shop.run("domain-" + kind, {"--check", shop.write("filled.csv", end.out)});
        CHECK(check.code == 65);
        CHECK(holds(check.err, "filled.csv: holds no orders"));
        CHECK_FALSE(holds(check.err, ":1:"));
    }
    CHECK(shop.run("domain-orders", {"template", "renew"}).code == 64);
}

TEST_CASE("a template of an extension has what it wants of owners") {
    Shop shop;
    CHECK(holds(shop.run("domain-orders", {"template", "register", "--extension", "us"}).out,
                ",additional.US_CATEGORY"));
    CHECK_FALSE(holds(shop.run("domain-orders", {"template", "register", "--extension", "com"}).out,
                      "US_CATEGORY"));
}
