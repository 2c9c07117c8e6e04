// Order files that are refused whole: nothing is entered, nobody is asked (ORDER-FILES, "Files").
#include "support/shop.h"

#include <doctest/doctest.h>

using namespace domspool::test;

namespace {

const std::string kHeader =
    "domain,years,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,"
    "owner.country,owner.phone,owner.email,owner.language";
const std::string kRest =
    ",1,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN";

const std::string kYamlOwner =
    "    owner: {firstName: Nora, lastName: Field, address1: 1 Mill Lane, zipCode: \"75001\", "
    "city: Paris, country: FR, phone: +33 123456789, email: nora@example.net, language: EN}\n";
const std::string kYamlOrder = "orders:\n  - domain: a-shop.com\n    years: 1\n" + kYamlOwner;

struct RefusedFile {
    std::string why, name, text;
    std::string told;  // must stand in the message
};

std::vector<RefusedFile> refused_csv() {
    const std::string good = "a-shop.com" + kRest + "\n";
    return {
        {"an unknown field", "a.csv", "domain,yeers\na-shop.com,1\n", "yeers"},
        {"a required column missing", "a.csv", "years\n1\n", "domain"},
        {"a doubled header", "a.csv", "domain,years,Domain\na-shop.com,1,a-shop.com\n", "omain"},
        {"no rows", "a.csv", kHeader + "\n", "no orders"},
        {"an empty file", "a.csv", "", "a.csv"},
        {"bytes that are no UTF-8", "a.csv", kHeader + "\na-shop\xFF.com" + kRest + "\n", "UTF-8"},
        {"a row with a cell too many", "a.csv", kHeader + "\n" + good + "b.com" + kRest + ",x\n",
         ":3"},
        {"a row with a cell too few", "a.csv", kHeader + "\n" + good + "b.com,1\n", ":3"},
        {"no line break at the end", "a.csv", kHeader + "\n" + good + "b-shop.com" + kRest,
         "cut short"},
        {"a quote that is not closed", "a.csv", kHeader + "\n\"a-shop.com" + kRest + "\n", "a.csv"},
        {"a row of another kind", "a.csv",
         "order," + kHeader + "\nregister,a-shop.com" + kRest + "\ntransfer,b-shop.com" + kRest +
             "\n",
         "transfer"},
        {"a name of another kind", "transfer-a.csv", kHeader + "\n" + good, "transfer"},
        {"a count that does not agree", "a.csv", kHeader + "\n" + good + "#end,2\n", "2"},
        {"a file above the limit", "a.csv",
         kHeader + "\n" + good + std::string(1 << 20, 'x') + "\n", "MB"},
    };
}

std::vector<RefusedFile> refused_yaml() {
    const std::string end = "...\n";
    return {
        {"no line that ends it", "a.yaml", kYamlOrder, "..."},
        {"broken YAML", "a.yaml", "orders: [\n" + end, "a.yaml"},
        {"an unknown field", "a.yaml", kYamlOrder + "    yeers: 1\n" + end, "yeers"},
        {"an unknown section", "a.yaml", "order_list: [{domain: b-shop.com}]\n" + kYamlOrder + end,
         "order_list"},
        {"no orders", "a.yaml", "orders: []\n" + end, "a.yaml"},
        {"an anchor", "a.yaml", "orders:\n  - &x\n    domain: a-shop.com\n" + end, "nchor"},
        {"an alias", "a.yaml", "orders:\n  - *x\n" + end, "a.yaml"},
        {"a tag", "a.yaml", "orders:\n  - domain: !!str a-shop.com\n" + end, "tag"},
        {"a doubled key", "a.yaml", kYamlOrder + "    years: 2\n" + end, "years"},
        {"a second document", "a.yaml", kYamlOrder + "---\n" + kYamlOrder + end, "document"},
        {"a bare null", "a.yaml", kYamlOrder + "    note: null\n" + end, "note"},
        {"an empty value", "a.yaml", kYamlOrder + "    note:\n" + end, "note"},
        {"a count that does not agree", "a.yaml", "count: 2\n" + kYamlOrder + end, "2"},
        {"contacts behind the orders", "a.yaml",
         kYamlOrder + "contacts:\n  x: {firstName: Nora}\n" + end, "contacts"},
        {"deep nesting", "a.yaml",
         "orders:\n  - domain: " + std::string(50, '[') + "a" + std::string(50, ']') + "\n" + end,
         "a.yaml"},
        {"a row of another kind", "a.yaml", kYamlOrder + "    order: trade\n" + end, "trade"},
    };
}

void check_refused(Shop& shop, const RefusedFile& file) {
    CAPTURE(file.why);
    const ProgramEnd end = shop.run("domain-register", {shop.write(file.name, file.text)});
    CAPTURE(end.err);
    CHECK(end.code == 65);
    CHECK(end.err.find(file.name) != std::string::npos);
    CHECK(end.err.find(file.told) != std::string::npos);
    CHECK(shop.orders().empty());
    CHECK(shop.registrar().calls().empty());
    CHECK(read_text(shop / file.name) == file.text);
}

}  // namespace

