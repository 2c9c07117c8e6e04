#include "support/engine.h"
#include "support/holds.h"
#include "workflow/sending/order_preparation.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

TEST_CASE("a domain that is in the account already fails before a contact is made") {
    Engine engine;
    engine.registrar.domain_records["example.com"].status = "ACTIVE, DELEGATED";
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.submit();
    CHECK(engine.state_of(order) == "failed");
    CHECK(engine.registrar.times_asked("contactCreate") == 0);
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    CHECK(engine.ledger().attempts(order).empty());
}

TEST_CASE("a snapshot of the account is not believed for a domain another order dealt with") {
    Engine engine;
    std::vector<FieldMap> rows;
    for (int i = 0; i < 20; ++i) {
        rows.push_back({{"domain", "d" + std::to_string(i) + ".com"},
                        {"years", "1"},
                        {"owner", "AE1"},
                        {"reference", "first-" + std::to_string(i)}});
    }
    engine.batch(OrderKind::register_domain, rows);
    const OrderId again = engine.registration("d3.com", {{"reference", "again"}});
    engine.submit();
    CHECK(engine.registrar.times_asked("queryDomainList") == 1);
    CHECK(engine.registrar.times_asked("domainCreate d3.com") == 1);
    CHECK(engine.state_of(again) == "failed");
    CHECK(holds(engine.look_at(again).reason, "in the account already"));
}

TEST_CASE("settings an extension does not offer are noted and the order goes on without them") {
    Engine engine;
    const OrderId order = engine.registration("example.plain", {{"lock", "on"}, {"privacy", "on"}});
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 0);
    const auto events = engine.ledger().events(order);
    CHECK(std::count_if(events.begin(), events.end(),
                        [](const EventRecord& event) { return event.kind == "note"; }) == 2);
}

TEST_CASE("a transfer does not bring back name servers the domain has left since it was planned") {
    Engine engine;
    Delegation today{
        Delegation::State::delegated, {"a.example.org", "b.example.org"}, {}, "", "", ""};
    engine.settings.preflight.read_delegation = [&](const DomainName&) { return today; };
    engine.registrar.will_answer("domainTransferIn",
                                 TryLater{TryLater::Why::unreachable, "", "no route"});
    const OrderId order = engine.order(
        OrderKind::transfer, {{"domain", "example.com"}, {"owner", "AE1"}, {"auth_code", "x1"}});
    engine.submit();
    CHECK(engine.state_of(order) == "accepted");
    today.nameservers = {"a.example.org", "c.example.org"};
    engine.submit();
    CHECK(engine.state_of(order) == "held");
    CHECK(holds(engine.look_at(order).reason, "other name servers today"));
    CHECK(engine.registrar.times_asked("domainTransferIn") == 1);
}

TEST_CASE("what cannot be known is tried in three runs and then held") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    for (int run = 1; run <= 3; ++run) {
        CHECK(engine.state_of(order) == "accepted");
        engine.registrar.will_not_answer("domainInfo",
                                         {QueryFailure::Why::refused, "E99-M9901", "not today"});
        engine.submit();
    }
    CHECK(engine.state_of(order) == "held");
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    CHECK(holds(engine.look_at(order).reason, "not today"));
}

TEST_CASE("a DNS test that cannot be made lets the order wait for three runs, then it is held") {
    Engine engine;
    engine.settings.preflight.dns_test = DnsTestWhen::always;
    engine.settings.preflight.test_name_servers = [](const DomainName&, const auto&, int) {
        const DnsFinding silent{DnsFindingKind::unknown, "ns2.example.org", "192.0.2.2",
                                "no answer over UDP within 5 s"};
        return DnsTestResult{DnsVerdict::not_known_now, {silent}};
    };
    const OrderId order =
        engine.registration("example.com", {{"nameservers", "ns1.example.org ns2.example.org"}});
    for (int run = 1; run <= 3; ++run) {
        CHECK(engine.state_of(order) == "accepted");
        engine.submit();
        CHECK(holds(engine.look_at(order).reason, "ns2.example.org (192.0.2.2): no answer"));
    }
    CHECK(engine.state_of(order) == "held");
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
}

