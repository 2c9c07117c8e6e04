#include "orders/order.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace domspool;

namespace {

using How = ContactChoice::How;

FieldMap least(OrderKind kind) {
    FieldMap fields = {{"domain", "example.com"}};
    if (kind == OrderKind::register_domain) fields["years"] = "1";
    if (kind == OrderKind::nameservers) fields["nameservers"] = "ns1.example.net ns2.example.net";
    if (kind != OrderKind::nameservers) fields["owner"] = "GK521";
    return fields;
}

const std::vector<OrderKind> kKinds = {OrderKind::register_domain, OrderKind::transfer,
                                       OrderKind::trade, OrderKind::nameservers};

FieldMap plus(FieldMap fields, const FieldMap& more) {
    for (const auto& [name, value] : more) fields[name] = value;
    return fields;
}

ReadOrder read_with(OrderKind kind, const FieldMap& more) {
    return read_order(kind, plus(least(kind), more));
}

Order order_with(OrderKind kind, const FieldMap& more) {
    const ReadOrder read = read_with(kind, more);
    for (const FieldFault& fault : read.faults) FAIL(fault.field, ": ", fault.reason);
    return *read.order;
}

// "field: reason" of the only fault.
std::string fault_of(OrderKind kind, const FieldMap& more) {
    const ReadOrder read = read_with(kind, more);
    REQUIRE(read.faults.size() == 1);
    CHECK_FALSE(read.order);
    CHECK(read.normalised.empty());
    return read.faults[0].field + ": " + read.faults[0].reason;
}

bool is_refused(OrderKind kind, const std::string& field, const std::string& value) {
    const ReadOrder read = read_with(kind, {{field, value}});
    return !read.order && read.faults.size() == 1 && read.faults[0].field == field;
}

FieldMap inline_owner() {
    return {{"owner", ""},
            {"owner.firstName", "Ann"},
            {"owner.lastName", "Lee"},
            {"owner.address1", "1 Example Road"},
            {"owner.zipCode", "12345"},
            {"owner.city", "Springfield"},
            {"owner.country", "us"},
            {"owner.area", "IL"},
            {"owner.phone", "+1 2025550100"},
            {"owner.email", "ann@example.org"},
            {"owner.language", "EN"}};
}

constexpr OrderKind kRegister = OrderKind::register_domain;
constexpr OrderKind kTransfer = OrderKind::transfer;
constexpr OrderKind kTrade = OrderKind::trade;
constexpr OrderKind kNameservers = OrderKind::nameservers;

}  // namespace

TEST_CASE("each kind is content with the fields it requires") {
    for (const OrderKind kind : kKinds) {
        CAPTURE(to_word(kind));
        const Order order = order_with(kind, {});
        CHECK(order.kind == kind);
        CHECK(order.domain.ascii() == "example.com");
    }
    CHECK(order_with(kRegister, {}).years == 1);
    CHECK(order_with(kRegister, {}).owner.id == "GK521");
    CHECK(order_with(kRegister, {}).admin.how == How::not_given);
    CHECK(order_with(kTransfer, {}).keep_nameservers);
    CHECK(order_with(kNameservers, {}).nameservers ==
          std::vector<std::string>{"ns1.example.net", "ns2.example.net"});
}

TEST_CASE("each required field that is missing is named") {
    CHECK(fault_of(kRegister, {{"domain", " "}}) ==
          "domain: is missing; every order names one domain");
    CHECK(fault_of(kRegister, {{"years", ""}}) == "years: is missing; there is no default");
    CHECK(fault_of(kTransfer, {{"owner", ""}}) ==
          "owner: is missing; a contact id, the contact's fields, or auto are wanted");
    CHECK(fault_of(kTrade, {{"owner", ""}}) ==
          "owner: is missing; a contact id, the contact's fields are wanted");
    CHECK(fault_of(kNameservers, {{"nameservers", ""}}) ==
          "nameservers: is missing; 1 to 5 host names are wanted");
}

TEST_CASE("a field that means nothing for the kind is refused, not ignored") {
    CHECK(fault_of(kTransfer, {{"years", "2"}}) ==
          "years: is not for transfer orders, only for register; leave it empty");
    CHECK(is_refused(kTrade, "nameservers", "ns1.example.net"));
    CHECK(is_refused(kTrade, "admin", "GK522"));
    CHECK(is_refused(kNameservers, "owner", "GK521"));
    CHECK(is_refused(kNameservers, "max_price", "5 EUR"));
    CHECK(is_refused(kRegister, "new_auth_code", "yes"));
    CHECK(is_refused(kNameservers, "additional.EU_CITIZENSHIP", "FR"));
    CHECK(order_with(kTransfer, {{"years", ""}}).years == 0);
}

