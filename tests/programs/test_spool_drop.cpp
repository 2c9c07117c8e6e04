// spool-drop: what it places, and what it does not.
#include "support/holds.h"
#include "support/not_run.h"
#include "support/spool_shop.h"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

using namespace domspool::test;

namespace {

using Names = std::vector<std::string>;

const std::string kBadRow =
    "order,domain,years,owner\nregister,under_score.com,1,AB1\nregister,good-one.com,1,AB1\n";

}  // namespace

TEST_CASE("a good file is placed whole, for the next spool-run") {
    SpoolShop shop;
    const std::string text = registrations({"one-shop.com", "two-shop.com"});
    const std::string path = shop.write("register-march.csv", text);
    const ProgramEnd end = shop.run("spool-drop", {path});
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(end.out ==
          shop.spool() + "/incoming/register-march.csv: 2 orders for the next spool-run\n");
    CHECK(shop.files_in("incoming") == Names{"register-march.csv"});
    CHECK(shop.text("incoming/register-march.csv") == text);
    struct stat about {};
    REQUIRE(::stat((shop.spool() + "/incoming/register-march.csv").c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0640);
    CHECK(shop.registrar().calls().empty());
    CHECK(shop.run("spool-run", {}).code == 0);
    CHECK(shop.times_executed("domainCreate") == 2);
}

TEST_CASE("standard input is placed under the name it is given") {
    SpoolShop shop;
    ProgramCall call = shop.call("spool-drop", {"-", "--name", "register-x.csv"});
    call.input = registrations({"one-shop.com"});
    CHECK(run_program(call).code == 0);
    CHECK(shop.files_in("incoming") == Names{"register-x.csv"});
    CHECK(shop.run("spool-drop", {"-"}).code == 64);
    CHECK(shop.run("spool-drop", {"-", "--name", "../x.csv"}).code == 64);
}

TEST_CASE("nothing is placed over a file that is there") {
    SpoolShop shop;
    shop.drop("register-x.csv", "another's\n");
    const std::string path = shop.write("register-x.csv", registrations({"one-shop.com"}));
    const ProgramEnd end = shop.run("spool-drop", {path});
    CHECK(end.code == 73);
    CHECK(holds(end.err, "is there already"));
    CHECK(shop.text("incoming/register-x.csv") == "another's\n");
    CHECK(shop.files_in("incoming") == Names{"register-x.csv"});
}

TEST_CASE("what spool-run would refuse, leave alone or put aside is not placed, and told why") {
    SpoolShop shop(SettingChanges{{"limits.max_orders_per_run", "1"}, {"spool.max_file_mb", "1"}});
    struct Case {
        std::string name, text;
        int code;
        std::string says;
    };
    const std::vector<Case> cases = {
        {"register-short.csv", "domain,years,owner\nx.com\n", 65, "the row has 1 cells"},
        {"no-kind.csv", "domain,years,owner\nx.com,1,AB1\n", 65, "order: is missing"},
        {"notes.txt", registrations({"x.com"}), 65, "ends in none of .csv .yaml .yml"},
        {".hidden.csv", registrations({"x.com"}), 65, "is hidden"},
        {"register-many.csv", registrations({"x.com", "y.com"}), 69, "max_orders_per_run is 1"},
        {"bad-row.csv", kBadRow, 1, "1 of 2 rows"},
        {"register-big.csv", std::string(1100 * 1024, 'x'), 65, "1 MB"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.name);
        const ProgramEnd end = shop.run("spool-drop", {shop.write(each.name, each.text)});
        CHECK(end.code == each.code);
        CHECK(holds(end.err, each.says));
        CHECK(end.out == "");
        CHECK(shop.files_in("incoming").empty());
    }
    CHECK(shop.run("spool-drop", {shop / "missing.csv"}).code == 66);
}

TEST_CASE("a file with bad rows is placed when that is wanted") {
    SpoolShop shop;
    CHECK(shop.run("spool-drop", {shop.write("a.csv", kBadRow), "--good-rows"}).code == 0);
    CHECK(shop.files_in("incoming") == Names{"a.csv"});
}

TEST_CASE("of several files each good one is placed") {
    SpoolShop shop;
    const ProgramEnd end =
        shop.run("spool-drop", {shop.write("register-a.csv", registrations({"a-shop.com"})),
                                shop.write("register-b.csv", "domain\n"),
                                shop.write("register-c.csv", registrations({"c-shop.com"}))});
    CHECK(end.code == 65);
    CHECK(shop.files_in("incoming") == Names{"register-a.csv", "register-c.csv"});
}

TEST_CASE("--check places nothing") {
    SpoolShop shop;
    const ProgramEnd end = shop.run(
        "spool-drop", {shop.write("register-a.csv", registrations({"a-shop.com"})), "--check"});
    CHECK(end.code == 0);
    CHECK(end.out == "register-a.csv: 1 order; nothing was placed\n");
    CHECK(shop.files_in("incoming").empty());
}

TEST_CASE("who is not in the group of incoming is told how to get there") {
    if (::geteuid() != 0) return not_run("only root can become somebody else");
    SpoolShop shop;
    const std::string path = shop.write("register-a.csv", registrations({"a-shop.com"}));
    for (const std::string& open : {shop.folder().string(), shop.spool()}) {
        REQUIRE(::chmod(open.c_str(), 0755) == 0);
    }
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    REQUIRE(::chmod((shop / "config.yaml").c_str(), 0644) == 0);
    ProgramCall call = shop.call("spool-drop", {path});
    call.user = 65534;
    const ProgramEnd end = run_program(call);
    CHECK(end.code == 77);
    CHECK(holds(end.err, "members of its group may: sudo adduser USER root"));
}

TEST_CASE("a domain that stands twice in a file is told before it is placed") {
    SpoolShop shop;
    const std::string path =
        shop.write("register-x.csv", registrations({"x.com", "y.com", "x.com"}));
    const ProgramEnd end = shop.run("spool-drop", {path});
    CHECK(end.code == 1);
    CHECK(holds(end.err, "2 of 3 rows"));
    CHECK(holds(end.err, "register-x.csv:2: domain 'x.com': stands there twice"));
    CHECK(holds(end.err, "(and in line 4; 2 rows)"));
    CHECK(shop.files_in("incoming").empty());
}
