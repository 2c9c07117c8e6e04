#include "support/engine.h"
#include "support/holds.h"
#include "support/order_records.h"
#include "workflow/moves/plan_builder.h"
#include "workflow/moves/unsigning.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

namespace {

const UtcTime kNow = test::at("2026-11-25T10:00:00.000Z");

ParentDs present(std::uint32_t ttl) {
    return {ParentDs::State::present, {{{4711, 13, 2, "ab"}}}, ttl, ""};
}

ParentDs absent() {
    return {ParentDs::State::absent, {}, 0, ""};
}

ParentDs unreadable() {
    return {ParentDs::State::unreadable, {}, 0, "the parent is silent"};
}

// An order whose unsigning is done, and which waits.
struct Waiting {
    Waiting() {
        order.state = OrderState::in_progress;
        order.keeps_domain = true;
        StepRecord wait;
        wait.position = 1;
        wait.phase = StepPhase::before;
        wait.function = kAwaitNoDs;
        StepRecord change;
        change.position = 2;
        change.function = "domainChangeDNS";
        order.steps = {wait, change};
    }
    OrderMove look(const ParentDs& seen, UtcTime now, const std::string& ttl = "3600") {
        const OrderMove move = after_checking_ds(order, order.steps[0], {{"ttl", ttl}}, seen, now);
        DOMSPOOL_ASSERT(move.position == 1);
        StepRecord& step = order.steps[0];
        step.state = move.step_state;
        step.note = move.step_note;
        step.waits_for = move.waits_for;
        step.since = move.since;
        step.result = move.step_result;
        step.due_at = move.due_at;
        return move;
    }
    OrderRecord order = test::order_in(OrderState::accepted);
};

// A signed domain of the account, its DS in the parent for an hour.
struct SignedDomain {
    SignedDomain() {
        DomainRecord& record = engine.registrar.domain_records["example.com"];
        record.domain = "example.com";
        record.status = "ACTIVE, DELEGATED";
        record.nameservers = {"ns1.example.net", "ns2.example.net"};
        record.is_signed = true;
        engine.settings.read_parent_ds = [this](const DomainName&) { return in_parent; };
    }
    OrderId change(const std::string& dnssec) {
        FieldMap given = {{"domain", "example.com"},
                          {"nameservers", "ns1.example.org ns2.example.org"}};
        if (!dnssec.empty()) given["dnssec"] = dnssec;
        return engine.order(OrderKind::nameservers, given);
    }
    int changes() { return engine.registrar.times_asked("domainChangeDNS"); }

    Engine engine;
    ParentDs in_parent = present(3600);
};

}  // namespace

TEST_CASE("without a DS in the parent there is nothing to wait for") {
    Waiting waiting;
    CHECK(waiting.look(absent(), kNow, "0").step_state == StepState::done);
}

TEST_CASE("the TTL is waited for from the time the DS is first seen to be gone") {
    Waiting waiting;
    const OrderMove still_there = waiting.look(present(3600), kNow);
    CHECK(still_there.step_state == StepState::planned);
    CHECK(still_there.state == OrderState::in_progress);
    CHECK(still_there.keeps_domain);
    REQUIRE(still_there.due_at);
    CHECK(*still_there.due_at > kNow);
    const OrderMove gone = waiting.look(absent(), kNow + 20min);
    CHECK(gone.step_state == StepState::planned);
    CHECK(gone.due_at == kNow + 80min);
    CHECK(holds(gone.reason, "2026-11-25T11:20"));
    CHECK(waiting.look(absent(), kNow + 79min).due_at == kNow + 80min);
    CHECK(waiting.look(absent(), kNow + 80min).step_state == StepState::done);
}

TEST_CASE("the longest TTL counts, and a DS that comes back begins the wait anew") {
    Waiting waiting;
    waiting.look(absent(), kNow);
    waiting.look(present(7200), kNow + 30min);
    CHECK(waiting.look(absent(), kNow + 1h).due_at == kNow + 3h);
}

TEST_CASE("a parent that cannot be asked now ends no wait, nor begins it anew") {
    Waiting waiting;
    waiting.look(absent(), kNow);
    const OrderMove unknown = waiting.look(unreadable(), kNow + 2h);
    CHECK(unknown.step_state == StepState::planned);
    CHECK(holds(unknown.reason, "the parent is silent"));
    CHECK(waiting.look(absent(), kNow + 3h).step_state == StepState::done);
}

TEST_CASE("a DS that stays for a week is told to a person, who can let the wait go on") {
    Waiting waiting;
    CHECK(waiting.look(present(3600), kNow).state == OrderState::in_progress);
    waiting.look(unreadable(), kNow + 24h);
    CHECK(waiting.look(present(3600), kNow + 7 * 24h - 1s).state == OrderState::in_progress);
    const OrderMove held = waiting.look(present(3600), kNow + 7 * 24h);
    CHECK(held.state == OrderState::held);
    CHECK(held.step_state == StepState::planned);
    CHECK(held.keeps_domain);
    CHECK(holds(held.reason, "since 2026-11-25T10:00"));
    CHECK(waiting.look(present(3600), kNow + 8 * 24h).state == OrderState::in_progress);
}