TEST_CASE("all faults of an order are told at once") {
    const ReadOrder read = read_order(kRegister, {{"domain", "a_b.com"},
                                                  {"years", "one"},
                                                  {"owner", "nobody"},
                                                  {"lock", "perhaps"},
                                                  {"colour", "red"}});
    std::vector<std::string> fields;
    for (const FieldFault& fault : read.faults) fields.push_back(fault.field);
    CHECK(fields == std::vector<std::string>{"colour", "domain", "years", "owner", "lock"});
}

TEST_CASE("an unknown field names the nearest known one") {
    CHECK(fault_of(kRegister, {{"auto_renw", "on"}}) ==
          "auto_renw: is no field; did you mean 'auto_renew'?");
}

TEST_CASE("years are whole numbers") {
    CHECK(order_with(kRegister, {{"years", " 10 "}}).years == 10);
    for (const char* years : {"0", "-1", "1.0", "1,5", "one", "101", "1 year", "99999999999"}) {
        CAPTURE(years);
        CHECK(is_refused(kRegister, "years", years));
    }
}

TEST_CASE("a role is a contact id, reseller or, for the owner of a transfer, auto") {
    const Order order = order_with(
        kTransfer,
        {{"owner", "Auto"}, {"admin", "reseller"}, {"tech", "gk522"}, {"billing", "NETIM4FR"}});
    CHECK(order.owner.how == How::automatic);
    CHECK(order.admin.how == How::reseller);
    CHECK(order.tech.how == How::id);
    CHECK(order.tech.id == "GK522");
    CHECK(order.billing.id == "NETIM4FR");
    CHECK(order_with(kTransfer, {{"owner", "#AUTO#"}}).owner.how == How::automatic);
    CHECK(order_with(kRegister, {{"owner", "TRUST4FR"}}).owner.id == "TRUST4FR");
}

TEST_CASE("a role that would have to be guessed is refused") {
    CHECK(is_refused(kRegister, "owner", "auto"));
    CHECK(is_refused(kTrade, "owner", "auto"));
    CHECK(is_refused(kRegister, "owner", "reseller"));
    CHECK(is_refused(kTransfer, "admin", "auto"));
    for (const char* id : {"anna", "521", "G521", "GK", "GK-521", "GK 521", "GK52100000000"}) {
        CAPTURE(id);
        CHECK(is_refused(kRegister, "owner", id));
    }
}

TEST_CASE("an inline contact is checked and normalised") {
    const Order order = order_with(kRegister, inline_owner());
    CHECK(order.owner.how == How::inline_data);
    CHECK(field_of(order.owner.data.fields, "country") == "US");
    CHECK(field_of(order.owner.data.fields, "bodyForm") == "IND");
    const FieldMap normalised = read_with(kRegister, inline_owner()).normalised;
    CHECK(field_of(normalised, "owner.area") == "IL");
    CHECK_FALSE(normalised.contains("owner"));
    CHECK(fault_of(kRegister, plus(inline_owner(), {{"owner.phone", "0155501234"}}))
              .starts_with("owner.phone: cannot be read without guessing"));
}

TEST_CASE("a role given by id and by fields is refused") {
    CHECK(fault_of(kRegister, plus(inline_owner(), {{"owner", "GK521"}}))
              .starts_with("owner: is given twice"));
}

TEST_CASE("an EPP code is looked at and kept nowhere") {
    const std::string longest = "  00" + std::string(56, '7') + "=+@ ";
    REQUIRE(longest.size() == 64);
    const ReadOrder read = read_with(kTransfer, {{"auth_code", longest}});
    REQUIRE(read.order);
    CHECK(read.order->has_auth_code);
    CHECK(field_of(read.normalised, "auth_code") == "(kept)");
    CHECK_FALSE(order_with(kTransfer, {}).has_auth_code);
    CHECK(order_with(kTransfer, {{"auth_code", "(kept)"}}).has_auth_code);
    CHECK(read_with(kTransfer, {{"auth_code", "(wiped)"}}).normalised == read.normalised);
}

TEST_CASE("a fault never shows an EPP code") {
    for (const std::string& code :
         {std::string(65, 'x'), std::string("xxxx\nxxxx"), std::string("xxxx\x01"),
          std::string("xxxx\xff"), std::string("   ")}) {
        for (const FieldFault& fault : read_with(kTransfer, {{"auth_code", code}}).faults) {
            CHECK(fault.field == "auth_code");
            CHECK(fault.value == "");
            CHECK(fault.reason.find("xxxx") == std::string::npos);
        }
        CHECK(is_refused(kTransfer, "auth_code", code));
    }
    const ReadOrder foreign = read_with(kRegister, {{"auth_code", "xxxx"}});
    REQUIRE(foreign.faults.size() == 1);
    CHECK(foreign.faults[0].value == "");
}

