#include "support/engine.h"
#include "workflow/sending/asking_steps.h"

#include <doctest/doctest.h>

#include <map>

using namespace domspool;
using domspool::test::Engine;

TEST_CASE("what differs after Done is an open end of the order, said and not repaired") {
    struct Case {
        const char* what;
        std::function<void(DomainRecord&)> change;
        const char* fields;  // that count
        const char* words;
    };
    const Case cases[] = {
        {"another owner", [](DomainRecord& shown) { shown.id_owner = "XX9"; }, "owner",
         "differs in owner: ordered 'AE1', is 'XX9'"},
        {"other name servers", [](DomainRecord& shown) { shown.nameservers = {"ns9.example.net"}; },
         "nameservers",
         "differs in name servers: ordered 'ns1.example.net ns2.example.net', is "
         "'ns9.example.net'"},
        {"no name servers", [](DomainRecord& shown) { shown.nameservers.clear(); }, "nameservers",
         "differs in name servers: ordered 'ns1.example.net ns2.example.net', is ''"},
        {"another contact", [](DomainRecord& shown) { shown.id_tech = "XX9"; }, "tech",
         "differs in tech: ordered 'AB123', is 'XX9'"},
        {"blocked", [](DomainRecord& shown) { shown.status = "HOLD, NOT DELEGATED"; }, "status",
         "differs in status: 'HOLD, NOT DELEGATED'"},
        {"gone wrong", [](DomainRecord& shown) { shown.status = "ERROR"; }, "status",
         "differs in status: 'ERROR'"},
        {"two at once",
         [](DomainRecord& shown) {
             shown.id_owner = "XX9";
             shown.nameservers = {"ns9.example.net"};
         },
         "owner nameservers",
         "differs in owner: ordered 'AE1', is 'XX9'; name servers: ordered 'ns1.example.net "
         "ns2.example.net', is 'ns9.example.net'"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.what);
        Engine engine;
        engine.registrar.before_call = [&](const std::string& line) {
            if (line == "domainInfo example.com" && engine.registrar.domain_records.size() == 1) {
                each.change(engine.registrar.domain_records["example.com"]);
            }
        };
        const OrderId order = engine.registration(
            "example.com", {{"nameservers", "ns1.example.net ns2.example.net"}});
        engine.submit();
        CHECK(engine.state_of(order) == "done_open_ends");
        const OrderRecord now = engine.look_at(order);
        CHECK(now.reason == each.words);
        CHECK(now.steps.back().state == StepState::open_end);
        CHECK(now.steps.back().result == each.fields);
        CHECK(engine.registrar.times_asked("domainC") == 1);
        CHECK(engine.registrar.times_asked("domainInfo") == 2);
    }
}

TEST_CASE("a domain that is not in the account just after Done may be shown a moment later") {
    Engine engine;
    const OrderId order = engine.registration("example.com", {{"lock", "on"}});
    std::map<std::string, DomainRecord> hidden;
    bool lags = true;
    engine.registrar.before_call = [&](const std::string& line) {
        if (lags && line == "domainInfo example.com") hidden.merge(engine.registrar.domain_records);
    };
    engine.submit();
    engine.submit();
    CHECK(engine.state_of(order) == "in_progress");
    CHECK(engine.look_at(order).steps[1].waits_for == WaitsFor::shown);
    CHECK(engine.look_at(order).keeps_domain);
    CHECK(engine.registrar.times_asked("domainSetPreference") == 0);
    lags = false;
    engine.registrar.domain_records.merge(hidden);
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 1);
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
}

TEST_CASE("a domain that stays out of the account after Done is an open end of its order") {
    Engine engine;
    const OrderId order = engine.registration("example.com", {{"lock", "on"}});
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainInfo example.com") engine.registrar.domain_records.clear();
    };
    engine.submit();
    CHECK(engine.state_of(order) == "in_progress");
    engine.passes(2);
    CHECK(engine.state_of(order) == "done_open_ends");
    CHECK(engine.look_at(order).steps[1].state == StepState::open_end);
    CHECK(engine.look_at(order).steps[1].result == "domain");
    CHECK(engine.look_at(order).steps[2].state == StepState::open_end);
    CHECK(engine.registrar.times_asked("domainSetPreference") == 0);
}

TEST_CASE("a contact the registrar does not show is said, and the order is done") {
    Engine engine;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainInfo example.com" && engine.registrar.domain_records.size() == 1) {
            engine.registrar.domain_records["example.com"].id_billing.clear();
        }
    };
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.look_at(order).reason == "differs in billing: ordered 'AB123', is ''");
}

TEST_CASE("an order that differs goes on with its follow-ups, and says both in the end") {
    Engine engine;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainInfo example.com" && engine.registrar.domain_records.size() == 1) {
            engine.registrar.domain_records["example.com"].id_owner = "XX9";
        }
    };
    const OrderId order = engine.registration("example.com", {{"lock", "on"}});
    engine.submit();
    CHECK(engine.registrar.domain_records.at("example.com").locked == true);
    CHECK(engine.state_of(order) == "done_open_ends");
    CHECK(engine.look_at(order).reason == "differs in owner: ordered 'AE1', is 'XX9'");
}

TEST_CASE("a domain the registrar cannot show after Done is read again, then an open end") {
    Engine engine;
    const OrderId order = engine.registration("example.com", {{"lock", "on"}});
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainCreate")) {
            engine.registrar.will_not_answer("domainInfo",
                                             {QueryFailure::Why::refused, "E99-M9901", "no"});
        }
    };
    engine.submit();
    CHECK(engine.state_of(order) == "in_progress");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 1);
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
}
