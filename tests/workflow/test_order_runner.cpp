#include "workflow/order_runner.h"

#include <doctest/doctest.h>

#include "support/engine.h"

#include <algorithm>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using namespace std::chrono_literals;

namespace {

using Diary = std::vector<std::string>;

const Refused kRefusal{"E11-M1101", "E11-M1101 : not now", std::nullopt};

std::vector<AttemptOutcome> outcomes_of(Engine& engine, OrderId order) {
    std::vector<AttemptOutcome> outcomes;
    for (const AttemptRecord& attempt : engine.ledger().attempts(order)) {
        REQUIRE(attempt.outcome);
        outcomes.push_back(*attempt.outcome);
    }
    return outcomes;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a registration with contact ids costs one call, what is known of it, and a read-back") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.registrar.diary == Diary{"domainTldInfo com", "queryOpeList com",
                                          "queryResellerAccount", "contactInfo AE1",
                                          "queryOpePending", "domainInfo example.com",
                                          "domainCreate example.com", "domainInfo example.com"});
    const OrderRecord record = engine.look_at(order);
    CHECK(record.state == OrderState::done);
    CHECK(record.operation == 1001);
    CHECK(record.reason.empty());
    CHECK_FALSE(record.keeps_domain);
    CHECK_FALSE(record.claimed_by);
}

TEST_CASE("the attempt stands in the ledger with its before-picture when the call goes out") {
    Engine engine;
    engine.registrar.pending_rows = {{4711, "domainRenew", "other.com", "", ""}};
    const OrderId order = engine.registration("example.com");
    std::vector<AttemptRecord> seen;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line.starts_with("domainCreate")) seen = engine.ledger().attempts(order);
    };
    engine.submit();
    REQUIRE(seen.size() == 1);
    CHECK_FALSE(seen[0].outcome);
    CHECK(seen[0].function == "domainCreate");
    CHECK(seen[0].picture.at("in_account") == "0");
    CHECK(seen[0].picture.at("highest_operation") == "4711");
    CHECK(seen[0].reserved_cents == 1000);
}

TEST_CASE("contacts are made first, one for equal persons, and named in the main call") {
    Engine engine;
    FieldMap given = Engine::inline_owner();
    for (const auto& [name, value] : Engine::inline_owner("Tim")) {
        given["admin" + name.substr(5)] = given["tech" + name.substr(5)] = value;
    }
    const OrderId order = engine.registration("example.com", given);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("contactCreate owner") == 1);
    CHECK(engine.registrar.times_asked("contactCreate simple") == 1);
    const DomainRecord& domain = engine.registrar.domain_records.at("example.com");
    CHECK(domain.id_owner == "AE1");
    CHECK(domain.id_admin == domain.id_tech);
    CHECK(domain.id_admin == "TE2");
    CHECK(domain.id_billing == "AB123");
}

TEST_CASE("the same person is made once for all orders") {
    Engine engine;
    engine.batch(OrderKind::register_domain, [] {
        std::vector<FieldMap> rows;
        for (const char* domain : {"a.com", "b.com", "c.com"}) {
            FieldMap row = Engine::inline_owner();
            row["domain"] = domain;
            row["years"] = "1";
            rows.push_back(row);
        }
        return rows;
    }());
    engine.submission.lanes = 2;
    engine.submit();
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
    CHECK(engine.ledger().count_by_state({}) == std::map<std::string, int>{{"done", 3}});
}

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

TEST_CASE("a pending main step waits, nothing is read back, and no follow-up is sent") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Pending{0, "Pending", "queued"});
    const OrderId order = engine.registration("example.com", {{"lock", "on"}});
    engine.submit();
    const OrderRecord record = engine.look_at(order);
    CHECK(record.state == OrderState::waiting);
    CHECK(record.operation == 1001);
    CHECK(record.keeps_domain);
    CHECK(engine.registrar.diary.back() == "domainCreate example.com");
    REQUIRE(engine.ledger().open_operations().size() == 1);
}

