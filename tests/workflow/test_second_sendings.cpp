// Every call that changes something, sent twice without effect, or answered by a code that proves
// nothing: what becomes of its order, and how often the call goes out.
#include "support/engine.h"
#include "support/holds.h"
#include "workflow/doubt/doubt.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

namespace {

const InDoubt kFirst{"HTTP 502"};
const InDoubt kSecond{"the connection broke"};
const TryLater kDead{TryLater::Why::session_dead, "E02-M0201", "E02-M0201 : session expired"};
const TryLater kNoConnection{TryLater::Why::unreachable, "", "no connection"};
const Unproven kUnproven{"E99-M9901", "E99-M9901 : not at the moment"};

// One kind of call and an order that makes it.
struct Call {
    const char* function;
    std::function<OrderId(Engine&)> order;
    bool is_shown = true;  // what it changes can be looked up
    bool is_follow_up = false;
};

DomainRecord& owned_domain(Engine& engine) {
    DomainRecord& domain = engine.registrar.domain_records["example.com"];
    domain.domain = "example.com";
    domain.status = "ACTIVE, DELEGATED";
    domain.id_owner = "OLD1";
    domain.nameservers = {"ns9.example.org"};
    return domain;
}

OrderId a_transfer(Engine& engine) {
    return engine.order(OrderKind::transfer, {{"domain", "example.com"},
                                              {"owner", "AE1"},
                                              {"auth_code", "s3cret-code"},
                                              {"nameservers", "ns1.example.org ns2.example.org"}});
}

OrderId a_change(Engine& engine, const FieldMap& more = {}) {
    owned_domain(engine);
    FieldMap given{{"domain", "example.com"}, {"nameservers", "ns1.example.net ns2.example.net"}};
    given.insert(more.begin(), more.end());
    return engine.order(OrderKind::nameservers, given);
}

OrderId with_own_keys(Engine& engine) {
    engine.settings.zone_keys = [](const DomainName&, const FieldMap& given) {
        FieldMap arguments = given;
        for (const auto& [name, value] : FieldMap{{"flags", "257"},
                                                  {"protocol", "3"},
                                                  {"algorithm", "13"},
                                                  {"public_key", "AQPSKmynfz=="},
                                                  {"key_tag", "4711"},
                                                  {"digest_type", "2"},
                                                  {"digest", "ab"}}) {
            arguments[name] = value;
        }
        return KeyArguments{arguments, ""};
    };
    return engine.registration(
        "example.com", {{"nameservers", "ns1.example.org ns2.example.org"}, {"dnssec", "auto"}});
}

const std::vector<Call>& all_calls() {
    const auto registration = [](FieldMap more) {
        return [more](Engine& engine) { return engine.registration("example.com", more); };
    };
    static const std::vector<Call> calls = {
        {"contactCreate", registration(Engine::inline_owner())},
        {"contactOwnerUpdate", registration({{"additional.COM_ONE", "x"}})},
        {"domainCreate", registration({})},
        {"domainTransferIn", a_transfer},
        {"domainTransferOwner",
         [](Engine& engine) {
             owned_domain(engine);
             return engine.order(OrderKind::trade, {{"domain", "example.com"}, {"owner", "AE1"}});
         }},
        {"domainChangeDNS", [](Engine& engine) { return a_change(engine); }},
        {"domainZoneInit",
         [](Engine& engine) {
             return a_change(engine, {{"zone_template", "3"}});
         },
         true, true},
        {"domainSetDNSsec", registration({{"dnssec", "on"}}), true, true},
        {"domainSetDNSSecExt", with_own_keys, true, true},
        {"domainSetPreference", registration({{"lock", "on"}}), true, true},
        {"domainSetPreference", registration({{"privacy", "on"}}), true, true},
        {"domainSetPreference", registration({{"auto_renew", "on"}}), true, true},
        {"domainSetPreference", registration({{"tag", "spring"}}), false, true},
        {"domainSetPreference", registration({{"note", "for Ada"}}), false, true},
        {"domainAuthID",
         [](Engine& engine) {
             engine.registrar.will_answer("domainTransferIn", Done{OperationId{0}, "", ""});
             return a_transfer(engine);
         },
         false, true},
    };
    return calls;
}

// An order of one kind of call, whose sendings are answered as told, without effect.
struct Sent {
    Sent(const Call& call, const std::vector<Outcome>& answers, Effect effect = Effect::none)
        : function(call.function) {
        for (const Outcome& answer : answers) {
            engine.registrar.will_answer(function, answer, effect);
        }
        order = call.order(engine);
        engine.submit();
    }
    // As cron does it: a pass every eleven minutes, and a run that sends now and then.
    void live(int passes) {
        for (int i = 0; i < passes; ++i) {
            engine.passes(1);
            if (i % 3 == 2) engine.submit();
        }
    }
    void end_pending() {
        const auto rows = engine.registrar.pending_rows;
        for (const PendingRow& row : rows) engine.registrar.finish(row.id);
    }
    int times() const { return engine.registrar.times_asked(function + std::string(" ")); }
    OrderRecord now() { return engine.look_at(order); }
    std::string state() { return engine.state_of(order); }

