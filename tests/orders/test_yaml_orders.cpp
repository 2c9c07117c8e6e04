#include "orders/reading.h"
#include "orders/yaml_orders.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::read_text_as;
using domspool::test::read_yaml;
using domspool::test::Reading;

namespace {

using Texts = std::vector<std::string>;

const std::string kGood = "orders:\n- domain: example.com\n  years: 1\n  owner: GK521\n";
const std::string kEnd = "...\n";

Texts problems_of(const std::string& text) {
    return read_yaml(text).file_problems();
}

constexpr const char* kAnn =
    "  ann:\n"
    "    firstName: Ann\n"
    "    lastName: Lee\n"
    "    address1: 1 Road\n"
    "    zipCode: 01000\n"
    "    city: Town\n"
    "    country: ch\n"
    "    phone: +41 225550100\n"
    "    email: ann@example.org\n"
    "    language: EN\n"
    "    additional: {EU_CITIZENSHIP: FR}\n";

}  // namespace

TEST_CASE("an entry becomes an order") {
    const Reading reading = read_yaml(
        "orders:\n"
        "- domain: Example.com\n"
        "  years: 2\n"
        "  owner: gk521\n"
        "  nameservers: [ns1.example.net, ns2.example.net]\n"
        "  lock: on\n"
        "  auto_renew: no\n"
        "  additional: {us_category: C11}\n"
        "...\n");
    CHECK(reading.file_problems() == Texts{});
    CHECK(reading.faults() == Texts{});
    REQUIRE(reading.rows.size() == 1);
    const Order& order = reading.rows[0].order.value();
    CHECK(reading.rows[0].line == 2);
    CHECK(order.years == 2);
    CHECK(order.nameservers == Texts{"ns1.example.net", "ns2.example.net"});
    CHECK(order.lock == true);
    CHECK(order.auto_renew == false);
    CHECK(order.additional == FieldMap{{"US_CATEGORY", "C11"}});
    CHECK(reading.file.columns == Texts{"additional.US_CATEGORY", "auto_renew", "domain", "lock",
                                        "nameservers", "owner", "years"});
}

TEST_CASE("defaults hold for every order that says nothing else") {
    const Reading reading = read_yaml(
        "defaults:\n"
        "  years: 1\n"
        "  owner: GK521\n"
        "  tech: reseller\n"
        "  nameservers: ns1.example.net ns2.example.net\n"
        "  tag: shop\n"
        "orders:\n"
        "- domain: a.example\n"
        "- domain: b.example\n"
        "  years: 3\n"
        "  tech: GK522\n"
        "  ns1: ns9.example.net\n"
        "  tag: \"\"\n"
        "...\n");
    CHECK(reading.faults() == Texts{});
    REQUIRE(reading.rows.size() == 2);
    CHECK(reading.rows[0].order->years == 1);
    CHECK(reading.rows[0].order->tag == "shop");
    CHECK(reading.rows[0].order->nameservers.size() == 2);
    const Order& second = reading.rows[1].order.value();
    CHECK(second.years == 3);
    CHECK(second.tech.id == "GK522");
    CHECK(second.nameservers == Texts{"ns9.example.net"});
    CHECK(second.tag == "");
}

TEST_CASE("an order's own contact takes the place of the default one, its fields are merged") {
    const Reading reading =
        read_yaml(std::string("defaults:\n  years: 1\n  owner:\n") +
                  "    firstName: Bob\n    lastName: Ray\n" + "contacts:\n" + kAnn +
                  "orders:\n"
                  "- domain: a.example\n"
                  "  owner: GK521\n"
                  "- domain: b.example\n"
                  "  owner: ann\n"
                  "- domain: c.example\n"
                  "  owner: {firstName: Bob, city: Town}\n"
                  "...\n");
    REQUIRE(reading.rows.size() == 3);
    REQUIRE(reading.rows[0].order);
    CHECK(reading.rows[0].order->owner.id == "GK521");
    REQUIRE(reading.rows[1].order);
    CHECK(field_of(reading.rows[1].order->owner.data.fields, "firstName") == "Ann");
    CHECK(reading.rows[2].given == FieldMap{{"domain", "c.example"},
                                            {"years", "1"},
                                            {"owner.firstName", "Bob"},
                                            {"owner.lastName", "Ray"},
                                            {"owner.city", "Town"}});
}