TEST_CASE("a domain to be unsigned gets its new servers when nobody can know its DS any more") {
    SignedDomain domain;
    const OrderId order = domain.change("off");
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "in_progress");
    CHECK(domain.engine.look_at(order).keeps_domain);
    CHECK(domain.engine.registrar.times_asked("domainSetDNSsec example.com 0") == 1);
    domain.engine.passes(1);
    domain.in_parent = absent();
    domain.engine.passes(1);  // Sees that it is gone.
    domain.engine.clock.advance(58min);
    domain.engine.submit();
    CHECK(domain.changes() == 0);
    domain.engine.clock.advance(2min);
    domain.engine.pass();  // Ends the wait, and leaves the first sending to a run that sends.
    CHECK(domain.changes() == 0);
    CHECK(holds(domain.engine.look_at(order).reason, "the next run that sends"));
    domain.engine.submit();
    CHECK(domain.changes() == 1);
    CHECK(domain.engine.state_of(order) == "done");
    CHECK(domain.engine.registrar.times_asked("domainSetDNSsec") == 1);
}

TEST_CASE("an unsigning that is pending is waited for as well") {
    SignedDomain domain;
    domain.engine.registrar.will_answer("domainSetDNSsec", Pending{0, "Pending", ""});
    const OrderId order = domain.change("off");
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "waiting");
    domain.in_parent = absent();
    domain.engine.registrar.finish(1001);
    domain.engine.passes(1);
    CHECK(domain.engine.state_of(order) == "in_progress");
    domain.engine.clock.advance(1h);
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "done");
}

TEST_CASE("an unsigning whose answer is lost is looked for, not sent again") {
    SignedDomain domain;
    domain.engine.registrar.will_answer("domainSetDNSsec", InDoubt{"cut"}, Effect::at_once);
    const OrderId order = domain.change("off");
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "in_doubt");
    domain.in_parent = absent();
    domain.engine.passes(2);
    CHECK(domain.engine.state_of(order) == "in_progress");
    CHECK(domain.changes() == 0);
    domain.engine.clock.advance(1h);
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "done");
    CHECK(domain.engine.registrar.times_asked("domainSetDNSsec") == 1);
}

TEST_CASE("an unsigning that is refused fails the order, its servers untouched") {
    SignedDomain domain;
    domain.engine.registrar.will_answer("domainSetDNSsec",
                                        Refused{"E12-M1220", "E12-M1220 : not offered", {}});
    const OrderId order = domain.change("off");
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "failed");
    CHECK(domain.changes() == 0);
}

TEST_CASE("a domain without keys anywhere gets its servers at once, also with dnssec off") {
    SignedDomain domain;
    domain.engine.registrar.domain_records["example.com"].is_signed = false;
    domain.in_parent = absent();
    const OrderId order = domain.change("off");
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "done");
    CHECK(domain.engine.registrar.times_asked("domainSetDNSsec") == 0);
    CHECK(domain.changes() == 1);
}

TEST_CASE("a parent that cannot be asked lets the order wait before anything is sent") {
    SignedDomain domain;
    domain.in_parent = unreadable();
    const OrderId order = domain.change("off");
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "accepted");
    CHECK(holds(domain.engine.look_at(order).reason, "the parent is silent"));
    CHECK(domain.engine.registrar.times_asked("domainSetDNSsec") == 0);
}

TEST_CASE("what becomes impossible after the unsigning is held for a person") {
    SignedDomain domain;
    const OrderId order = domain.change("off");
    domain.engine.submit();
    domain.in_parent = absent();
    domain.engine.registrar.extension_records["com"].flags["haszonecheck"] = true;
    domain.engine.settings.preflight.dns_test = DnsTestWhen::always;
    domain.engine.settings.preflight.test_name_servers = [](const DomainName&, const auto&, int) {
        return DnsTestResult{DnsVerdict::not_possible, {}};
    };
    domain.engine.clock.advance(11min);
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "held");
    CHECK(holds(domain.engine.look_at(order).reason, "DNSSEC was switched off"));
    CHECK(domain.changes() == 0);
}

TEST_CASE("a signed domain gets no other servers while its order says nothing of its keys") {
    SignedDomain domain;
    const OrderId order = domain.change("");
    domain.engine.submit();
    CHECK(domain.engine.state_of(order) == "failed");
    CHECK(holds(domain.engine.look_at(order).reason, "dnssec"));
    CHECK(domain.changes() == 0);
}

TEST_CASE("servers that somebody changed during the wait end the order as done") {
    SignedDomain domain;
    const OrderId order = domain.change("off");
    domain.engine.submit();
    REQUIRE(domain.engine.state_of(order) == "in_progress");
    domain.engine.registrar.domain_records["example.com"].nameservers = {"ns1.example.org",
                                                                         "ns2.example.org"};
    domain.in_parent = absent();
    for (int look = 0; look < 3; ++look) {
        domain.engine.clock.advance(2h);
        domain.engine.pass();
        domain.engine.submit();
    }
    CHECK(domain.engine.state_of(order) == "done");
    CHECK(domain.changes() == 0);
}
