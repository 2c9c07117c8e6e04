#include "jobs/decisions.h"
#include "jobs/doubt_decisions.h"
#include "jobs/retry.h"
#include "support/decision_scene.h"
#include "workflow/checks/chain_guard.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

namespace {

using What = ChainVerdict::What;
using State = ChainOfTrust::State;

const std::vector<std::string> kNew = {"ns1.example.org", "ns2.example.org"};
const char* const kNewServers = "ns1.example.org ns2.example.org";
const Delegation kToday{
    Delegation::State::delegated, {"ns1.example.net", "ns2.example.net"}, {}, "com", "", ""};

Order order_of(OrderKind kind, FieldMap given) {
    given["domain"] = "example.com";
    if (kind == OrderKind::transfer) given["owner"] = "AE1";
    const ReadOrder read = read_order(kind, given);
    REQUIRE(read.order);
    return *read.order;
}

Order change(const std::string& dnssec = "") {
    FieldMap given = {{"nameservers", kNewServers}};
    if (!dnssec.empty()) given["dnssec"] = dnssec;
    return order_of(OrderKind::nameservers, given);
}

Order transfer() {
    return order_of(OrderKind::transfer, {{"nameservers", kNewServers}});
}

ChainVerdict held_against(const Order& order, const PreflightSettings& settings) {
    Engine engine;
    AnswerCache cache(engine.ledger(), engine.clock, {});
    return hold_against_ds(order, kNew, settings, cache);
}

PreflightSettings seeing(State chain, const Delegation& today = kToday) {
    PreflightSettings settings;
    settings.check_chain = [chain](const DomainName&, const auto&) {
        return ChainOfTrust{chain, "ns1.example.org has no such key"};
    };
    settings.read_delegation = [today](const DomainName&) { return today; };
    return settings;
}

// What the DNS shows can be changed from one question to the next.
struct Guarded : Engine {
    Guarded() {
        DomainRecord& record = registrar.domain_records["example.com"];
        record.domain = "example.com";
        record.status = "ACTIVE, DELEGATED";
        record.nameservers = {"ns1.example.net", "ns2.example.net"};
        settings.preflight.check_chain = [this](const DomainName&, const auto& servers) {
            ++looks;
            looked_at = servers;
            if (looks <= good_looks) return ChainOfTrust{State::not_signed, ""};
            return ChainOfTrust{chain, "the parent says so", ds_seconds};
        };
        settings.preflight.read_delegation = [this](const DomainName&) { return today; };
        settings.read_parent_ds = [this](const DomainName&) { return in_parent; };
    }
    OrderId change(const std::string& dnssec = "") {
        FieldMap given = {{"domain", "example.com"}, {"nameservers", kNewServers}};
        if (!dnssec.empty()) given["dnssec"] = dnssec;
        return order(OrderKind::nameservers, given);
    }
    OrderId transfer(FieldMap more) {
        registrar.domain_records.clear();
        more["domain"] = "example.com";
        more["auth_code"] = "x1";
        if (!more.contains("owner.firstName")) more.try_emplace("owner", "AE1");
        return order(OrderKind::transfer, more);
    }
    int changes() { return registrar.times_asked("domainChangeDNS"); }
    int transfers() { return registrar.times_asked("domainTransferIn"); }
    std::string reason_of(OrderId order) { return look_at(order).reason; }

    State chain = State::broken;
    std::uint32_t ds_seconds = 0;
    int good_looks = 0;
    int looks = 0;
    std::vector<std::string> looked_at;
    Delegation today = kToday;
    ParentDs in_parent{ParentDs::State::absent, {}, 0, ""};
};

void release(Engine& engine, OrderId order) {
    test::Scene scene(engine);
    REQUIRE(release_order(scene.parts(), order).code == ExitCode::all_well);
}

}  // namespace

TEST_CASE("servers go to a domain without DS, or where they fit it, and nowhere else") {
    for (const Order& order : {change(), transfer()}) {
        CHECK(held_against(order, seeing(State::not_signed)).what == What::may_be_sent);
        CHECK(held_against(order, seeing(State::holds)).what == What::may_be_sent);
        CHECK(held_against(order, seeing(State::broken)).what == What::would_break);
        CHECK(held_against(order, seeing(State::unreadable)).what == What::not_known);
        CHECK(held_against(order, PreflightSettings{}).what == What::not_known);
    }
}

TEST_CASE("a transfer that keeps today's servers changes nothing, whatever they hold") {
    Delegation same = kToday;
    same.nameservers = {"ns2.example.org", "ns1.example.org"};
    for (const State chain : {State::broken, State::unreadable}) {
        CHECK(held_against(transfer(), seeing(chain, same)).what == What::may_be_sent);
        CHECK(held_against(change(), seeing(chain, same)).what != What::may_be_sent);
        same.state = Delegation::State::unreadable;
        CHECK(held_against(transfer(), seeing(chain, same)).what != What::may_be_sent);
        same.state = Delegation::State::delegated;
    }
}