TEST_CASE("a named contact may stand in every role, its additional data with the owner") {
    const Reading reading = read_yaml(std::string("contacts:\n") + kAnn +
                                      "orders:\n"
                                      "- {domain: a.eu, years: 1, owner: ann, admin: ann}\n"
                                      "...\n");
    CHECK(reading.faults() == Texts{});
    REQUIRE(reading.rows.size() == 1);
    const Order& order = reading.rows[0].order.value();
    CHECK(field_of(order.owner.data.fields, "zipCode") == "01000");
    CHECK(order.owner.data.fields == order.admin.data.fields);
    CHECK(order.additional == FieldMap{{"EU_CITIZENSHIP", "FR"}});
    // The row is whole without the file's contacts.
    CHECK(field_of(reading.rows[0].given, "owner.phone") == "+41 225550100");
    CHECK_FALSE(reading.rows[0].given.contains("owner"));
}

TEST_CASE("a contact that is not there is a bad row") {
    const Reading reading = read_yaml("orders:\n- {domain: a.eu, years: 1, owner: nobody}\n...\n");
    CHECK_FALSE(reading.is_refused());
    REQUIRE(reading.faults().size() == 1);
    CHECK(reading.faults()[0].starts_with("orders.yaml:2: owner 'nobody': is no contact id"));
}

TEST_CASE("a contact's name must mean nothing else") {
    for (const char* name : {"auto", "reseller", "GK521"}) {
        CAPTURE(name);
        const Texts problems =
            problems_of(std::string("contacts:\n  ") + name + ": {city: Town}\n" + kGood + kEnd);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].find("cannot be a contact's name") != std::string::npos);
    }
}

TEST_CASE("unknown names refuse the file wherever they stand") {
    CHECK(problems_of("defualts: {tag: x}\n" + kGood + kEnd) ==
          Texts{"orders.yaml:1: defualts: is none of defaults, contacts, orders, on_error and "
                "count; did you mean 'defaults'?"});
    CHECK(problems_of("orders:\n- domain: a.com\n  yers: 1\n...\n") ==
          Texts{"orders.yaml:3: yers: is no field; did you mean 'years'?"});
    CHECK(
        problems_of("contacts:\n  ann:\n    firstNme: Ann\n" + kGood + kEnd) ==
        Texts{"orders.yaml:3: ann.firstNme: is no field of a contact; did you mean 'firstName'?"});
    CHECK(problems_of("defaults: {colour: red}\n" + kGood + kEnd) ==
          Texts{"orders.yaml:1: colour: is no field"});
}

TEST_CASE("sections of the wrong shape or place refuse the file") {
    CHECK(problems_of("orders: example.com\n...\n").size() == 2);  // And it holds no orders.
    CHECK(problems_of("orders:\n- example.com\n...\n").size() == 2);
    CHECK(problems_of("orders:\n  a: {domain: a.com}\n...\n").size() == 2);
    CHECK(problems_of("contacts:\n- ann\n" + kGood + kEnd).size() == 1);
    CHECK(problems_of("defaults: x\n" + kGood + kEnd).size() == 1);
    CHECK(problems_of("defaults: {domain: a.com}\n" + kGood + kEnd) ==
          Texts{"orders.yaml:1: domain: cannot be a default: every order has its own"});
    CHECK(problems_of(kGood + "defaults: {tag: x}\n" + kEnd) ==
          Texts{"orders.yaml:5: defaults: stands behind `orders:`; it belongs before it"});
    CHECK(problems_of(kGood + "  tag: [a, b]\n" + kEnd) ==
          Texts{"orders.yaml:5: tag: must be a plain value"});
    CHECK(problems_of("orders:\n- {domain: a.com, years: 1, owner: GK1, Years: 2}\n...\n") ==
          Texts{"orders.yaml:2: Years: stands there twice; one of them is right"});
}