TEST_CASE("a refusal fails the order with the registrar's own words, money given back") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", kRefusal);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    const OrderRecord record = engine.look_at(order);
    CHECK(record.state == OrderState::failed);
    CHECK(record.code == "E11-M1101");
    CHECK(record.message == "E11-M1101 : not now");
    CHECK(engine.ledger().money_out_since(UtcTime{}) == 0);
}

TEST_CASE("what differs after Done is said, not repaired") {
    Engine engine;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainInfo example.com" && engine.registrar.domain_records.size() == 1) {
            engine.registrar.domain_records["example.com"].id_tech = "XX9";
        }
    };
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.look_at(order).reason == "differs in tech: ordered 'AB123', is 'XX9'");
}

TEST_CASE("a Done without an id ends as done, id unknown") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", Done{std::nullopt, "", ""});
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.look_at(order).reason == "done, id unknown");
}

TEST_CASE("no known answer: in doubt, the domain kept, nothing more for it in this run") {
    Engine engine;
    engine.registrar.will_answer("domainCreate", InDoubt{"no reply within 60 s"});
    const OrderId order = engine.registration("example.com");
    const OrderId next = engine.order(
        OrderKind::nameservers,
        {{"domain", "example.com"}, {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(order) == "in_doubt");
    CHECK(engine.state_of(next) == "accepted");
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
    CHECK(engine.registrar.times_asked("domainChangeDNS") == 0);
}

TEST_CASE("an order waits for the earlier one of its domain and goes on after it in one run") {
    Engine engine;
    const OrderId first = engine.registration("example.com");
    const OrderId second = engine.order(
        OrderKind::nameservers,
        {{"domain", "example.com"}, {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(first) == "done");
    CHECK(engine.state_of(second) == "done");
}

TEST_CASE("a photograph of the account is not believed for a domain another order dealt with") {
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

TEST_CASE("surely not sent: the order stays accepted and its domain is free") {
    Engine engine;
    engine.registrar.will_answer("domainCreate",
                                 TryLater{TryLater::Why::unreachable, "", "connection refused"});
    const OrderId order = engine.registration("example.com");
    const OrderId other = engine.registration("other.com");
    const auto end = engine.submit();
    CHECK(engine.state_of(order) == "accepted");
    CHECK_FALSE(engine.look_at(order).keeps_domain);
    CHECK(engine.state_of(other) == "accepted");
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::try_later);
    CHECK(end.stopped->is_unreachable);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.domain_records.size() == 2);
}

TEST_CASE("a session that died is tried once more at once, then left to another run") {
    Engine engine;
    const TryLater dead{TryLater::Why::session_dead, "E02-M0201", "session expired"};
    engine.registrar.will_answer("domainCreate", dead);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(outcomes_of(engine, order) ==
          std::vector{AttemptOutcome::try_later, AttemptOutcome::done});

    engine.registrar.will_answer("domainCreate", dead);
    engine.registrar.will_answer("domainCreate", dead);
    const OrderId unlucky = engine.registration("unlucky.com");
    const auto end = engine.submit();
    CHECK_FALSE(end.stopped);
    CHECK(engine.state_of(unlucky) == "accepted");
    CHECK(engine.registrar.times_asked("domainCreate unlucky.com") == 2);
}

TEST_CASE("an attempt that became old before its call is recorded as not sent") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    class SlowLedgerClock : public Clock {
      public:
        explicit SlowLedgerClock(Engine& shop, OrderId watched) : shop_(shop), watched_(watched) {}
        Moment now() const override {
            // As if the commit of the intent had taken six seconds.
            if (!slept_ && !shop_.ledger().attempts(watched_).empty()) {
                slept_ = true;
                shop_.clock.advance(6s);
            }
            return shop_.clock.now();
        }

      private:
        Engine& shop_;
        OrderId watched_;
        mutable bool slept_ = false;
    } clock(engine, order);
    const auto run = engine.ledger().begin_run("test", Sends::yes, clock.now());
    Knowledge knowledge(engine.ledger(), clock, {});
    StoppingRules rules(20);
    OrderRunner runner({engine.ledger(), *run, engine.registrar, engine.registrar, knowledge, rules,
                        clock, engine.settings,
                        [](const PlanRequest& request) {
                            PlanBuilder plan(request);
                            FieldMap arguments = plan.contacts_with_owner();
                            arguments["years"] = "1";
                            plan.main_step("domainCreate", arguments);
                            plan.read_back();
                            return std::move(plan).steps();
                        },
                        nullptr});
    auto claimed = runner.claim_next(std::nullopt, 1);
    REQUIRE(claimed.size() == 1);
    runner.advance(claimed[0]);
    runner.flush();
    // The second try, at once, is fresh.
    CHECK(outcomes_of(engine, order) ==
          std::vector{AttemptOutcome::try_later, AttemptOutcome::done});
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
}

TEST_CASE("the follow-ups of a registration, the lock last") {
    Engine engine;
    engine.registration("example.com", {{"lock", "on"}, {"privacy", "on"}, {"dnssec", "on"}});
    engine.submit();
    Diary changes;
    for (const std::string& line : engine.registrar.diary) {
        if (line.starts_with("domainSet")) changes.push_back(line);
    }
    CHECK(changes == Diary{"domainSetDNSsec example.com 1",
                           "domainSetPreference example.com whois_privacy=1",
                           "domainSetPreference example.com registrar_lock=1"});
}

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

TEST_CASE("a text that looks like a reference to a step is sent as it is") {
    Engine engine;
    const OrderId order =
        engine.registration("example.com", {{"tag", "step:1"}, {"note", "step:99"}});
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference example.com tag=step:1") == 1);
    CHECK(engine.registrar.times_asked("domainSetPreference example.com note=step:99") == 1);
}

TEST_CASE("an answer with another attempt's operation holds the order, Done or not") {
    Engine engine;
    const OrderId first = engine.registration("first.com");
    engine.submit();
    REQUIRE(engine.state_of(first) == "done");
    const OperationId its = engine.look_at(first).operation.value();
    engine.registrar.will_answer("domainCreate", Done{its, "", ""});
    const OrderId second = engine.registration("second.com", {{"lock", "on"}});
    engine.submit();
    engine.passes(3);
    CHECK(engine.state_of(second) == "held");
    CHECK(holds(engine.look_at(second).reason, "belongs to another attempt"));
    CHECK(engine.registrar.times_asked("domainSetPreference") == 0);
}

TEST_CASE("one refused follow-up does not stop the others and is an open end after five tries") {
    Engine engine;
    for (int i = 0; i < 5; ++i) engine.registrar.will_answer("domainSetPreference", kRefusal);
    // The first preference of the plan is refused; so are its four repetitions.
    const OrderId order = engine.registration("example.com", {{"privacy", "on"}});
    engine.submit();
    CHECK(engine.state_of(order) == "in_progress");
    for (int i = 0; i < 30 && engine.state_of(order) == "in_progress"; ++i) engine.passes(1);
    CHECK(engine.state_of(order) == "done_open_ends");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 5);
    CHECK(holds(engine.look_at(order).reason, "E11-M1101"));
}

TEST_CASE("a follow-up that waits for its next try lets the others go first") {
    Engine engine;
    engine.registrar.will_answer("domainSetPreference", kRefusal);
    const OrderId order =
        engine.registration("example.com", {{"privacy", "on"}, {"auto_renew", "on"}});
    engine.submit();
    CHECK(engine.registrar.times_asked("domainSetPreference example.com auto_renew=1") == 1);
    CHECK(engine.state_of(order) == "in_progress");
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference example.com whois_privacy=1") == 2);
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

TEST_CASE("keys that cannot be read yet are tried five times, or until a newer order begins") {
    for (const bool is_overtaken : {false, true}) {
        CAPTURE(is_overtaken);
        Engine engine;
        DomainRecord& domain = engine.registrar.domain_records["example.com"];
        domain.domain = "example.com";
        domain.status = "ACTIVE, DELEGATED";
        domain.nameservers = {"ns1.example.net", "ns2.example.net"};
        domain.is_signed = false;
        int reads = 0;
        engine.settings.zone_keys = [&](const DomainName&, const FieldMap& arguments) {
            ++reads;
            CHECK(field_of(arguments, "ns1") == "ns1.example.org");
            return KeyArguments{{}, "the servers show no key", true};
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
        CHECK_FALSE(engine.look_at(order).keeps_domain);
        CHECK(reads == 1);
        if (is_overtaken) {
            const OrderId newer = change("ns1.example.net ns2.example.net", "");
            CHECK(engine.state_of(newer) == "done");
        }
        for (int i = 0; i < 30 && engine.state_of(order) == "in_progress"; ++i) engine.passes(1);
        CHECK(engine.state_of(order) == "done_open_ends");
        CHECK(holds(engine.look_at(order).reason, "the servers show no key"));
        CHECK(reads == (is_overtaken ? 1 : 5));
        CHECK(engine.registrar.times_asked("domainSetDNSSecExt") == 0);
    }
}

TEST_CASE("a follow-up whose question gets a fault counts its tries and stops no other") {
    Engine engine;
    const OrderId order = engine.registration("example.com", {{"privacy", "on"}, {"lock", "on"}});
    int asked = 0;
    engine.registrar.before_call = [&](const std::string& line) {
        // The third domainInfo is the picture before the privacy.
        if (line == "domainInfo example.com" && ++asked == 2) {
            engine.registrar.will_not_answer("domainInfo",
                                             {QueryFailure::Why::unreadable, "", "HTTP 502"});
        }
    };
    engine.submit();
    CHECK(engine.registrar.times_asked("domainSetPreference example.com registrar_lock=1") == 1);
    engine.passes(2);
    CHECK(engine.state_of(order) == "done");
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

TEST_CASE("without max_spend_per_day nothing that costs is sent") {
    Engine engine;
    engine.settings.max_spend_per_day.reset();
    const OrderId order = engine.registration("example.com");
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    CHECK(engine.state_of(order) == "accepted");
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(holds(end.stopped->text, "max_spend_per_day"));
}

TEST_CASE("the day's ceiling stops the run before the order that would pass it") {
    Engine engine;
    engine.settings.max_spend_per_day = Money{2500, "EUR"};
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        orders.push_back(engine.registration(domain));
    }
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 2);
    CHECK(engine.state_of(orders[2]) == "accepted");
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    engine.clock.advance(24h);
    engine.submit();
    CHECK(engine.state_of(orders[2]) == "done");
}

TEST_CASE("a ceiling in another currency than the account's sends nothing") {
    Engine engine;
    engine.settings.max_spend_per_day = Money{1'000'000, "USD"};
    engine.registration("example.com");
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    REQUIRE(end.stopped);
    CHECK(holds(end.stopped->text, "USD"));
}

TEST_CASE("a refusal in new words asks the balance again, and too little of it stops the run") {
    Engine engine;
    engine.registrar.account_record.balance_cents = 5000;
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        orders.push_back(engine.registration(domain));
    }
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "domainCreate b.com") engine.registrar.account_record.balance_cents = 300;
    };
    engine.registrar.will_answer("domainCreate", Done{OperationId{0}, "", ""});
    engine.registrar.will_answer("domainCreate", Refused{"E30-M3001", "no funds", {}});
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(holds(end.stopped->text, "3.00 EUR"));
    CHECK(engine.state_of(orders[0]) == "done");
    CHECK(engine.state_of(orders[2]) == "accepted");
}

