#include "workflow/preflight.h"

#include <doctest/doctest.h>

#include "support/engine.h"

using namespace domspool;
using domspool::test::Engine;

namespace {

using What = Verdict::What;

struct Desk {
    Verdict judge(OrderKind kind, FieldMap given) {
        const Secret code(field_of(given, "auth_code"));
        given.try_emplace("domain", "example.com");
        const ReadOrder read = read_order(kind, given);
        for (const FieldFault& fault : read.faults) MESSAGE(fault.field << ": " << fault.reason);
        REQUIRE(read.order);
        Knowledge knowledge(engine.ledger(), engine.clock, engine.sheet);
        return preflight(*read.order, engine.settings.preflight, knowledge, engine.registrar, code);
    }
    Verdict registration(FieldMap given = {}) {
        given.try_emplace("years", "1");
        if (!given.contains("owner.firstName")) given.try_emplace("owner", "AE1");
        return judge(OrderKind::register_domain, given);
    }
    Verdict transfer(FieldMap given) {
        given.try_emplace("owner", "AE1");
        given.try_emplace("nameservers", "ns1.example.org ns2.example.org");
        return judge(OrderKind::transfer, given);
    }

    Engine engine;
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what is possible goes on, at the list's price where the price check is off") {
    Desk desk;
    const Verdict verdict = desk.registration({{"years", "3"}});
    CHECK(verdict.what == What::go);
    CHECK(verdict.price == Money{3000, "EUR"});
    CHECK(desk.engine.registrar.times_asked("queryDomainPrice") == 0);
    CHECK(verdict.account_nameservers ==
          std::vector<std::string>{"ns1.example.net", "ns2.example.net"});
}

TEST_CASE("an extension the registrar does not sell, or not now, is not possible") {
    Desk desk;
    CHECK(desk.registration({{"domain", "example.unsold"}}).what == What::not_possible);
    desk.engine.registrar.open_flags["com"]["domaincreate"] = false;
    CHECK(desk.registration().what == What::not_possible);
}

TEST_CASE("years must be a period of the extension; periods that cannot be read wait") {
    Desk desk;
    CHECK(desk.registration({{"years", "10"}}).what == What::go);
    Desk strict;
    strict.engine.registrar.extension_records["com"].period_create = "2;5";
    const Verdict verdict = strict.registration();
    CHECK(verdict.what == What::not_possible);
    CHECK(holds(verdict.reason, "2, 5"));
    Desk unreadable;
    unreadable.engine.registrar.extension_records["com"].period_create = "some";
    CHECK(unreadable.registration().what == What::not_now);
}

TEST_CASE("contacts must be there, the owner an owner and the others none") {
    Desk desk;
    CHECK(desk.registration({{"owner", "NO1"}}).what == What::not_possible);
    CHECK(holds(desk.registration({{"owner", "AT1"}}).reason, "isOwner"));
    CHECK(holds(desk.registration({{"admin", "AE1"}}).reason, "isOwner=0"));
    CHECK(desk.registration({{"admin", "AT1"}, {"tech", "reseller"}}).what == What::go);
    desk.engine.settings.preflight.contacts.billing = "AE1";
    CHECK(desk.registration().what == What::not_possible);
}

TEST_CASE("the data an extension wants of the owner may come from the order or the contact") {
    Desk desk;
    desk.engine.sheet["com"].required_owner_fields = {"idNumber", "additional.COM_TYPE"};
    const Verdict missing = desk.registration();
    CHECK(missing.what == What::not_possible);
    CHECK(holds(missing.reason, "idNumber"));
    CHECK(holds(missing.reason, "additional.COM_TYPE"));
    Desk complete;
    complete.engine.sheet["com"].required_owner_fields = {"idNumber", "additional.COM_TYPE"};
    complete.engine.registrar.contact_records["AE1"].data.fields["idNumber"] = "7";
    CHECK(complete.registration({{"additional.COM_TYPE", "X"}}).what == What::go);
}

TEST_CASE("the minimum of name servers counts the account's own where the order has none") {
    Desk desk;
    CHECK(desk.registration({{"nameservers", "ns1.example.org"}}).what == What::not_possible);
    CHECK(desk.registration().what == What::go);
}

TEST_CASE("what would leave a domain without working name servers is refused") {
    Desk desk;
    CHECK(desk.transfer({{"nameservers", "keep"}}).what == What::not_possible);
    CHECK(desk.judge(OrderKind::nameservers, {{"domain", "example.com"},
                                              {"nameservers", "ns1.example.org ns2.example.org"},
                                              {"dnssec", "off"}})
              .what == What::not_possible);
}

TEST_CASE("a quoted price is asked, limited, and premium names need the row's own word") {
    Desk desk;
    desk.engine.settings.preflight.price = true;
    desk.engine.settings.preflight.max_price = Money{1500, "EUR"};
    CHECK(desk.registration().price == Money{1000, "EUR"});
    const Verdict dear = desk.registration({{"years", "2"}});
    CHECK(dear.what == What::not_possible);
    CHECK(holds(dear.reason, "max_price 20.00 EUR"));
    CHECK(desk.registration({{"years", "2"}, {"max_price", "20 EUR"}}).what == What::go);
    CHECK(desk.registration({{"max_price", "20 USD"}}).what == What::not_possible);
    desk.engine.registrar.prices["example.com"] = {"EUR", {{"registration", 900}}, true};
    CHECK(desk.registration().what == What::not_possible);
    CHECK(desk.registration({{"max_price", "9 EUR"}}).what == What::go);
}

TEST_CASE("the limit holds with the price check off as well") {
    Desk desk;
    desk.engine.settings.preflight.max_price = Money{999, "EUR"};
    CHECK(desk.registration().what == What::not_possible);
}

TEST_CASE("a transfer brings the EPP code and the owner its extension takes") {
    Desk desk;
    CHECK(holds(desk.transfer({}).reason, "auth_code"));
    CHECK(desk.transfer({{"auth_code", "x1"}}).what == What::go);
    desk.engine.sheet["com"].transfer_owner = ExtensionRules::TransferOwner::automatic;
    CHECK(desk.transfer({{"auth_code", "x1"}}).what == What::not_possible);
    CHECK(desk.transfer({{"auth_code", "x1"}, {"owner", "auto"}}).what == What::go);
}

TEST_CASE("name servers are tested where the extension wants it, the account's own are not") {
    Desk desk;
    desk.engine.registrar.extension_records["com"].flags["haszonecheck"] = true;
    DnsVerdict answer = DnsVerdict::passed;
    int tests = 0;
    desk.engine.settings.preflight.test_name_servers = [&](const DomainName&, const auto& servers,
                                                           int minimum) {
        ++tests;
        CHECK(servers.size() == 2);
        CHECK(minimum == 2);
        return DnsTestResult{answer, {}};
    };
    const FieldMap own = {{"nameservers", "ns1.example.org ns2.example.org"}};
    CHECK(desk.registration().what == What::go);
    CHECK(tests == 0);
    CHECK(desk.registration(own).what == What::go);
    answer = DnsVerdict::not_possible;
    CHECK(desk.registration(own).what == What::not_possible);
    answer = DnsVerdict::not_known_now;
    CHECK(desk.registration(own).what == What::not_now);
    CHECK(tests == 3);
    desk.engine.settings.preflight.dns_test = DnsTestWhen::never;
    CHECK(desk.registration(own).what == What::go);
}

TEST_CASE("a question refused lets the order wait, a registrar out of reach ends the run") {
    Desk desk;
    desk.engine.settings.preflight.price = true;
    desk.engine.registrar.will_not_answer("queryDomainPrice",
                                          {QueryFailure::Why::refused, "E99", "not now"});
    const Verdict verdict = desk.registration();
    CHECK(verdict.what == What::not_now);
    CHECK(verdict.code == "E99");
    desk.engine.registrar.will_not_answer("queryDomainPrice",
                                          {QueryFailure::Why::unreachable, "", "cut"});
    CHECK_THROWS_AS(desk.registration(), QueryFailure);
}

TEST_CASE("a pending list that could not be read whole says nothing of a domain") {
    Desk desk;
    desk.engine.registrar.pending_is_whole = false;
    CHECK(desk.registration().what == What::not_now);
}