TEST_CASE("name servers stand in one field or in five") {
    CHECK(order_with(kRegister, {{"nameservers", " NS1.Example.net\t ns2.bücher.example. "}})
              .nameservers ==
          std::vector<std::string>{"ns1.example.net", "ns2.xn--bcher-kva.example"});
    CHECK(order_with(kRegister, {{"ns1", "ns1.example.net"}, {"ns3", "ns3.example.net"}})
              .nameservers == std::vector<std::string>{"ns1.example.net", "ns3.example.net"});
    CHECK(fault_of(kRegister, {{"ns1", "a.example.net"}, {"nameservers", "b.example.net"}})
              .starts_with("nameservers: is given twice"));
    CHECK(order_with(kRegister, {}).nameservers.empty());
}

TEST_CASE("name servers that are none, too many or doubled are refused") {
    CHECK(is_refused(kRegister, "nameservers", "a.x.net b.x.net c.x.net d.x.net e.x.net f.x.net"));
    CHECK(is_refused(kRegister, "nameservers", "ns1.example.net NS1.example.net"));
    CHECK(is_refused(kRegister, "nameservers", "ns1.example.net,"));
    CHECK(is_refused(kRegister, "nameservers", "192.0.2.1"));
    CHECK(is_refused(kRegister, "nameservers", "localhost"));
    CHECK(is_refused(kRegister, "nameservers", "keep"));
    CHECK(is_refused(kNameservers, "nameservers", "keep"));
}

TEST_CASE("a transfer without name servers keeps today's") {
    CHECK(order_with(kTransfer, {{"nameservers", "Keep"}}).keep_nameservers);
    CHECK_FALSE(order_with(kTransfer, {{"nameservers", "ns1.example.net"}}).keep_nameservers);
    CHECK(says_the_same(read_with(kTransfer, {}).normalised,
                        read_with(kTransfer, {{"nameservers", "keep"}}).normalised));
}

TEST_CASE("a DNSSEC wish is a word or a key") {
    using Wish = DnssecWish::How;
    CHECK(order_with(kRegister, {{"dnssec", "ON"}}).dnssec.how == Wish::on);
    CHECK(order_with(kRegister, {{"dnssec", "off"}}).dnssec.how == Wish::off);
    CHECK(order_with(kRegister, {{"dnssec", "auto"}}).dnssec.how == Wish::automatic);
    CHECK(order_with(kNameservers, {{"dnssec", "keep"}}).dnssec.how == Wish::keep);
    const DnssecWish key = order_with(kRegister, {{"dnssec", "257 3 13 AwEA AQ=="}}).dnssec;
    CHECK(key == DnssecWish{Wish::key, 257, 3, 13, "AwEAAQ=="});
    CHECK(field_of(read_with(kRegister, {{"dnssec", "257 3 13 AwEA AQ=="}}).normalised, "dnssec") ==
          "257 3 13 AwEAAQ==");
    for (const char* bad : {"keep", "yes", "257 3 13", "1 3 13 AwEAAQ==", "257 4 13 AwEAAQ==",
                            "257 3 0 AwEAAQ==", "257 3 13 AwEAAQ", "257 3 13 Aw_AAQ=="}) {
        CAPTURE(bad);
        CHECK(is_refused(kRegister, "dnssec", bad));
    }
}

TEST_CASE("settings are set to a value or left alone") {
    for (const char* yes : {"on", "ON", "yes", "1", "true"}) {
        CHECK(order_with(kRegister, {{"lock", yes}}).lock == true);
    }
    for (const char* no : {"off", "No", "0", "FALSE"}) {
        CHECK(order_with(kRegister, {{"privacy", no}}).privacy == false);
    }
    CHECK(order_with(kRegister, {{"auto_renew", ""}}).auto_renew == std::nullopt);
    CHECK(is_refused(kRegister, "auto_renew", "toggle"));
    CHECK(says_the_same(read_with(kRegister, {{"lock", "1"}}).normalised,
                        read_with(kRegister, {{"lock", "on"}}).normalised));
}

TEST_CASE("labels are kept as they are") {
    CHECK(order_with(kRegister, {{"note", " two\r\nlines "}}).note == " two\nlines ");
    CHECK(order_with(kRegister, {{"tag", "00 é"}}).tag == "00 é");
    CHECK(is_refused(kRegister, "tag", "two\nlines"));
    CHECK(is_refused(kRegister, "note", "bell\a"));
    CHECK(is_refused(kRegister, "note", std::string("nul\0", 4)));
    CHECK(is_refused(kRegister, "note", "\uffff"));
}

TEST_CASE("a reference is the customer's text without blanks around") {
    CHECK(order_with(kRegister, {{"reference", " 0042/A "}}).reference == "0042/A");
    CHECK(is_refused(kRegister, "reference", "a\nb"));
    CHECK(is_refused(kRegister, "reference", std::string(256, 'a')));
}