TEST_CASE("a refusal in the same words does not ask the balance twice") {
    Engine engine;
    for (const char* domain : {"a.com", "b.com", "c.com"}) {
        engine.registration(domain, {{"nameservers", "ns1.example.org ns2.example.org"}});
        engine.registrar.will_answer("domainCreate", kRefusal);
    }
    engine.submission.check_balance = false;
    engine.submit();
    CHECK(engine.registrar.times_asked("queryResellerAccount") == 1);
}

TEST_CASE("a row of refusals with one code stops the run and holds its orders") {
    Engine engine;
    engine.refusals_in_a_row = 3;
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com"}) {
        orders.push_back(engine.registration(domain));
        engine.registrar.will_answer("domainCreate", kRefusal);
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    for (int i = 0; i < 3; ++i) CHECK(engine.state_of(orders[std::size_t(i)]) == "held");
    CHECK(engine.look_at(orders[0]).keeps_domain);
    CHECK(engine.state_of(orders[3]) == "accepted");
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
}

TEST_CASE("a row of refusals is one even where each order makes a contact first") {
    Engine engine;
    engine.refusals_in_a_row = 3;
    for (const char* name : {"Ada", "Bea", "Cid", "Dan"}) {
        engine.registration(std::string(name) + ".com", Engine::inline_owner(name));
        engine.registrar.will_answer("domainCreate", kRefusal);
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
}

TEST_CASE("three doubts in a row stop the run") {
    Engine engine;
    for (const char* domain : {"a.com", "b.com", "c.com", "d.com"}) {
        engine.registration(domain);
        engine.registrar.will_answer("domainCreate", InDoubt{"cut"});
    }
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::try_later);
    CHECK(engine.registrar.times_asked("domainCreate") == 3);
    CHECK(engine.ledger().count_by_state({}) ==
          std::map<std::string, int>{{"accepted", 1}, {"in_doubt", 3}});
}