    Engine engine;
    const std::string function;
    OrderId order = 0;
};

}  // namespace

TEST_CASE("sent twice and twice not executed: held with both answers, or a named open end") {
    for (const Call& call : all_calls()) {
        CAPTURE(call.function);
        Sent sent(call, {kFirst, kSecond});
        CHECK(sent.state() == "in_doubt");
        sent.live(12);
        CAPTURE(sent.now().reason);
        CHECK(sent.times() == 2);
        CHECK(sent.state() == (call.is_shown ? "held" : "done_open_ends"));
        CHECK(holds(sent.now().reason, "sent twice ('HTTP 502', then 'the connection broke')"));
        if (!call.is_shown) continue;
        CHECK(sent.now().keeps_domain);
        CHECK(holds(sent.now().reason, "domain-orders resolve"));
    }
}

TEST_CASE("a dead session at a second sending: once more at once, then held with all answers") {
    for (const Call& call : all_calls()) {
        CAPTURE(call.function);
        Sent sent(call, {kFirst, kDead, kDead});
        sent.live(12);
        CAPTURE(sent.now().reason);
        CHECK(sent.times() == 3);
        CHECK(sent.state() == "held");
        CHECK(sent.now().keeps_domain);
        CHECK(holds(sent.now().reason,
                    "'HTTP 502', then 'E02-M0201 : session expired', then "
                    "'E02-M0201 : session expired'"));
    }
}

TEST_CASE(
    "a second sending that never left is made as soon as it can, and nothing is free before") {
    for (const Call& call : all_calls()) {
        CAPTURE(call.function);
        Sent sent(call, {kFirst, kNoConnection, kNoConnection});
        for (int i = 0; i < 6 && sent.times() < 2; ++i) sent.engine.passes(1);
        CHECK(sent.times() == 2);
        // Of a contact the domain knows nothing: the next run that sends goes on.
        const bool is_contact = sent.function.starts_with("contact");
        CHECK(sent.state() == (is_contact ? "accepted" : "in_progress"));
        CHECK(sent.now().keeps_domain != is_contact);
        for (int i = 0; i < 9 && sent.times() < 4; ++i) {
            sent.engine.passes(1);
            if (is_contact) sent.engine.submit();
        }
        CHECK(sent.times() == 4);
        sent.end_pending();
        sent.live(3);
        CHECK(sent.state() == "done");
        CHECK(sent.times() == 4);
    }
}

TEST_CASE("a code that proves nothing, with an effect behind it: done, and sent once") {
    for (const Call& call : all_calls()) {
        CAPTURE(call.function);
        Sent sent(call, {kUnproven}, Effect::at_once);
        CHECK(sent.state() == "in_doubt");
        CHECK(sent.now().code == "E99-M9901");
        sent.live(12);
        CAPTURE(sent.now().reason);
        const bool is_known = call.is_shown || sent.function == "domainAuthID";
        CHECK(sent.state() == (is_known ? "done" : "done_open_ends"));
        CHECK(sent.times() == 1);
    }
}

TEST_CASE(
    "a code that proves nothing, without effect: two looks, then failed and never sent again") {
    for (const Call& call : all_calls()) {
        CAPTURE(call.function);
        Sent sent(call, {kUnproven});
        CHECK(sent.state() == "in_doubt");
        CHECK(sent.now().keeps_domain);
        sent.engine.passes(1);
        CHECK(sent.state() == "in_doubt");
        CHECK(sent.now().keeps_domain);
        sent.live(12);
        CAPTURE(sent.now().reason);
        CHECK(sent.state() == (call.is_follow_up ? "done_open_ends" : "failed"));
        CHECK(sent.now().code == "E99-M9901");
        CHECK(holds(sent.now().reason, "E99-M9901 : not at the moment"));
        CHECK(holds(sent.now().reason,
                    call.is_shown ? "not executed: " : "whether it was executed is not known: "));
        CHECK(sent.times() == 1);
    }
}