TEST_CASE("what is refused is told with the next move") {
    const auto reason = [](const Order& order) {
        return held_against(order, seeing(State::broken)).reason;
    };
    CHECK(holds(reason(transfer()), "nameservers 'keep'"));
    CHECK(holds(reason(transfer()), "domain-nameservers and dnssec 'off'"));
    CHECK(holds(reason(change("keep")), "order dnssec 'off' first"));
    CHECK(holds(reason(change("off")), "ask the registrar to take the DS away"));
    for (const Order& order : {transfer(), change(), change("off")}) {
        CHECK(holds(reason(order), "ns1.example.org has no such key"));
    }
}

TEST_CASE("a transfer brings a signed domain to no servers that do not fit, whatever its dnssec") {
    for (const char* dnssec : {"", "on", "off", "auto", "keep", "257 3 13 c2FuZGJveCBrZXk="}) {
        CAPTURE(dnssec);
        Guarded engine;
        FieldMap more = Engine::inline_owner();
        more["nameservers"] = kNewServers;
        if (*dnssec != '\0') more["dnssec"] = dnssec;
        const OrderId order = engine.transfer(more);
        engine.submit();
        CHECK(engine.state_of(order) == "failed");
        CHECK(holds(engine.reason_of(order), "the parent says so"));
        CHECK(engine.looked_at == kNew);
        CHECK(engine.transfers() == 0);
        CHECK(engine.registrar.times_asked("contactCreate") == 0);
        CHECK(engine.ledger().attempts(order).empty());
    }
}

TEST_CASE("a transfer of a signed domain that keeps its servers is sent") {
    Guarded engine;
    const OrderId order = engine.transfer({});
    engine.submit();
    CHECK(engine.transfers() == 1);
    CHECK(engine.state_of(order) == "waiting");
}

TEST_CASE("that a domain is not signed is believed to its parent, not to the registrar") {
    for (const std::optional<bool> is_signed :
         {std::optional<bool>(false), std::optional<bool>()}) {
        for (const char* dnssec : {"", "on", "auto", "keep"}) {
            CAPTURE(dnssec);
            Guarded engine;
            engine.registrar.domain_records["example.com"].is_signed = is_signed;
            const OrderId order = engine.change(dnssec);
            engine.submit();
            CHECK(engine.state_of(order) == "failed");
            CHECK(engine.changes() == 0);
        }
    }
}

TEST_CASE("a domain that is perhaps signed waits, is held after three runs, and never failed") {
    for (const bool is_transfer : {false, true}) {
        CAPTURE(is_transfer);
        Guarded engine;
        engine.chain = State::unreadable;
        const OrderId order =
            is_transfer ? engine.transfer({{"nameservers", kNewServers}}) : engine.change();
        for (int run = 1; run <= 3; ++run) {
            CHECK(engine.state_of(order) == "accepted");
            engine.submit();
            CHECK(holds(engine.reason_of(order), "is not known now: the parent says so"));
        }
        CHECK(engine.state_of(order) == "held");
        CHECK(engine.changes() + engine.transfers() == 0);
    }
}

TEST_CASE("a moment without DNS costs one run") {
    Guarded engine;
    engine.chain = State::unreadable;
    const OrderId order = engine.change();
    engine.submit();
    engine.chain = State::not_signed;
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.changes() == 1);
}

TEST_CASE("a DS that comes between the checks and the sending is seen") {
    for (const State then : {State::broken, State::unreadable}) {
        Guarded engine;
        engine.good_looks = 1;
        engine.chain = then;
        const OrderId order = engine.change();
        engine.submit();
        CHECK(engine.looks == 2);
        CHECK(engine.changes() == 0);
        CHECK(engine.state_of(order) == (then == State::broken ? "failed" : "accepted"));
        CHECK(engine.ledger().attempts(order).empty());
    }
}

TEST_CASE("what surely was not sent is held against the DS once more before it is") {
    Guarded engine;
    engine.good_looks = 2;
    engine.registrar.will_answer("domainTransferIn",
                                 TryLater{TryLater::Why::unreachable, "", "no route"});
    const OrderId order = engine.transfer({{"nameservers", kNewServers}});
    engine.submit();
    REQUIRE(engine.state_of(order) == "accepted");
    engine.submit();
    CHECK(engine.state_of(order) == "failed");
    CHECK(engine.transfers() == 1);
}