TEST_CASE("a new EPP code goes to the reseller, the owner or nobody") {
    CHECK(order_with(kTransfer, {}).new_auth_code == NewAuthCode::not_given);
    CHECK(order_with(kTransfer, {{"new_auth_code", "Yes"}}).new_auth_code == NewAuthCode::yes);
    CHECK(order_with(kTransfer, {{"new_auth_code", "no"}}).new_auth_code == NewAuthCode::no);
    CHECK(order_with(kTransfer, {{"new_auth_code", "owner"}}).new_auth_code ==
          NewAuthCode::to_owner);
    CHECK(is_refused(kTransfer, "new_auth_code", "admin"));
}

TEST_CASE("a highest price is an amount and a currency") {
    CHECK(order_with(kRegister, {{"max_price", "12.5 eur"}}).max_price == Money{1250, "EUR"});
    for (const char* bad : {"12", "12,50 EUR", "EUR 12", "-1 EUR", "12.505 EUR"}) {
        CAPTURE(bad);
        CHECK(is_refused(kRegister, "max_price", bad));
    }
}

TEST_CASE("a zone template is a number") {
    CHECK(order_with(kRegister, {{"zone_template", "3"}}).zone_template == 3);
    CHECK(is_refused(kRegister, "zone_template", "0"));
    CHECK(is_refused(kRegister, "zone_template", "default"));
}

TEST_CASE("additional data stands with the order or with the owner") {
    const FieldMap at_order = {{"additional.US_CATEGORY", "C11"}};
    const FieldMap at_owner = {{"owner.additional.US_CATEGORY", " C11 "}};
    CHECK(order_with(kRegister, at_order).additional == FieldMap{{"US_CATEGORY", "C11"}});
    CHECK(read_with(kRegister, at_order).normalised == read_with(kRegister, at_owner).normalised);
    CHECK(fault_of(kRegister, plus(at_order, {{"owner.additional.US_CATEGORY", "C12"}})) ==
          "owner.additional.US_CATEGORY: disagrees with 'additional.US_CATEGORY'");
    CHECK(is_refused(kRegister, "additional.US_CATEGORY", "a\nb"));
}

TEST_CASE("the domain is kept as A-label, and a bad one says why") {
    CHECK(order_with(kRegister, {{"domain", " Bücher.Example "}}).domain.ascii() ==
          "xn--bcher-kva.example");
    CHECK(fault_of(kRegister, {{"domain", "a_b.com"}})
              .starts_with("domain: is no domain name: a label holds '_'"));
    CHECK(is_refused(kRegister, "domain", "example"));
    CHECK(is_refused(kRegister, "domain", "a.com b.com"));
    CHECK(is_refused(kRegister, "domain", "*"));
}

TEST_CASE("what was normalised reads as the same order") {
    const FieldMap rich = plus(inline_owner(), {{"domain", "BÜCHER.example"},
                                                {"reference", " 7 "},
                                                {"auth_code", " 00secret "},
                                                {"tech", "gk1"},
                                                {"admin", "RESELLER"},
                                                {"ns1", "NS1.example.net"},
                                                {"dnssec", "257 3 13 AwEA AQ=="},
                                                {"lock", "yes"},
                                                {"note", "a\r\nb"},
                                                {"new_auth_code", "1"},
                                                {"max_price", "12 eur"},
                                                {"zone_template", "003"},
                                                {"owner.additional.EU_CITIZENSHIP", "FR"}});
    const ReadOrder once = read_with(kTransfer, rich);
    REQUIRE(once.order);
    const ReadOrder twice = read_order(kTransfer, once.normalised);
    REQUIRE(twice.order);
    CHECK(twice.normalised == once.normalised);
    CHECK(twice.order->owner == once.order->owner);
    CHECK(twice.order->has_auth_code);
    CHECK(twice.order->domain == once.order->domain);
    const auto stored = read_fields(write_fields(once.normalised));
    REQUIRE(stored);
    CHECK(*stored == once.normalised);
}

TEST_CASE("orders that differ in anything do not say the same") {
    const FieldMap base = read_with(kRegister, {{"tag", "a"}}).normalised;
    CHECK(says_the_same(base, read_with(kRegister, {{"tag", "a"}, {"note", ""}}).normalised));
    CHECK_FALSE(says_the_same(base, read_with(kRegister, {{"tag", "b"}}).normalised));
    CHECK_FALSE(
        says_the_same(base, read_with(kRegister, {{"tag", "a"}, {"years", "2"}}).normalised));
    CHECK_FALSE(says_the_same(base, read_with(kRegister, {}).normalised));
}

TEST_CASE("the order field must agree with the kind") {
    CHECK(read_with(kTransfer, {{"order", "Transfer"}}).order);
    CHECK(is_refused(kTransfer, "order", "register"));
    CHECK(is_refused(kTransfer, "order", "tranfser"));
}