TEST_CASE("an order whose answer proves nothing keeps its domain and its money until two looks") {
    Sent sent(all_calls()[2], {kUnproven});
    REQUIRE(sent.function == "domainCreate");
    const OrderId other = sent.engine.order(
        OrderKind::nameservers,
        {{"domain", "example.com"}, {"nameservers", "ns1.example.org ns2.example.org"}});
    const auto money = [&] { return sent.engine.ledger().money_out_since(UtcTime{}); };
    for (int looks = 0; looks < 2; ++looks) {
        sent.engine.submit();
        CHECK(sent.state() == "in_doubt");
        CHECK(sent.engine.state_of(other) == "accepted");
        CHECK(money() == 1000);
        sent.engine.passes(1);
    }
    CHECK(sent.state() == "failed");
    CHECK(money() == 0);
    const AttemptRecord attempt = sent.now().attempts.at(0);
    CHECK(attempt.is_unproven);
    CHECK(attempt.settled_as == AttemptOutcome::refused);
    CHECK(attempt.text == kUnproven.text);
}

TEST_CASE("an operation behind a code that proves nothing is adopted") {
    Sent sent(all_calls()[2], {kUnproven}, Effect::pending);
    sent.engine.passes(1);
    CHECK(sent.state() == "waiting");
    sent.engine.registrar.finish(1001);
    sent.engine.passes(1);
    CHECK(sent.state() == "done");
    CHECK(sent.times() == 1);
}

TEST_CASE("a second sending that is answered by such a code fails, with both answers") {
    Sent sent(all_calls()[2], {kFirst, kUnproven});
    sent.live(12);
    CHECK(sent.state() == "failed");
    CHECK(sent.times() == 2);
    CHECK(
        holds(sent.now().reason, "sent twice ('HTTP 502', then 'E99-M9901 : not at the moment')"));
}

TEST_CASE("a follow-up that is refused at its second sending is named with both answers") {
    Sent sent(all_calls()[9], {kFirst, Refused{"E12-M1204", "E12-M1204 : closed", {}}});
    REQUIRE(sent.function == "domainSetPreference");
    sent.live(12);
    CHECK(sent.state() == "done_open_ends");
    CHECK(sent.times() == 2);
    CHECK(holds(sent.now().reason, "E12-M1204 : closed"));
    CHECK(holds(sent.now().reason, "HTTP 502"));
}

TEST_CASE("nobody waits for the contact of an order that is held for it") {
    Sent sent(all_calls()[0], {kFirst, kSecond});
    REQUIRE(sent.function == "contactCreate");
    const OrderId other = sent.engine.registration("other.com", Engine::inline_owner());
    sent.engine.submit();
    CHECK(sent.engine.state_of(other) == "accepted");
    sent.engine.passes(2);
    REQUIRE(sent.state() == "held");
    sent.engine.submit();
    CHECK(sent.engine.state_of(other) == "done");
    CHECK(sent.times() == 3);
}

TEST_CASE("a row of answers that prove nothing stops the run, and its orders are held in doubt") {
    Engine engine;
    engine.refusals_in_a_row = 2;
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        engine.registrar.will_answer("domainCreate", kUnproven, Effect::none);
        orders.push_back(engine.registration(domain));
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(engine.state_of(orders[0]) == "held");
    CHECK(engine.state_of(orders[1]) == "held");
    CHECK(engine.look_at(orders[0]).keeps_domain);
    CHECK(engine.state_of(orders[2]) == "accepted");
    CHECK(engine.ledger().open_doubts().size() == 2);
}

TEST_CASE("an effect so late that two looks missed it is not paid a second time") {
    Engine engine;
    owned_domain(engine);
    engine.registrar.will_answer("domainTransferOwner", kFirst, Effect::none);
    const OrderId order =
        engine.order(OrderKind::trade, {{"domain", "example.com"}, {"owner", "AE1"}});
    engine.submit();
    engine.passes(1);
    int asked = 0;
    engine.registrar.before_call = [&](const std::string& line) {
        // The second look, then the before-picture of the second sending.
        if (line == "domainInfo example.com" && ++asked == 2) {
            engine.registrar.domain_records["example.com"].id_owner = "AE1";
        }
    };
    engine.passes(1);
    CHECK(engine.registrar.times_asked("domainTransferOwner") == 1);
    CHECK(engine.state_of(order) == "done");
    CHECK(holds(engine.look_at(order).reason, "id unknown: is so since an earlier sending"));
}

TEST_CASE("what a check finds before a second sending holds the order, not fails it") {
    Sent sent(all_calls()[2], {kFirst, kNoConnection});
    sent.engine.passes(2);
    REQUIRE(sent.state() == "in_progress");
    REQUIRE(sent.times() == 2);
    DomainRecord& domain = owned_domain(sent.engine);
    domain.id_owner = "AE1";
    sent.engine.submit();
    CAPTURE(sent.now().reason);
    CHECK(sent.state() == "held");
    CHECK(sent.now().keeps_domain);
    CHECK(holds(sent.now().reason, "domainCreate was to be sent a second time, but "));
    CHECK(sent.times() == 2);
}