TEST_CASE("a second sending after a lost answer is held against the DS, too") {
    for (const State then : {State::broken, State::unreadable}) {
        Guarded engine;
        engine.good_looks = 2;
        engine.chain = then;
        engine.registrar.will_answer("domainChangeDNS", InDoubt{"cut"}, Effect::none);
        const OrderId order = engine.change();
        engine.submit();
        REQUIRE(engine.state_of(order) == "in_doubt");
        engine.passes(3);
        CHECK(engine.changes() == 1);
        if (then == State::broken) {
            CHECK(engine.state_of(order) == "held");
            CHECK(holds(engine.reason_of(order), "sent a second time"));
            continue;
        }
        CHECK(engine.state_of(order) == "in_progress");
        CHECK(holds(engine.reason_of(order), "is not known now"));
        // A pass comes by every ten minutes: only runs that order are counted.
        engine.submit();
        engine.submit();
        CHECK(engine.state_of(order) == "in_progress");
        engine.submit();
        CHECK(engine.state_of(order) == "held");
        release(engine, order);
        engine.submit();
        CHECK(engine.state_of(order) == "in_progress");  // Counted anew.
        engine.chain = State::not_signed;
        engine.submit();
        CHECK(engine.changes() == 2);
        CHECK(engine.state_of(order) == "done");
    }
}

TEST_CASE("a person's wish to send again does not pass the DS") {
    for (const char* force : {"", "I have looked"}) {
        CAPTURE(force);
        Guarded engine;
        engine.good_looks = 2;
        engine.registrar.will_answer("domainChangeDNS", InDoubt{"cut"}, Effect::none);
        const OrderId order = engine.change();
        engine.submit();
        engine.clock.advance(2min);
        test::Scene scene(engine);
        CHECK(resolve_by_sending(scene.parts(), order, force).code == ExitCode::some_orders_wrong);
        CHECK(holds(engine.reason_of(order), "the parent says so"));
        CHECK(engine.changes() == 1);
    }
}

TEST_CASE("an order made from a failed one is held against the DS like any other") {
    Guarded engine;
    const OrderId failed = engine.change();
    engine.submit();
    REQUIRE(engine.state_of(failed) == "failed");
    {
        test::Scene scene(engine);
        REQUIRE(retry_orders(scene.parts(), {failed}).batch);
    }
    engine.submit();
    CHECK(engine.changes() == 0);
    OrderFilter again;
    again.domain = "example.com";
    again.limit = 1;
    CHECK(engine.ledger().orders(again).front().state == OrderState::failed);
}

TEST_CASE("a DS that is back when the wait for its end is over is seen, and held") {
    Guarded engine;
    engine.registrar.domain_records["example.com"].is_signed = true;
    const OrderId order = engine.change("off");
    engine.submit();
    CHECK(engine.registrar.times_asked("domainSetDNSsec example.com 0") == 1);
    CHECK(engine.changes() == 0);
    CHECK(engine.state_of(order) == "held");
    CHECK(holds(engine.reason_of(order), "DNSSEC was switched off"));
}

TEST_CASE("where the registrar cannot switch DNSSEC off, 'off' makes no domain unsigned") {
    Guarded engine;
    const OrderId order = engine.order(
        OrderKind::nameservers,
        {{"domain", "example.plain"}, {"nameservers", kNewServers}, {"dnssec", "off"}});
    engine.registrar.domain_records["example.plain"] =
        engine.registrar.domain_records["example.com"];
    engine.submit();
    CHECK(engine.state_of(order) == "failed");
    CHECK(holds(engine.reason_of(order), "take the DS away"));
    CHECK(engine.changes() == 0);
}

TEST_CASE("a registration has no DS to meet, and none is looked for") {
    Guarded engine;
    engine.registrar.domain_records.clear();
    const OrderId order = engine.registration("example.com", {{"nameservers", kNewServers}});
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.looks == 0);
}

TEST_CASE("a DS that was seen counts for its whole TTL, whoever took it away") {
    Guarded engine;
    engine.ds_seconds = 7200;
    const OrderId refused = engine.change();
    engine.submit();
    REQUIRE(engine.state_of(refused) == "failed");
    engine.chain = State::not_signed;  // By hand, in the registrar's panel.
    engine.ds_seconds = 0;
    const OrderId again = engine.change();
    engine.clock.advance(1h + 59min);
    engine.submit();
    CHECK(engine.state_of(again) == "accepted");
    CHECK(holds(engine.reason_of(again), "may be remembered until"));
    CHECK(engine.changes() == 0);
    engine.clock.advance(1min);
    engine.submit();
    CHECK(engine.state_of(again) == "done");
    CHECK(engine.changes() == 1);
}

TEST_CASE("a change given up while its DS is remembered leaves the next one to wait for that") {
    Guarded engine;
    engine.chain = State::not_signed;
    engine.registrar.domain_records["example.com"].is_signed = true;
    engine.in_parent = {ParentDs::State::present, {{{17, 13, 2, "ab"}}}, 7200, ""};
    const OrderId first = engine.change("off");
    engine.submit();
    REQUIRE(engine.state_of(first) == "in_progress");
    {
        test::Scene scene(engine);
        REQUIRE(cancel_order(scene.parts(), first).code == ExitCode::all_well);
    }
    const OrderId second = engine.change();
    engine.submit();
    CHECK(engine.state_of(second) == "accepted");
    CHECK(engine.changes() == 0);
    engine.clock.advance(2h);
    engine.submit();
    CHECK(engine.changes() == 1);
}
