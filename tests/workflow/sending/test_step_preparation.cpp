#include "support/engine.h"
#include "support/holds.h"
#include "workflow/sending/step_preparation.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

namespace {

const Refused kRefusal{"E11-M1101", "E11-M1101 : not now", std::nullopt};

const FieldMap kKey = {
    {"flags", "257"},    {"protocol", "3"},    {"algorithm", "13"}, {"public_key", "AQPSKmynfz=="},
    {"key_tag", "4711"}, {"digest_type", "2"}, {"digest", "ab"}};

}  // namespace

TEST_CASE("a zone template is an open end where the domain uses other name servers") {
    Engine engine;
    engine.registrar.domain_records["example.com"].status = "ACTIVE, DELEGATED";
    engine.registrar.domain_records["example.com"].uses_registrar_dns = false;
    const OrderId order =
        engine.order(OrderKind::nameservers, {{"domain", "example.com"},
                                              {"nameservers", "ns8.example.org ns9.example.org"},
                                              {"zone_template", "3"}});
    engine.submit();
    CHECK(engine.state_of(order) == "done_open_ends");
    CHECK(engine.registrar.times_asked("domainZoneInit") == 0);
    CHECK(holds(engine.look_at(order).reason, "registrar's name servers"));
}

TEST_CASE("what was read back a moment ago is the picture of the first follow-up, of no second") {
    Engine engine;
    const OrderId order = engine.registration("example.com", {{"privacy", "on"}, {"lock", "on"}});
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 2);
    // Before the registration, the read-back, before the second follow-up.
    CHECK(engine.registrar.times_asked("domainInfo") == 3);
}

TEST_CASE("a follow-up that is so already sends nothing, and leaves its picture to the next") {
    Engine engine;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainInfo example.com" && !engine.registrar.domain_records.empty())
            engine.registrar.domain_records["example.com"].privacy = true;
    };
    engine.registration("example.com", {{"privacy", "on"}, {"lock", "on"}});
    engine.submit();
    CHECK(engine.registrar.times_asked("domainSetPreference") == 1);
    CHECK(engine.registrar.times_asked("domainInfo") == 2);
}

TEST_CASE("a read-back of thirty seconds ago is no picture") {
    for (const auto& [took, questions] : {std::pair(29s, 2), std::pair(30s, 3)}) {
        CAPTURE(questions);
        Engine engine;
        engine.registrar.before_call = [&, took = took](const std::string& line) {
            const bool is_read_back =
                line == "domainInfo example.com" && engine.registrar.times_asked("domainInfo") == 2;
            if (is_read_back) engine.clock.advance(took);
        };
        engine.registration("example.com", {{"lock", "on"}});
        engine.submit();
        CHECK(engine.registrar.times_asked("domainSetPreference") == 1);
        CHECK(engine.registrar.times_asked("domainInfo") == questions);
    }
}

TEST_CASE("a failed follow-up is given up once a newer order of the domain has begun") {
    Engine engine;
    engine.registrar.will_answer("domainSetPreference", kRefusal);
    const OrderId old = engine.registration("example.com", {{"privacy", "on"}});
    engine.submit();
    CHECK_FALSE(engine.look_at(old).keeps_domain);
    const OrderId newer = engine.order(
        OrderKind::nameservers,
        {{"domain", "example.com"}, {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(newer) == "done");
    engine.passes(2);
    CHECK(engine.state_of(old) == "done_open_ends");
    CHECK(holds(engine.look_at(old).reason, "newer order"));
    CHECK(engine.registrar.times_asked("domainSetPreference") == 1);
}

TEST_CASE(
    "a key that is not there yet is waited for, a week at most, or until a newer order begins") {
    enum class Then { key_after_days, none, newer_order };
    for (const Then then : {Then::key_after_days, Then::none, Then::newer_order}) {
        CAPTURE(int(then));
        Engine engine;
        DomainRecord& domain = engine.registrar.domain_records["example.com"];
        domain.domain = "example.com";
        domain.status = "ACTIVE, DELEGATED";
        domain.nameservers = {"ns1.example.net", "ns2.example.net"};
        domain.is_signed = false;
        int reads = 0;
        bool is_signed = false;
        engine.settings.zone_keys = [&](const DomainName&, const FieldMap& arguments) {
            ++reads;
            CHECK(field_of(arguments, "ns1") == "ns1.example.org");
            return is_signed ? KeyArguments{kKey, ""}
                             : KeyArguments{{}, "the servers show no key", true};
        };
        const auto change = [&](const std::string& servers, const std::string& dnssec) {
            FieldMap given = {{"domain", "example.com"}, {"nameservers", servers}};
            if (!dnssec.empty()) given["dnssec"] = dnssec;
            const OrderId order = engine.order(OrderKind::nameservers, given);
            engine.submit();
            return order;
        };
        const OrderId order = change("ns1.example.org ns2.example.org", "auto");
        CHECK(engine.state_of(order) == "in_progress");
        CHECK(engine.look_at(order).reason ==
              "domainSetDNSSecExt waits for the zone's key: the servers show no key");
        CHECK_FALSE(engine.look_at(order).keeps_domain);
        CHECK(reads == 1);
        if (then == Then::newer_order) {
            const OrderId newer = change("ns1.example.net ns2.example.net", "");
            CHECK(engine.state_of(newer) == "done");
        }
        const auto pass_days = [&](int days) {
            const UtcTime end = engine.clock.now().utc + 24h * days;
            while (engine.clock.now().utc < end) engine.passes(1);
        };
        pass_days(6);
        if (then == Then::newer_order) {
            CHECK(engine.state_of(order) == "done_open_ends");
            CHECK(reads == 1);
            continue;
        }
        CHECK(engine.state_of(order) == "in_progress");
        CHECK(reads > 20);
        CHECK(reads < 40);
        is_signed = then == Then::key_after_days;
        pass_days(2);
        CHECK(engine.state_of(order) == (is_signed ? "done" : "done_open_ends"));
        CHECK(holds(engine.look_at(order).reason, "the servers show no key") == !is_signed);
        CHECK(engine.registrar.times_asked("domainSetDNSSecExt") == (is_signed ? 1 : 0));
    }
}

TEST_CASE("a change to the owner of today is not sent, the settings wished with it are") {
    Engine engine;
    DomainRecord& domain = engine.registrar.domain_records["example.com"];
    domain.status = "ACTIVE, DELEGATED";
    domain.id_owner = "AE1";
    const OrderId order = engine.order(
        OrderKind::trade, {{"domain", "example.com"}, {"owner", "AE1"}, {"lock", "on"}});
    engine.submit();
    CHECK(engine.registrar.times_asked("domainTransferOwner") == 0);
    CHECK(engine.registrar.times_asked("domainSetPreference") == 1);
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("additional data of an existing owner is written to the contact first") {
    Engine engine;
    engine.sheet["com"].domain_bound = {"COM_PURPOSE"};
    engine.registrar.contact_records["AE1"].data.fields["city"] = "Paris";
    const OrderId order = engine.registration(
        "example.com", {{"additional.COM_PURPOSE", "P3"}, {"additional.COM_TYPE", "X"}});
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("contactOwnerUpdate AE1") == 1);
    const ContactData& data = engine.registrar.contact_records.at("AE1").data;
    CHECK(data.fields.at("city") == "Paris");
    CHECK(data.additional.at("COM_TYPE") == "X");
    CHECK(data.bound.at("COM_PURPOSE").at("example.com") == "P3");
}