TEST_CASE("two orders on one line refuse the file") {
    CHECK(problems_of("orders: [{domain: a.com, years: 1, owner: GK521},\n"
                      "  {domain: b.com, years: 1, owner: GK521}]\n...\n") == Texts{});
    const Texts same_line = problems_of(
        "orders: [{domain: a.com, years: 1, owner: GK521}, {domain: b.com, years: 1, owner: "
        "GK521}]\n...\n");
    REQUIRE(same_line.size() == 1);
    CHECK(same_line[0].find("two orders on this line") != std::string::npos);
}

TEST_CASE("a file without its last line is refused as cut short") {
    CHECK(problems_of(kGood) == Texts{"orders.yaml: does not end with a line '...': it is cut "
                                      "short"});
    CHECK(problems_of(kGood + " ...\n") != Texts{});
    CHECK_FALSE(read_yaml(kGood + "...").is_refused());
    CHECK_FALSE(read_yaml(kGood + "...\r\n\n").is_refused());
}

TEST_CASE("a quote that is never closed refuses the file") {
    CHECK(read_yaml(kGood + "  tag: \"open\n...\n").is_refused());
    CHECK(read_yaml(kGood + "  tag: 'open\n...\n").is_refused());
    CHECK(read_yaml(kGood + "  tag: \"open\n").is_refused());
}

TEST_CASE("a count that is stated must agree") {
    CHECK_FALSE(read_yaml("count: 1\n" + kGood + kEnd).is_refused());
    CHECK_FALSE(read_yaml(kGood + "count: 1\n" + kEnd).is_refused());
    CHECK(problems_of("count: 2\n" + kGood + kEnd) ==
          Texts{"orders.yaml:1: the file says it holds 2 orders, but it holds 1; it may be cut "
                "short"});
    CHECK(problems_of("count: one\n" + kGood + kEnd) ==
          Texts{"orders.yaml:1: count 'one': must be the number of orders"});
    FileRequest request{"orders.yaml", FileFormat::yaml, OrderKind::register_domain, {}};
    request.limits.require_count = true;
    CHECK(read_text_as(request, kGood + kEnd).file_problems() ==
          Texts{"orders.yaml: the settings want a count (require_count): 'count: 1' is missing"});
}

TEST_CASE("a file without orders is refused") {
    CHECK(problems_of("...\n") == Texts{"orders.yaml: holds no orders"});
    CHECK(problems_of("orders: []\n...\n") == Texts{"orders.yaml: holds no orders"});
    CHECK(problems_of("orders:\n...\n").size() == 3);  // A bare null, which is no list.
}

TEST_CASE("on_error says what becomes of the good rows") {
    CHECK(read_yaml(kGood + kEnd).file.on_error == OnError::accept_good_rows);
    CHECK(read_yaml("on_error: accept_good_rows\n" + kGood + kEnd).file.on_error ==
          OnError::accept_good_rows);
    CHECK(read_yaml("on_error: refuse_file\n" + kGood + kEnd).file.on_error ==
          OnError::refuse_file);
    CHECK(problems_of("on_error: ignore\n" + kGood + kEnd) ==
          Texts{"orders.yaml:1: on_error 'ignore': must be accept_good_rows or refuse_file"});
}

TEST_CASE("bytes that are no text refuse the file") {
    CHECK(problems_of(kGood + "  tag: caf\xe9\n" + kEnd) ==
          Texts{"orders.yaml:5: is not UTF-8; save it with the encoding UTF-8"});
    CHECK(problems_of(kGood + "  tag: a" + std::string(1, '\0') + "\n" + kEnd) ==
          Texts{"orders.yaml:5: holds a NUL byte: no text file"});
    CHECK_FALSE(read_yaml("\xef\xbb\xbf" + kGood + kEnd).is_refused());
}