TEST_CASE("a refused login stops the run at once and nothing is marked sent") {
    Engine engine;
    const OrderId order = engine.registration("example.com");
    engine.registration("other.com");
    engine.registrar.will_not_answer(
        "domainTldInfo", {QueryFailure::Why::login_refused, "E01-M0101", "wrong password"});
    const auto end = engine.submit();
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(engine.registrar.diary.size() == 1);
    CHECK(engine.state_of(order) == "accepted");
    CHECK(engine.ledger().attempts(order).empty());
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

TEST_CASE("a reply that cannot be read lets the order wait, in however many runs") {
    Engine engine;
    engine.settings.preflight.price = true;
    const OrderId order = engine.registration("example.com");
    for (int run = 1; run <= 5; ++run) {
        const char* question = run % 2 == 0 ? "domainInfo" : "queryDomainPrice";
        engine.registrar.will_not_answer(question, {QueryFailure::Why::unreadable, "", "HTTP 502"});
        engine.submit();
        CHECK(engine.state_of(order) == "accepted");
        CHECK(holds(engine.look_at(order).reason, "HTTP 502"));
    }
    CHECK(engine.look_at(order).postponed_runs == 0);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
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

TEST_CASE("a lane that is called off finishes its call and sends nothing more") {
    Engine engine;
    bool stop = false;
    engine.is_called_off = [&] { return stop; };
    engine.registrar.before_call = [&](const std::string& line) {
        stop = stop || line.starts_with("domainCreate");
    };
    const OrderId first = engine.registration("a.com", {{"lock", "on"}});
    const OrderId second = engine.registration("b.com");
    engine.submit();
    CHECK(engine.registrar.diary.back() == "domainCreate a.com");
    CHECK(engine.state_of(first) == "in_progress");
    CHECK(engine.state_of(second) == "accepted");
    CHECK_FALSE(engine.look_at(first).claimed_by);
    stop = false;
    engine.registrar.before_call = nullptr;
    engine.submit();
    CHECK(engine.state_of(first) == "done");
    CHECK(engine.registrar.times_asked("domainCreate a.com") == 1);
}

TEST_CASE("above max_orders_per_run the rest stays accepted and the run says why") {
    Engine engine;
    engine.submission.most_orders = 2;
    for (const char* domain : {"a.com", "b.com", "c.com"}) engine.registration(domain);
    const auto end = engine.submit();
    CHECK(engine.registrar.times_asked("domainCreate") == 2);
    REQUIRE(end.stopped);
    CHECK(end.stopped->code == ExitCode::service_refused);
    CHECK(holds(end.stopped->text, "max_orders_per_run"));
    engine.submission.most_orders = 1;
    CHECK_FALSE(engine.submit().stopped);
}

TEST_CASE("a person made earlier is looked at once a day, and not made anew for being looked at") {
    Engine engine;
    engine.registration("a.com", Engine::inline_owner());
    engine.submit();
    engine.registration("b.com", Engine::inline_owner());
    engine.submit();
    CHECK(engine.registrar.times_asked("contactInfo") == 0);  // Made today.
    engine.clock.advance(25h);
    engine.registrar.contact_records.at("AE1").data.fields["city"] += " ";
    engine.registration("c.com", Engine::inline_owner());
    engine.registration("d.com", Engine::inline_owner());
    engine.submit();
    engine.registration("e.com", Engine::inline_owner());
    engine.submit();
    CHECK(engine.registrar.times_asked("contactInfo") == 1);
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
    CHECK(engine.registrar.domain_records.at("e.com").id_owner == "AE1");
}

TEST_CASE("a person changed or deleted at the registrar since is made anew, once, and it is said") {
    for (const bool is_deleted : {false, true}) {
        CAPTURE(is_deleted);
        Engine engine;
        engine.registration("a.com", Engine::inline_owner());
        engine.submit();
        auto& contacts = engine.registrar.contact_records;
        const ContactRecord made = contacts.at("AE1");
        if (is_deleted)
            contacts.erase("AE1");
        else
            contacts.at("AE1").data.fields["city"] = "Elsewhere";
        engine.clock.advance(25h);
        const OrderId second = engine.registration("b.com", Engine::inline_owner());
        engine.registration("c.com", Engine::inline_owner());
        engine.submission.lanes = 2;
        engine.submit();
        CHECK(engine.registrar.times_asked("contactCreate") == 2);
        const std::string& anew = engine.registrar.domain_records.at("b.com").id_owner;
        CHECK(anew != "AE1");
        CHECK(engine.registrar.domain_records.at("c.com").id_owner == anew);
        CHECK(contacts.at(anew).data.fields == made.data.fields);
        int told = 0;
        for (const OrderId order : {second, second + 1}) {
            for (const EventRecord& event : engine.ledger().events(order)) {
                told += holds(event.text, is_deleted ? "contact AE1" : "other data now (city)");
            }
        }
        CHECK(told == 1);
    }
}

TEST_CASE("what an order wrote to a contact is known to the next order of the day") {
    Engine engine;
    engine.sheet["com"].required_owner_fields = {"additional.COM_TYPE"};
    const OrderId brings = engine.registration("a.com", {{"additional.COM_TYPE", "X"}});
    engine.submit();
    CHECK(engine.state_of(brings) == "done");
    const OrderId relies = engine.registration("b.com");
    engine.submit();
    CHECK(engine.state_of(relies) == "done");
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

TEST_CASE("a contact that is made in doubt lets the orders with the same person wait, not hang") {
    Engine engine;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::at_once);
    const OrderId first = engine.registration("a.com", Engine::inline_owner());
    const OrderId second = engine.registration("b.com", Engine::inline_owner());
    engine.submit();
    CHECK(engine.state_of(first) == "in_doubt");
    CHECK(engine.state_of(second) == "accepted");
    CHECK(holds(engine.look_at(second).reason, "waits for order " + std::to_string(first)));
    engine.passes(1);
    engine.submit();
    CHECK(engine.state_of(first) == "done");
    CHECK(engine.state_of(second) == "done");
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
}
