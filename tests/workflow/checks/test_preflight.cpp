#include "support/engine.h"
#include "support/holds.h"
#include "workflow/checks/preflight.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;

namespace {

using What = Verdict::What;

struct Scene {
    Verdict judge(OrderKind kind, FieldMap given) {
        const Secret code(field_of(given, "auth_code"));
        given.try_emplace("domain", "example.com");
        const ReadOrder read = read_order(kind, given);
        for (const FieldFault& fault : read.faults) MESSAGE(fault.field << ": " << fault.reason);
        REQUIRE(read.order);
        AnswerCache cache(engine.ledger(), engine.clock, engine.sheet);
        return preflight(*read.order, engine.settings.preflight, cache, engine.registrar, code);
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

    // The domain is in the account, with ns1.example.net and ns2.example.net.
    DomainRecord& own_domain() {
        DomainRecord& record = engine.registrar.domain_records["example.com"];
        record.domain = "example.com";
        record.nameservers = {"ns1.example.net", "ns2.example.net"};
        record.is_signed = true;
        return record;
    }
    Verdict change(FieldMap given) {
        given.try_emplace("nameservers", "ns1.example.org ns2.example.org");
        return judge(OrderKind::nameservers, given);
    }

    Engine engine;
};

}  // namespace

TEST_CASE("what is possible goes on, at the list's price where the price check is off") {
    Scene scene;
    const Verdict verdict = scene.registration({{"years", "3"}});
    CHECK(verdict.what == What::go);
    CHECK(verdict.price == Money{3000, "EUR"});
    CHECK(scene.engine.registrar.times_asked("queryDomainPrice") == 0);
    CHECK(verdict.nameservers_in_place ==
          std::vector<std::string>{"ns1.example.net", "ns2.example.net"});
}

TEST_CASE("an extension the registrar does not sell, or not now, is not possible") {
    Scene scene;
    CHECK(scene.registration({{"domain", "example.unsold"}}).what == What::not_possible);
    scene.engine.registrar.open_flags["com"]["domaincreate"] = false;
    CHECK(scene.registration().what == What::not_possible);
}

TEST_CASE("years must be a period of the extension; periods that cannot be read wait") {
    Scene scene;
    CHECK(scene.registration({{"years", "10"}}).what == What::go);
    Scene strict;
    strict.engine.registrar.extension_records["com"].period_create = "2;5";
    const Verdict verdict = strict.registration();
    CHECK(verdict.what == What::not_possible);
    CHECK(holds(verdict.reason, "2, 5"));
    Scene unreadable;
    unreadable.engine.registrar.extension_records["com"].period_create = "some";
    CHECK(unreadable.registration().what == What::not_now);
}

TEST_CASE("contacts must be there, the owner an owner and the others none") {
    Scene scene;
    CHECK(scene.registration({{"owner", "NO1"}}).what == What::not_possible);
    CHECK(holds(scene.registration({{"owner", "AT1"}}).reason, "isOwner"));
    CHECK(holds(scene.registration({{"admin", "AE1"}}).reason, "isOwner=0"));
    CHECK(scene.registration({{"admin", "AT1"}, {"tech", "reseller"}}).what == What::go);
    scene.engine.settings.preflight.contacts.billing = "AE1";
    CHECK(scene.registration().what == What::not_possible);
}

TEST_CASE("the data an extension wants of the owner may come from the order or the contact") {
    Scene scene;
    scene.engine.sheet["com"].required_owner_fields = {"idNumber", "additional.COM_TYPE"};
    const Verdict missing = scene.registration();
    CHECK(missing.what == What::not_possible);
    CHECK(holds(missing.reason, "idNumber"));
    CHECK(holds(missing.reason, "additional.COM_TYPE"));
    Scene complete;
    complete.engine.sheet["com"].required_owner_fields = {"idNumber", "additional.COM_TYPE"};
    complete.engine.registrar.contact_records["AE1"].data.fields["idNumber"] = "7";
    CHECK(complete.registration({{"additional.COM_TYPE", "X"}}).what == What::go);
}

TEST_CASE("the minimum of name servers counts the account's own where the order has none") {
    Scene scene;
    CHECK(scene.registration({{"nameservers", "ns1.example.org"}}).what == What::not_possible);
    CHECK(scene.registration().what == What::go);
}

TEST_CASE("a quoted price is asked, limited, and premium names need the row's own word") {
    Scene scene;
    scene.engine.settings.preflight.price = true;
    scene.engine.settings.preflight.max_price = Money{1500, "EUR"};
    CHECK(scene.registration().price == Money{1000, "EUR"});
    const Verdict dear = scene.registration({{"years", "2"}});
    CHECK(dear.what == What::not_possible);
    CHECK(holds(dear.reason, "max_price 20.00 EUR"));
    CHECK(scene.registration({{"years", "2"}, {"max_price", "20 EUR"}}).what == What::go);
    CHECK(scene.registration({{"max_price", "20 USD"}}).what == What::not_possible);
    scene.engine.registrar.prices["example.com"] = {"EUR", {{"registration", 900}}, true};
    CHECK(scene.registration().what == What::not_possible);
    CHECK(scene.registration({{"max_price", "9 EUR"}}).what == What::go);
}

TEST_CASE("a trustee and a local contact are in the price once, and their fee is never guessed") {
    Scene scene;
    scene.engine.settings.preflight.price = true;
    auto& flags = scene.engine.registrar.extension_records["com"].flags;
    flags["hastrusteeservice"] = flags["haslocalcontactservice"] = true;
    const FieldMap wanted{{"owner", "TRUST4FR"}, {"admin", "NETIM4FR"}, {"years", "3"}};
    const Verdict unknown = scene.registration(wanted);
    CHECK(unknown.what == What::not_now);
    CHECK(holds(unknown.reason, "no fee for trusteeservice"));
    scene.engine.registrar.default_price.fee_cents["trusteeservice"] = 500;
    scene.engine.registrar.default_price.fee_cents["localcontactservice"] = 200;
    const Verdict told = scene.registration(wanted);
    CHECK(told.what == What::go);
    CHECK(told.price == Money{3 * 1000 + 500 + 200, "EUR"});
}

TEST_CASE("the limit holds with the price check off as well") {
    Scene scene;
    scene.engine.settings.preflight.max_price = Money{999, "EUR"};
    CHECK(scene.registration().what == What::not_possible);
}

TEST_CASE("a transfer brings the EPP code and the owner its extension takes") {
    Scene scene;
    CHECK(holds(scene.transfer({}).reason, "auth_code"));
    CHECK(scene.transfer({{"auth_code", "x1"}}).what == What::go);
    scene.engine.sheet["com"].transfer_owner = ExtensionRules::TransferOwner::automatic;
    CHECK(scene.transfer({{"auth_code", "x1"}}).what == What::not_possible);
    CHECK(scene.transfer({{"auth_code", "x1"}, {"owner", "auto"}}).what == What::go);
}

TEST_CASE("name servers are tested where the extension wants it, the account's own are not") {
    Scene scene;
    scene.engine.registrar.extension_records["com"].flags["haszonecheck"] = true;
    DnsVerdict answer = DnsVerdict::passed;
    int tests = 0;
    scene.engine.settings.preflight.test_name_servers = [&](const DomainName&, const auto& servers,
                                                            int minimum) {
        ++tests;
        CHECK(servers.size() == 2);
        CHECK(minimum == 2);
        return DnsTestResult{answer, {}};
    };
    const FieldMap own = {{"nameservers", "ns1.example.org ns2.example.org"}};
    CHECK(scene.registration().what == What::go);
    CHECK(tests == 0);
    CHECK(scene.registration(own).what == What::go);
    answer = DnsVerdict::not_possible;
    CHECK(scene.registration(own).what == What::not_possible);
    answer = DnsVerdict::not_known_now;
    CHECK(scene.registration(own).what == What::not_now);
    CHECK(tests == 3);
    scene.engine.settings.preflight.dns_test = DnsTestWhen::never;
    CHECK(scene.registration(own).what == What::go);
    CHECK(tests == 3);
}

TEST_CASE("a test wanted always is made everywhere but for the registrar's own servers") {
    Scene scene;
    scene.own_domain().nameservers = {"old.example.org"};
    std::vector<std::string> tested;
    scene.engine.settings.preflight.dns_test = DnsTestWhen::always;
    scene.engine.settings.preflight.test_name_servers = [&](const DomainName& domain, const auto&,
                                                            int) {
        tested.push_back(domain.ascii());
        return DnsTestResult{DnsVerdict::passed, {}};
    };
    scene.transfer({{"auth_code", "x1"}});
    scene.judge(OrderKind::nameservers, {{"nameservers", "ns1.example.org ns1.example.net"}});
    CHECK(tested == std::vector<std::string>{"example.com", "example.com"});
    scene.judge(OrderKind::nameservers, {{"nameservers", "ns2.example.net ns1.example.net"}});
    scene.judge(OrderKind::trade, {{"owner", "AE1"}});
    CHECK(tested.size() == 2);
}

TEST_CASE("a DNS test that fails names each server that failed, and why") {
    Scene scene;
    scene.engine.settings.preflight.dns_test = DnsTestWhen::always;
    scene.engine.settings.preflight.test_name_servers = [](const DomainName&, const auto&, int) {
        return DnsTestResult{
            DnsVerdict::not_possible,
            {{DnsFindingKind::failed, "ns1.example.org", "192.0.2.1", "answers REFUSED"},
             {DnsFindingKind::ok, "ns2.example.org", "192.0.2.2", "is fine"},
             {DnsFindingKind::failed, "ns3.example.org", "", "has no address"}}};
    };
    const Verdict verdict =
        scene.registration({{"nameservers", "ns1.example.org ns2.example.org ns3.example.org"}});
    CHECK(verdict.what == What::not_possible);
    CHECK(holds(verdict.reason, "ns1.example.org (192.0.2.1)"));
    CHECK(holds(verdict.reason, "answers REFUSED"));
    CHECK(holds(verdict.reason, "ns3.example.org"));
    CHECK(holds(verdict.reason, "has no address"));
    CHECK_FALSE(holds(verdict.reason, "is fine"));
}

TEST_CASE("a transfer without name servers keeps today's, and is held when they cannot be read") {
    for (const char* nameservers : {"", "keep"}) {
        CAPTURE(nameservers);
        Scene scene;
        Delegation today;
        today.reason = "no server of com answers";
        scene.engine.settings.preflight.read_delegation = [&](const DomainName& domain) {
            CHECK(domain.ascii() == "example.com");
            return today;
        };
        const FieldMap order = {{"auth_code", "x1"}, {"nameservers", nameservers}};
        const Verdict unreadable = scene.transfer(order);
        CHECK(unreadable.what == What::to_be_held);
        CHECK(holds(unreadable.reason, "no server of com answers"));
        today.state = Delegation::State::delegated;
        today.nameservers = {"a.example.org", "b.example.org"};
        const Verdict verdict = scene.transfer(order);
        CHECK(verdict.what == What::go);
        CHECK(verdict.nameservers_in_place == today.nameservers);
        today.nameservers = {"a.example.org"};
        CHECK(scene.transfer(order).what == What::not_possible);
        today.nameservers.assign(6, "a.example.org");
        CHECK(scene.transfer(order).what == What::not_possible);
        today = {Delegation::State::not_delegated, {}, {}, "com", "", "NXDOMAIN"};
        CHECK(scene.transfer(order).what == What::not_possible);
    }
}

TEST_CASE("what is impossible anyway is not held for a delegation that cannot be read") {
    Scene scene;
    int reads = 0;
    scene.engine.settings.preflight.read_delegation = [&](const DomainName&) {
        ++reads;
        return Delegation{};
    };
    CHECK(scene.transfer({{"nameservers", "keep"}}).what == What::not_possible);
    CHECK(scene.transfer({{"nameservers", "keep"}, {"auth_code", "x1"}, {"owner", "AT1"}}).what ==
          What::not_possible);
    CHECK(reads == 0);
}

TEST_CASE("a signed domain goes only to servers that fit the DS in the parent") {
    for (const char* wish : {"keep", "on", "auto", "257 3 13 c2FuZGJveCBrZXk="}) {
        CAPTURE(wish);
        Scene scene;
        scene.own_domain();
        ChainOfTrust chain;
        scene.engine.settings.preflight.check_chain = [&](const DomainName&, const auto& servers) {
            CHECK(servers.front() == "ns1.example.org");
            return chain;
        };
        const FieldMap order = {{"dnssec", wish}};
        CHECK(scene.change(order).what == What::not_now);
        chain = {ChainOfTrust::State::broken, "ns1.example.org has no such key"};
        CHECK(scene.change(order).what == What::not_possible);
        CHECK(holds(scene.change(order).reason, "ns1.example.org has no such key"));
        chain.state = ChainOfTrust::State::holds;
        CHECK(scene.change(order).what == What::go);
        chain.state = ChainOfTrust::State::not_signed;
        CHECK(scene.change(order).what == What::go);
    }
}

TEST_CASE("a domain the registrar calls unsigned is looked at in the DNS all the same") {
    for (const char* wish : {"", "auto", "on", "keep"}) {
        CAPTURE(wish);
        Scene scene;
        scene.own_domain().is_signed = false;
        int looks = 0;
        scene.engine.settings.preflight.check_chain = [&](const DomainName&, const auto&) {
            ++looks;
            return ChainOfTrust{ChainOfTrust::State::broken, "nothing there"};
        };
        const FieldMap order = *wish == '\0' ? FieldMap{} : FieldMap{{"dnssec", wish}};
        CHECK(scene.change(order).what == What::not_possible);
        CHECK(looks == 1);
    }
}

TEST_CASE("a domain to be unsigned first is not held against the DS it has until then") {
    Scene scene;
    scene.own_domain();
    scene.engine.settings.preflight.check_chain = [](const DomainName&, const auto&) {
        return ChainOfTrust{ChainOfTrust::State::broken, "nothing there"};
    };
    CHECK(scene.change({{"dnssec", "off"}}).what == What::go);
    Scene without;
    without.own_domain();
    without.engine.registrar.extension_records["com"].flags["hasdnssec"] = false;
    without.engine.settings.preflight.check_chain = scene.engine.settings.preflight.check_chain;
    CHECK(without.change({{"dnssec", "off"}}).what == What::not_possible);
}

TEST_CASE("name servers that are so already are neither tested nor asked for keys") {
    Scene scene;
    scene.own_domain();
    scene.engine.settings.preflight.dns_test = DnsTestWhen::always;
    scene.engine.settings.preflight.test_name_servers = [](const DomainName&, const auto&, int) {
        return DnsTestResult{DnsVerdict::not_possible, {}};
    };
    scene.engine.registrar.account_record.default_nameservers = {};
    CHECK(scene.change({{"nameservers", "ns2.example.net ns1.example.net"}}).what == What::go);
    CHECK(scene.change({{"nameservers", "ns2.example.net ns1.example.net"}, {"dnssec", "keep"}})
              .what == What::go);
    CHECK(scene.change({}).what == What::not_possible);
}

TEST_CASE("servers of a domain that is not ours are not tested: the order fails at once") {
    Scene scene;
    scene.engine.settings.preflight.dns_test = DnsTestWhen::always;
    scene.engine.settings.preflight.test_name_servers = [](const DomainName&, const auto&, int) {
        return DnsTestResult{DnsVerdict::not_known_now, {}};
    };
    const Verdict verdict = scene.change({});
    CHECK(verdict.what == What::not_possible);
    CHECK(holds(verdict.reason, "not in the account"));
}

TEST_CASE("a question refused lets the order wait, a registrar out of reach ends the run") {
    Scene scene;
    scene.engine.settings.preflight.price = true;
    scene.engine.registrar.will_not_answer("queryDomainPrice",
                                           {QueryFailure::Why::refused, "E99", "not now"});
    const Verdict verdict = scene.registration();
    CHECK(verdict.what == What::not_now);
    CHECK(verdict.code == "E99");
    scene.engine.registrar.will_not_answer("queryDomainPrice",
                                           {QueryFailure::Why::unreachable, "", "cut"});
    CHECK_THROWS_AS(scene.registration(), QueryFailure);
}

TEST_CASE("a pending list that could not be read whole says nothing of a domain") {
    Scene scene;
    scene.engine.registrar.pending_is_whole = false;
    CHECK_THROWS_AS(scene.registration(), QueryFailure);
}