TEST_CASE("all problems of the file are told at once") {
    const Texts problems = problems_of(
        "colour: red\n"
        "orders:\n"
        "- domain: a.com\n"
        "  yers: 1\n"
        "  tag:\n"
        "  note: &x y\n"
        "  note: z\n"
        "count: 5\n");
    CHECK(problems.size() == 7);
}

TEST_CASE("EPP codes keep their zeros, and stand nowhere else") {
    const Reading reading = read_yaml(
        "orders:\n"
        "- {domain: a.com, owner: auto, auth_code: 0012}\n"
        "- {domain: b.com, owner: auto, auth_code: '00 x'}\n"
        "- {domain: c_d.com, owner: auto, auth_code: S3cret}\n"
        "- {domain: e.com, owner: auto, auth_code: [S3cret]}\n"
        "- {domain: f.com, owner: auto, auth_code: {S3cret: S3cret, S3cret: x}}\n"
        "...\n",
        OrderKind::transfer);
    REQUIRE(reading.rows.size() == 5);
    CHECK(reading.rows[0].auth_code.reveal() == "0012");
    CHECK(reading.rows[1].auth_code.reveal() == "00 x");
    CHECK(reading.rows[2].auth_code.empty());
    CHECK(reading.file_problems().size() == 2);  // The two mappings are one.
    for (const std::string& text : reading.file_problems()) {
        CHECK(text.find("S3cret") == std::string::npos);
    }
    for (const std::string& text : reading.faults())
        CHECK(text.find("S3cret") == std::string::npos);
}

TEST_CASE("contacts and defaults without end refuse the file, and are told once") {
    std::string many = "contacts:\n";
    for (int i = 0; i <= 10'001; ++i) {
        many += "  person-" + std::to_string(i) + ": {firstName: Ann}\n";
    }
    const std::string order = "orders:\n- domain: a.com\n  years: 1\n  owner: GK521\n...\n";
    const Reading contacts = read_yaml(many + order);
    CHECK(contacts.file_problems() ==
          std::vector<std::string>{
              "orders.yaml:10002: contacts: names more than 10000 persons; put the others into "
              "another file, or into their orders"});
    std::string defaults = "defaults:\n";
    for (int i = 0; i <= 1'001; ++i) defaults += "  additional.K" + std::to_string(i) + ": x\n";
    CHECK(read_yaml(defaults + order).file_problems() ==
          std::vector<std::string>{"orders.yaml:1002: defaults: hold more than 1000 fields"});
}

TEST_CASE("fields without end, of contacts or as columns, refuse the file and are told once") {
    const std::string order = "orders:\n- domain: a.com\n  years: 1\n  owner: GK521\n";
    std::string fields = "contacts:\n";
    for (int contact = 0; contact < 320; ++contact) {
        fields += "  c-" + std::to_string(contact) + ":\n";
        for (int i = 0; i < 640; ++i) fields += "    additional.K" + std::to_string(i) + ": x\n";
    }
    CHECK(read_yaml(fields + order + "...\n").file_problems() ==
          std::vector<std::string>{"orders.yaml:" + std::to_string(2 + 312 * 641) +
                                   ": contacts: have more than 200000 fields in all; put some into "
                                   "another file"});
    std::string orders = "orders:\n";
    for (int i = 0; i < 6'000; ++i) {
        orders +=
            "- {domain: a.com, years: 1, owner: GK521, additional.K" + std::to_string(i) + ": x}\n";
    }
    CHECK(read_yaml(orders + "...\n").file_problems() ==
          std::vector<std::string>{
              "orders.yaml: uses more than 5000 different fields; put some orders into another "
              "file"});
}
