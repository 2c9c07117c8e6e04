// What a large or hostile order file costs: memory stays flat, whatever stands in it.
#include "support/holds.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool::test;

namespace {

// What a program takes for a file of one order is 24 to 32 MB, built without optimisation.
constexpr long kMostMegabytes = 48;
// The YAML library keeps 250 bytes for each bracket that it has not told of yet.
constexpr long kMostOfYaml = 96;

std::string times(int count, const std::string& text) {
    std::string all;
    all.reserve(text.size() * static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

std::string rows_of(int count, const std::string& before, const std::string& behind) {
    std::string all;
    for (int i = 0; i < count; ++i) all += before + std::to_string(i) + behind;
    return all;
}

// As many separators as the header has.
std::string cells_as(const std::string& text) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(text.find('\n'));
    return std::string(static_cast<std::size_t>(std::count(text.begin(), end, ',')), ',');
}

const std::string kHeader = "domain,years,owner\n";
const std::string kEntry = "- domain: one-shop.com\n  years: 1\n  owner: GK521\n";

ProgramEnd checked(const Shop& shop, const std::string& name, const std::string& text) {
    const ProgramEnd end = shop.run("domain-register", {"--check", shop.write(name, text)});
    CAPTURE(name);
    CHECK(end.peak_kilobytes / 1024 < (name.ends_with("yaml") ? kMostOfYaml : kMostMegabytes));
    return end;
}

}  // namespace

TEST_CASE("one order and a million lines and rows without a character are one order") {
    const Shop shop;
    for (const std::string empty : {"\n", ",,\n", "\"\",\"\",\"\"\n"}) {
        const ProgramEnd end = checked(
            shop, "a.csv",
            kHeader + times(500'000, empty) + "one-shop.com,1,GK521\n" + times(500'000, empty));
        CHECK(end.code == 0);
        CHECK(end.err == "");
        CHECK(holds(end.out, "a.csv: 1 row read"));
    }
}

TEST_CASE("what gives a reader no end in YAML is refused in flat memory") {
    const Shop shop;
    const std::string end_line = "...\n";
    for (const std::string& text :
         {"orders:\n" + kEntry + times(1'000'000, "\n") + end_line,
          "orders:\n" + times(100'000, "-\n") + end_line,
          rows_of(100'000, "a", ": 1\n") + "orders:\n" + kEntry + end_line,
          "orders:\n" + kEntry + "  note: \"" + times(1'000'000, "x\n") + "\"\n" + end_line,
          "orders: " + times(1'000'000, "["), "orders: " + times(500'000, "{a: "),
          "orders:\n" + times(500'000, "- ")}) {
        const ProgramEnd end = checked(shop, "a.yaml", text);
        CHECK(end.code == 65);
        CHECK(holds(end.err, "a.yaml:"));
    }
}

TEST_CASE("a million cells in a row and a million columns are refused in flat memory") {
    const Shop shop;
    const std::string cells = times(1'000'000, ",x");
    CHECK(checked(shop, "a.csv", kHeader + "a.com,1,GK521" + cells + "\n").code == 65);
    CHECK(checked(shop, "a.csv", "domain,years,owner" + cells + "\n").code == 65);
    CHECK(checked(shop, "a.csv", kHeader + "a.com,1,\"" + cells + "\"\n").code == 65);
}

TEST_CASE("of very many bad rows the first are told and the others counted, in flat memory") {
    const Shop shop;
    constexpr int kRows = 30'000;
    const std::string path =
        shop.write("register-a.csv", kHeader + rows_of(kRows, "_", ",x,no contact\n"));
    ProgramEnd end = shop.run("domain-register", {"--check", path});
    CHECK(end.code == 1);
    CHECK(holds(end.err, "30000 of 30000 rows of"));
    // Equal ones are one.
    CHECK(holds(end.err, "register-a.csv:2: owner 'no contact': is no contact id"));
    CHECK(holds(end.err, "(and in lines 3-30001; 30000 rows)"));
    CHECK(std::count(end.err.begin(), end.err.end(), '\n') == 4);
    CHECK(end.peak_kilobytes / 1024 < kMostMegabytes);
    end = shop.run("domain-register", {"--check", "--json", path});
    const auto objects = json_lines(end.out);
    REQUIRE(objects.size() == 3);
    CHECK(objects[0].at("lines") == "2-30001");
    CHECK(objects[0].at("rows") == "30000");
    CHECK(end.peak_kilobytes / 1024 < kMostMegabytes);
}

TEST_CASE("spool-run takes many bad rows and wide rows in flat memory, and orders the good one") {
    SpoolShop shop(SettingChanges{{"limits.max_orders_per_run", "0"}});
    std::string columns, cells;
    for (int i = 0; i < 900; ++i) {
        columns += ",additional.K" + std::to_string(i);
        cells += ",x";
    }
    const std::string good = registrations({"one-shop.com"});
    shop.drop("register-bad.csv", good + rows_of(4'000, "_", cells_as(good) + "\n"));
    shop.drop("register-wide.csv",
              "domain,years,owner" + columns + "\n" + rows_of(200, "_", ",1,GK521" + cells + "\n"));
    shop.drop("register-refused.yaml", "on_error: refuse_file\norders:\n" +
                                           rows_of(2'000, "- domain: _", "\n  years: x\n") +
                                           "...\n");
    const ProgramEnd end = shop.run("spool-run", {});
    CAPTURE(end.err);
    CHECK(end.code == 65);
    CHECK(end.peak_kilobytes / 1024 < kMostMegabytes);
    CHECK(shop.orders().size() == 1);
    CHECK(shop.orders().at("one-shop.com").at("state") == "done");
    const std::string problems = shop.text("refused/register-refused.yaml.problems.txt");
    CHECK(std::count(problems.begin(), problems.end(), '\n') == 3);  // Equal ones are one.
    CHECK(holds(problems, "years 'x': must be a whole number"));
    CHECK(holds(problems, "2000 rows"));
}