TEST_CASE("a trade to the person who owns the domain is skipped, known contact and all") {
    Engine engine;
    engine.registration("example.com", Engine::inline_owner());
    engine.submit();
    FieldMap trade = Engine::inline_owner();
    trade["domain"] = "example.com";
    const OrderId order = engine.order(OrderKind::trade, trade);
    engine.submit();
    CHECK(engine.state_of(order) == "skipped");
    CHECK(engine.registrar.times_asked("domainTransferOwner") == 0);
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
}

TEST_CASE("a trade to the person who owns the domain is skipped, whoever made that contact") {
    Engine engine;
    const FieldMap mae = Engine::inline_owner();
    const OrderId first = engine.registration("example.com", mae);
    engine.submit();
    CHECK(engine.state_of(first) == "done");
    Engine restored;  // It knows nothing of the contact.
    restored.registrar.domain_records = engine.registrar.domain_records;
    restored.registrar.contact_records = engine.registrar.contact_records;
    restored.registrar.next_contact = engine.registrar.next_contact;
    FieldMap trade = mae;
    trade["domain"] = "example.com";
    const OrderId same = restored.order(OrderKind::trade, trade);
    restored.submit();
    CHECK(restored.state_of(same) == "skipped");
    CHECK(restored.registrar.times_asked("contactCreate") == 0);
    CHECK(restored.registrar.times_asked("domainTransferOwner") == 0);
    trade["owner.city"] = "Elsewhere";
    const OrderId other = restored.order(OrderKind::trade, trade);
    restored.submit();
    CHECK(restored.state_of(other) == "done");
    CHECK(restored.registrar.times_asked("domainTransferOwner") == 1);
}

TEST_CASE(
    "an operation pending for the domain, or for one that is not named, lets the order wait") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    engine.registrar.pending_rows = {{17, "domainTransferIn", "example.com", "", ""}};
    engine.submit();
    CHECK(engine.state_of(order) == "accepted");
    CHECK(holds(engine.look_at(order).reason, "operation 17"));
    engine.registrar.pending_rows = {{18, "domainCreate", std::nullopt, "", ""}};
    engine.submit();
    CHECK(engine.state_of(order) == "accepted");
    CHECK(holds(engine.look_at(order).reason, "does not say for which domain"));
    engine.registrar.pending_rows = {{19, "contactUpdate", std::nullopt, "", ""}};
    engine.submit();
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("an order waits for somebody else's operation however many runs that takes") {
    for (const bool is_known : {false, true}) {
        CAPTURE(is_known);
        Engine engine;
        engine.registrar.pending_rows = {{17, "domainTransferIn", "example.com", "", ""}};
        if (is_known) engine.passes(2);
        const OrderId order = engine.registration("example.com");
        for (int run = 1; run <= 5; ++run) engine.submit();
        CHECK(engine.state_of(order) == "accepted");
        CHECK(holds(engine.look_at(order).reason, "pending for the domain"));
        engine.registrar.pending_rows.clear();
        engine.passes(1);
        engine.submit();
        CHECK(engine.state_of(order) == "done");
    }
}

TEST_CASE("the checks before money are made anew in the run that sends the main step") {
    Engine engine;
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.registrar.will_answer("domainCreate",
                                 TryLater{TryLater::Why::unreachable, "", "connection refused"});
    engine.submit();
    CHECK(engine.state_of(order) == "accepted");
    engine.registrar.open_flags["com"]["domaincreate"] = false;
    engine.clock.advance(25h);  // The rules of the extension are kept for a day.
    engine.submit();
    CHECK(engine.state_of(order) == "failed");
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
}