TEST_CASE("a CSV file that cannot be trusted whole is refused whole") {
    Shop shop(SettingChanges{{"spool.max_file_mb", "1"}});
    for (const RefusedFile& file : refused_csv()) check_refused(shop, file);
}

TEST_CASE("a YAML file that cannot be trusted whole is refused whole") {
    Shop shop;
    for (const RefusedFile& file : refused_yaml()) check_refused(shop, file);
}

TEST_CASE("a count is demanded when the settings say so") {
    Shop shop(SettingChanges{{"spool.require_count", "true"}});
    check_refused(shop, {"no count", "a.csv", kHeader + "\na-shop.com" + kRest + "\n", "#end"});
    check_refused(shop, {"no count", "a.yaml", kYamlOrder + "...\n", "count"});
}

TEST_CASE("a refused file does not keep the others of the same call back") {
    Shop shop;
    const ProgramEnd end = shop.run(
        "domain-register", {shop.write("bad.csv", "domain,yeers\na-shop.com,1\n"),
                            shop.write("good.csv", kHeader + "\nb-shop.com" + kRest + "\n")});
    CHECK(end.code == 65);
    CHECK(shop.times_executed("domainCreate", "b-shop.com") == 1);
    CHECK(shop.orders().size() == 1);
}

TEST_CASE("a file that is not there is told, and the others go on") {
    Shop shop;
    const ProgramEnd end = shop.run(
        "domain-register",
        {shop / "missing.csv", shop.write("good.csv", kHeader + "\nb-shop.com" + kRest + "\n")});
    CHECK(end.code == 66);
    CHECK(end.err.find("missing.csv") != std::string::npos);
    CHECK(shop.times_executed("domainCreate", "b-shop.com") == 1);
}

TEST_CASE("standard input is an order file like any other") {
    Shop shop;
    ProgramCall call = shop.call("domain-register", {"-"});
    call.input = kHeader + "\na-shop.com" + kRest + "\nb-shop.com" + kRest;
    const ProgramEnd cut = run_program(call);
    CHECK(cut.code == 65);
    CHECK(shop.registrar().calls().empty());
    call.input += "\n";
    const ProgramEnd whole = run_program(call);
    CAPTURE(whole.err);
    CHECK(whole.code == 0);
    CHECK(shop.times_executed("domainCreate") == 2);
}

TEST_CASE("a file is validated without settings, network and ledger") {
    Shop shop;
    const std::string bad = shop.write("bad.csv", "domain,yeers\na-shop.com,1\n");
    const std::string good = shop.write("good.csv", kHeader + "\nb-shop.com" + kRest + "\n");
    std::filesystem::remove(shop / "ledger.db");
    std::filesystem::remove(shop / "secret");
    CHECK(shop.run("domain-register", {"--check", bad}).code == 65);
    const ProgramEnd end = shop.run("domain-register", {"--check", good});
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(shop.registrar().calls().empty());
}
