// Rows that are wrong in a file that is well: told one by one, and the good rows go on.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool::test;

namespace {

struct BadRow {
    std::string domain;
    std::string field, value;  // of the owner, in place of the good one; "": none
    std::string told;          // must stand in the message
};

const std::vector<BadRow>& bad_rows() {
    static const std::vector<BadRow> rows = {
        // Names that are none.
        {"no-extension", "", "", "no-extension"},
        {"two words.com", "", "", "two words.com"},
        {"under_score.com", "", "", "under_score.com"},
        {"-dash.com", "", "", "-dash.com"},
        {"a..com", "", "", "a..com"},
        {std::string(64, 'a') + ".com", "", "", "63"},
        {"soft\u00adhyphen.com", "", "", "hyphen"},
        // Signs and forms the registrar refuses (API, "Letters").
        {"a1.com", "firstName", "Nora (jr)", "firstName"},
        {"a2.com", "lastName", "\u0418\u0432\u0430\u043d\u043e\u0432", "lastName"},
        {"a3.com", "firstName", std::string(31, 'a'), "30"},
        {"a4.com", "address1", "Mill Lane #4", "address1"},
        {"a5.com", "city", "Paris!", "city"},
        {"a6.com", "country", "XX", "country"},
        {"a7.com", "phone", "12345", "phone"},
        {"a8.com", "email", "nora.example.net", "email"},
        {"a9.com", "lastName", "", "lastName"},
        {"a10.com", "language", "DE", "language"},
    };
    return rows;
}

std::string line_of(const BadRow& row) {
    const std::vector<std::pair<std::string, std::string>> owner = {
        {"firstName", "Nora"},       {"lastName", "Field"},
        {"address1", "1 Mill Lane"}, {"zipCode", "75001"},
        {"city", "Paris"},           {"country", "FR"},
        {"phone", "+33 123456789"},  {"email", "nora@example.net"},
        {"language", "EN"}};
    std::string line = row.domain + ",1";
    for (const auto& [field, value] : owner) {
        line += "," + (field == row.field ? row.value : value);
    }
    return line + "\n";
}

// The good rows of registrations() with one bad row between them, on line 3.
std::string with_bad_row(const BadRow& row) {
    const std::string good = registrations({"first-shop.com", "last-shop.com"});
    const auto last = good.find("last-shop.com");
    return good.substr(0, last) + line_of(row) + good.substr(last);
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a bad row is told with file, line and field before anything is sent") {
    Shop shop;
    for (const BadRow& row : bad_rows()) {
        CAPTURE(row.domain);
        CAPTURE(row.field);
        const std::string path = shop.write("orders.csv", with_bad_row(row));
        const ProgramEnd end = shop.run("domain-register", {"--check", path});
        CAPTURE(end.err);
        CHECK(end.code == 1);
        CHECK(end.err.find("orders.csv:3: ") != std::string::npos);
        CHECK(end.err.find(row.told) != std::string::npos);
        CHECK(count_of(end.err, "orders.csv:") == 1);
    }
    CHECK(shop.registrar().calls().empty());
}

TEST_CASE("the good rows beside a bad one are ordered, and the result file counts all") {
    Shop shop;
    const std::string path =
        shop.write("orders.csv", with_bad_row({"bad.com", "phone", "12345", ""}));
    const ProgramEnd end = shop.run("domain-register", {path, "--result", shop / "result.csv"});
    CAPTURE(end.err);
    CHECK(end.code == 1);
    CHECK(speaks_as_it_ends(end));
    CHECK(shop.times_executed("domainCreate") == 2);
    CHECK(shop.times_executed("domainCreate", "bad.com") == 0);

    const auto records = csv_records(read_text(shop / "result.csv"));
    REQUIRE(records.size() == 4);
    const auto& header = records[0];
    const auto state =
        static_cast<std::size_t>(std::find(header.begin(), header.end(), "state") - header.begin());
    REQUIRE(state < header.size());
    CHECK(records[1].at(state) == "done");
    CHECK(records[2].at(state) == "refused");
    CHECK(records[2].at(0) == "bad.com");
    CHECK(records[3].at(state) == "done");
}

TEST_CASE("all or nothing: one bad row refuses the file") {
    Shop shop;
    const std::string path =
        shop.write("orders.csv", with_bad_row({"bad.com", "phone", "12345", ""}));
    const ProgramEnd end = shop.run("domain-register", {path, "--all-or-nothing"});
    CHECK(end.code == 65);
    CHECK(end.err.find("orders.csv:3: ") != std::string::npos);
    CHECK(shop.orders().empty());
    CHECK(shop.times_executed("domainCreate") == 0);
}

TEST_CASE("the same domain twice in one file: both rows are refused") {
    Shop shop;
    const std::string path = shop.write(
        "orders.csv", registrations({"twice-shop.com", "once-shop.com", "TWICE-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CHECK(end.code == 1);
    CHECK(speaks_as_it_ends(end));
    CHECK(end.out.find("orders.csv:2: ") != std::string::npos);
    CHECK(end.out.find("orders.csv:4: ") != std::string::npos);
    CHECK(shop.times_executed("domainCreate", "twice-shop.com") == 0);
    CHECK(shop.times_executed("domainCreate", "once-shop.com") == 1);
}

TEST_CASE("an extension the registrar does not sell fails before money is spent") {
    Shop shop;
    const std::string path =
        shop.write("orders.csv", registrations({"a-shop.nosuch", "b-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CAPTURE(end.err);
    CHECK(end.code == 1);
    CHECK(speaks_as_it_ends(end));
    CHECK(end.out.find("a-shop.nosuch") != std::string::npos);
    const auto orders = shop.orders();
    CHECK(orders.at("a-shop.nosuch").at("state") == "failed");
    CHECK(orders.at("a-shop.nosuch").at("message").find("nosuch") != std::string::npos);
    CHECK(orders.at("b-shop.com").at("state") == "done");
    CHECK(shop.times_executed("domainCreate") == 1);
}

TEST_CASE("what the registrar itself refuses fails with its own code and words") {
    Shop shop;
    const std::string path = shop.write("orders.csv", registrations({"taken-shop.com"}));
    const ProgramEnd end = shop.run("domain-register", {path});
    CHECK(end.code == 1);
    CHECK(speaks_as_it_ends(end));
    CHECK(end.out.find("taken-shop.com") != std::string::npos);
    const auto order = shop.orders().at("taken-shop.com");
    CHECK(order.at("state") == "failed");
    CHECK(order.at("code").starts_with("E"));
    CHECK(order.at("message") != "(null)");
}
