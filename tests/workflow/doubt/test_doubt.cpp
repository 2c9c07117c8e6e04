#include "support/engine.h"
#include "support/holds.h"
#include "workflow/doubt/doubt.h"

#include <doctest/doctest.h>

#include <utility>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

namespace {

const Refused kRefusal{"E11-M1101", "E11-M1101 : not now", std::nullopt};

// One registration whose reply is lost.
struct Lost {
    explicit Lost(Effect effect, const FieldMap& more = {}) {
        engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, effect);
        order = engine.registration("example.com", more);
        engine.submit();
        REQUIRE(engine.state_of(order) == "in_doubt");
    }
    void pass_after(std::chrono::seconds time) {
        engine.clock.advance(time);
        engine.pending.min_interval = 0s;
        engine.pass();
    }
    int sendings() const { return engine.registrar.times_asked("domainCreate"); }
    DomainRecord& domain() { return engine.registrar.domain_records.at("example.com"); }

    Engine engine;
    OrderId order = 0;
};

// A nameserver change whose reply is lost; the domain had ns9.
struct LostChange {
    LostChange() {
        DomainRecord& domain = engine.registrar.domain_records["example.com"];
        domain.status = "ACTIVE, DELEGATED";
        domain.nameservers = {"ns9.example.org"};
        engine.registrar.will_answer("domainChangeDNS", InDoubt{"cut"}, Effect::none);
        order = engine.order(
            OrderKind::nameservers,
            {{"domain", "example.com"}, {"nameservers", "ns1.example.org ns2.example.org"}});
        engine.submit();
        REQUIRE(engine.state_of(order) == "in_doubt");
    }

    Engine engine;
    OrderId order = 0;
};

}  // namespace

TEST_CASE("an attempt younger than the longest call is left alone") {
    Lost lost(Effect::at_once);
    const auto asked = lost.engine.registrar.diary.size();
    lost.pass_after(59s);
    CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    CHECK(lost.engine.registrar.diary.size() == asked + 1);  // The list alone.
    lost.pass_after(1s);
    CHECK(lost.engine.state_of(lost.order) == "done");
}

TEST_CASE("a list that is older than the longest call tells nothing of a younger attempt") {
    Lost lost(Effect::none);
    PendingList list;
    list.asked_at = lost.engine.clock.now();
    lost.engine.clock.advance(1h);
    AnswerCache cache(lost.engine.ledger(), lost.engine.clock, {});
    const auto run = lost.engine.ledger().begin_run("test", Sends::yes, lost.engine.clock.now());
    auto claimed = lost.engine.ledger().write(
        [&](LedgerWrite& w) { return w.claim_order(run->id(), lost.order); });
    REQUIRE(claimed);
    const DoubtParts parts{
        lost.engine.ledger(), lost.engine.registrar, cache, lost.engine.clock, {}};
    const auto doubts = lost.engine.ledger().open_doubts();
    REQUIRE(doubts.size() == 1);
    CHECK(settle_doubt(parts, *claimed, doubts[0], list, doubts) == Settlement::not_yet);
    CHECK(lost.engine.ledger().attempts(lost.order)[0].empty_looks == 0);
}

TEST_CASE("an operation in the list is adopted, and its Done counts once the domain shows it") {
    Lost lost(Effect::pending);
    lost.pass_after(61s);
    OrderRecord order = lost.engine.look_at(lost.order);
    CHECK(order.state == OrderState::waiting);
    CHECK(order.operation == 1001);
    lost.engine.registrar.finish(1001);
    lost.pass_after(600s);
    order = lost.engine.look_at(lost.order);
    CHECK(order.state == OrderState::done);
    CHECK(order.operation == 1001);
    CHECK(lost.sendings() == 1);
}

TEST_CASE("an adopted operation whose domain shows something else is held, no follow-up sent") {
    Lost lost(Effect::pending, {{"lock", "on"}});
    lost.pass_after(61s);
    lost.engine.registrar.finish(1001);
    lost.domain().id_owner = "XX9";
    lost.pass_after(600s);
    CHECK(lost.engine.state_of(lost.order) == "held");
    CHECK(holds(lost.engine.look_at(lost.order).reason, "XX9"));
    CHECK(lost.engine.registrar.times_asked("domainSetPreference") == 0);
}

TEST_CASE("an adopted operation's domain that cannot be read is asked for again, not held") {
    Lost lost(Effect::pending);
    lost.pass_after(61s);
    lost.engine.registrar.finish(1001);
    for (int pass = 0; pass < 4; ++pass) {
        lost.engine.registrar.will_not_answer("domainInfo",
                                              {QueryFailure::Why::unreadable, "", "HTTP 502"});
        lost.pass_after(std::chrono::hours(1));
    }
    CHECK(lost.engine.state_of(lost.order) == "in_progress");
    lost.pass_after(std::chrono::hours(1));
    CHECK(lost.engine.state_of(lost.order) == "done");
}

TEST_CASE("codes are compared without letter case") {
    Lost lost(Effect::pending);
    lost.engine.registrar.pending_rows[0].code = "DOMAINCREATE";
    lost.pass_after(61s);
    CHECK(lost.engine.look_at(lost.order).operation == 1001);
}

TEST_CASE("an operation known before the attempt, of another code or domain is not adopted") {
    Engine engine;
    engine.registrar.pending_rows = {{500, "contactUpdate", "AE9", "", ""}};
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::none);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    for (const PendingRow& row : {PendingRow{499, "domainCreate", "example.com", "", ""},
                                  PendingRow{501, "domainRenew", "example.com", "", ""},
                                  PendingRow{502, "domainCreate", "other.com", "", ""}}) {
        engine.registrar.pending_rows.push_back(row);
    }
    engine.passes(1);
    CHECK(engine.state_of(order) == "in_doubt");
    CHECK_FALSE(engine.look_at(order).operation);
}

TEST_CASE("several operations that could be its own: held") {
    Lost lost(Effect::pending);
    lost.engine.registrar.pending_rows.push_back({1002, "domainCreate", "example.com", "", ""});
    lost.pass_after(61s);
    CHECK(lost.engine.state_of(lost.order) == "held");
    CHECK(holds(lost.engine.look_at(lost.order).reason, "domain-orders resolve"));
    CHECK(lost.engine.look_at(lost.order).keeps_domain);
}

TEST_CASE("a domain shown with the contacts sent is done, its id unknown, with the evidence") {
    for (const char* status : {"ACTIVE, DELEGATED", "RESERVED, NOT DELEGATED"}) {
        Lost lost(Effect::at_once);
        lost.domain().status = status;
        lost.pass_after(61s);
        const OrderRecord order = lost.engine.look_at(lost.order);
        CHECK(order.state == OrderState::done);
        CHECK_FALSE(order.operation);
        CHECK(order.reason ==
              "done, id unknown: domainInfo shows status '" + std::string(status) + "', owner AE1");
        const AttemptRecord attempt = lost.engine.ledger().attempts(lost.order)[0];
        CHECK(attempt.outcome == AttemptOutcome::in_doubt);
        CHECK(holds(attempt.settled, "id unknown"));
        CHECK(lost.sendings() == 1);
    }
}

TEST_CASE("contact ids are the same in any letter case") {
    Lost lost(Effect::at_once);
    lost.domain().id_admin = "ab123";
    lost.pass_after(61s);
    CHECK(lost.engine.state_of(lost.order) == "done");
}

TEST_CASE("a domain shown with other contacts, or in another state, is held") {
    SUBCASE("another technical contact") {
        Lost lost(Effect::at_once);
        lost.domain().id_tech = "XX9";
        lost.pass_after(61s);
        CHECK(lost.engine.state_of(lost.order) == "held");
    }
    SUBCASE("in quarantine") {
        Lost lost(Effect::at_once);
        lost.domain().status = "QUARANTINE, NOT DELEGATED";
        lost.pass_after(61s);
        CHECK(lost.engine.state_of(lost.order) == "held");
    }
}

TEST_CASE("a domain shown as PENDING waits and is asked again") {
    Lost lost(Effect::at_once);
    lost.domain().status = "PENDING";
    lost.pass_after(61s);
    CHECK(lost.engine.state_of(lost.order) == "waiting");
    CHECK(lost.engine.look_at(lost.order).keeps_domain);
    SUBCASE("until it is there") {
        lost.domain().status = "ACTIVE, DELEGATED";
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "done");
    }
    SUBCASE("until it went wrong") {
        lost.domain().status = "ERROR";
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "failed");
        CHECK(holds(lost.engine.look_at(lost.order).reason, "ERROR"));
    }
    SUBCASE("and is held if it vanishes") {
        lost.engine.registrar.domain_records.clear();
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "held");
    }
    CHECK(lost.sendings() == 1);
}

TEST_CASE("a domain nowhere to be seen is ordered again after two looks far enough apart") {
    Lost lost(Effect::none);
    lost.pass_after(61s);
    CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    lost.pass_after(599s);
    CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    CHECK(lost.sendings() == 1);
    lost.pass_after(1s);
    CHECK(lost.sendings() == 2);
    const OrderRecord order = lost.engine.look_at(lost.order);
    CHECK(order.state == OrderState::done);
    CHECK(order.operation == 1001);
    const auto attempts = lost.engine.ledger().attempts(lost.order);
    REQUIRE(attempts.size() == 2);
    CHECK(attempts[0].outcome == AttemptOutcome::in_doubt);
    CHECK(attempts[1].outcome == AttemptOutcome::done);
    CHECK(lost.engine.ledger().money_out_since(UtcTime{}) == 1000);
}

TEST_CASE("an effect that comes late, between the two looks, is not ordered again") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.lateness = 599s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::late);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    for (int i = 0; i < 3; ++i) {
        engine.clock.advance(350s);
        engine.pass();
    }
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainCreate") == 1);
}

TEST_CASE("leftovers of an earlier failure count as no domain") {
    Engine engine;
    engine.registrar.domain_records["example.com"].status = "ERROR";
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::none);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    engine.passes(2);
    CHECK(engine.registrar.times_asked("domainCreate") == 2);
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("not there is never said by a list that is not whole or names no target") {
    Lost lost(Effect::none);
    SUBCASE("not whole") {
        lost.engine.registrar.pending_is_whole = false;
    }
    SUBCASE("a row without target") {
        lost.engine.registrar.pending_rows = {{900, "domainCreate", std::nullopt, "", ""}};
    }
    lost.engine.passes(4);
    CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    CHECK(lost.sendings() == 1);
}

TEST_CASE("a row of another code without target does not hinder the settling") {
    Lost lost(Effect::none);
    lost.engine.registrar.pending_rows = {{900, "contactUpdate", std::nullopt, "", ""}};
    lost.engine.passes(2);
    CHECK(lost.engine.state_of(lost.order) == "done");
}

TEST_CASE("a fault of domainInfo is no look, and the other doubts are settled all the same") {
    Engine engine;
    std::vector<OrderId> orders;
    for (const char* domain : {"a.com", "b.com"}) {
        engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::at_once);
        orders.push_back(engine.registration(domain));
    }
    engine.submit();
    engine.registrar.will_not_answer("domainInfo",
                                     {QueryFailure::Why::refused, "E99-M9901", "maintenance"});
    engine.clock.advance(11min);
    const PendingReport report = engine.pass();
    CHECK(engine.state_of(orders[0]) == "in_doubt");
    CHECK(engine.state_of(orders[1]) == "done");
    REQUIRE(report.warnings.size() == 1);
    CHECK(holds(report.warnings[0], "maintenance"));
    engine.passes(1);
    CHECK(engine.state_of(orders[0]) == "done");
}

TEST_CASE("a second sending that is refused looks again before it fails the order") {
    Lost lost(Effect::none);
    lost.pass_after(61s);
    SUBCASE("the first one was executed after all") {
        lost.engine.registrar.before_call = [&](const std::string& line) {
            if (!line.starts_with("domainCreate")) return;
            DomainRecord& domain = lost.engine.registrar.domain_records["example.com"];
            domain.status = "ACTIVE, DELEGATED";
            domain.id_owner = "AE1";
            domain.id_admin = domain.id_tech = domain.id_billing = "AB123";
            domain.nameservers = {"ns1.example.net", "ns2.example.net"};
        };
        lost.engine.registrar.will_answer("domainCreate", kRefusal);
        lost.pass_after(600s);
        const OrderRecord order = lost.engine.look_at(lost.order);
        CHECK(order.state == OrderState::done);
        CHECK(holds(order.reason, "the first sending was executed"));
        CHECK(holds(order.reason, "E11-M1101"));
    }
    SUBCASE("its operation is pending: the doubt stays, and the next pass adopts it") {
        lost.engine.registrar.before_call = [&](const std::string& line) {
            if (!line.starts_with("domainCreate")) return;
            lost.engine.registrar.pending_rows = {{1500, "domainCreate", "example.com", "", ""}};
            lost.engine.registrar.next_operation = 1501;
        };
        lost.engine.registrar.will_answer("domainCreate", kRefusal);
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "in_doubt");
        CHECK(holds(lost.engine.look_at(lost.order).reason, "operation 1500"));
        lost.engine.registrar.before_call = nullptr;
        lost.pass_after(61s);
        CHECK(lost.engine.state_of(lost.order) == "waiting");
        CHECK(lost.engine.look_at(lost.order).operation == 1500);
    }
    SUBCASE("nothing is there: failed, with both texts") {
        lost.engine.registrar.will_answer("domainCreate", kRefusal);
        lost.pass_after(600s);
        const OrderRecord order = lost.engine.look_at(lost.order);
        CHECK(order.state == OrderState::failed);
        CHECK(order.code == "E11-M1101");
        CHECK(holds(order.reason, "not now"));
        CHECK(holds(order.reason, "cut"));
    }
    SUBCASE("the look fails: the doubt stays") {
        lost.engine.registrar.before_call = [&](const std::string& line) {
            if (!line.starts_with("domainCreate")) return;
            lost.engine.registrar.will_not_answer(
                "queryOpePending", {QueryFailure::Why::unreachable, "", "no connection"});
        };
        lost.engine.registrar.will_answer("domainCreate", kRefusal);
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    }
    CHECK(lost.sendings() == 2);
}

TEST_CASE("a domain that appears just before the second sending holds the order, not fails it") {
    Lost lost(Effect::none);
    lost.pass_after(61s);
    int asked = 0;
    lost.engine.registrar.before_call = [&](const std::string& line) {
        // The second look, then the before-picture of the second sending.
        if (line != "domainInfo example.com" || ++asked != 2) return;
        lost.engine.registrar.domain_records["example.com"].status = "ACTIVE, DELEGATED";
    };
    lost.pass_after(600s);
    CHECK(lost.sendings() == 1);
    CHECK(lost.engine.state_of(lost.order) == "held");
    CHECK(holds(lost.engine.look_at(lost.order).reason, "second time"));
    CHECK(lost.engine.look_at(lost.order).keeps_domain);
}

TEST_CASE("an operation of the first sending is still its own after a second one") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut"}, Effect::none);
    const OrderId order = engine.registration("example.com");
    engine.submit();
    engine.clock.advance(61s);
    engine.pass();
    // Others went on meanwhile: the highest operation known at the second sending is above 1500.
    engine.registrar.pending_rows = {{1700, "domainRenew", "other.com", "", ""}};
    engine.registrar.next_operation = 1701;
    engine.registrar.will_answer("domainCreate", InDoubt{"cut again"}, Effect::none);
    engine.clock.advance(600s);
    engine.pass();
    CHECK(engine.registrar.times_asked("domainCreate") == 2);
    engine.registrar.pending_rows.push_back({1500, "domainCreate", "example.com", "", ""});
    engine.clock.advance(61s);
    engine.pass();
    CHECK(engine.look_at(order).operation == 1500);
}

TEST_CASE("the operation of a second sending that fails looks again as well") {
    Lost lost(Effect::none);
    lost.pass_after(61s);
    lost.engine.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
    lost.pass_after(600s);
    CHECK(lost.engine.state_of(lost.order) == "waiting");
    DomainRecord& domain = lost.engine.registrar.domain_records["example.com"];
    domain.status = "ACTIVE, DELEGATED";
    domain.id_owner = "AE1";
    domain.id_admin = domain.id_tech = domain.id_billing = "AB123";
    domain.nameservers = {"ns1.example.net", "ns2.example.net"};
    lost.engine.registrar.finish(1001, "Failed", "domain is taken");
    lost.pass_after(600s);
    CHECK(lost.engine.state_of(lost.order) == "done");
    CHECK(holds(lost.engine.look_at(lost.order).reason, "domain is taken"));
}

TEST_CASE("a second sending's failed operation stays open while the look cannot be read") {
    Lost lost(Effect::none);
    lost.pass_after(61s);
    lost.engine.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
    lost.pass_after(600s);
    lost.engine.registrar.finish(1001, "Failed", "domain is taken");
    SUBCASE("a reply that is none: the next pass looks again") {
        lost.engine.registrar.will_not_answer("domainInfo",
                                              {QueryFailure::Why::unreadable, "", "HTTP 502"});
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "waiting");
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "failed");
    }
    SUBCASE("no connection: the pass ends, the next one looks again") {
        lost.engine.registrar.will_not_answer(
            "domainInfo", {QueryFailure::Why::unreachable, "", "no connection"});
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "waiting");
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "failed");
    }
    SUBCASE("a fault with a code is an answer: held") {
        lost.engine.registrar.will_not_answer("domainInfo",
                                              {QueryFailure::Why::refused, "E11-M1101", "no"});
        lost.pass_after(600s);
        CHECK(lost.engine.state_of(lost.order) == "held");
    }
    CHECK(lost.sendings() == 2);
}

TEST_CASE("an adopted follow-up that is Done stays open while the look cannot be read") {
    Engine engine;
    engine.pending.min_interval = 0s;
    engine.registrar.will_answer("domainSetPreference", InDoubt{"cut"}, Effect::pending);
    const OrderId order = engine.registration("example.com", {{"lock", "on"}});
    engine.submit();
    engine.clock.advance(61s);
    engine.pass();
    REQUIRE(engine.ledger().open_operations().size() == 1);
    engine.registrar.finish(engine.ledger().open_operations()[0].id);
    engine.registrar.will_not_answer("domainInfo", {QueryFailure::Why::unreadable, "", "HTTP 502"});
    engine.clock.advance(600s);
    engine.pass();
    CHECK(engine.state_of(order) != "held");
    CHECK(engine.ledger().open_operations().size() == 1);
    engine.clock.advance(600s);
    engine.pass();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainSetPreference") == 1);
}

TEST_CASE("a contact made without an answer is found by its data, the lowest of equal ones") {
    Engine engine;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::at_once);
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.submit();
    REQUIRE(engine.registrar.contact_records.contains("AE1"));
    ContactRecord made = engine.registrar.contact_records.at("AE1");
    engine.registrar.contact_records.erase("AE1");
    for (const char* id : {"AE12", "AE7", "AE30"}) {
        made.id = id;
        engine.registrar.contact_records[id] = made;
    }
    engine.passes(1);
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.domain_records.at("example.com").id_owner == "AE7");
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
}

TEST_CASE("a contact the ledger knows of is not taken for the lost one") {
    Engine engine;
    // The person exists, made by an earlier order; the data of the new order differ in one field
    // the registrar does not show, so that the ledger takes it for another person.
    const OrderId first = engine.registration("a.com", Engine::inline_owner());
    engine.submit();
    REQUIRE(engine.state_of(first) == "done");
    REQUIRE(engine.registrar.times_asked("contactCreate") == 1);
    const std::string known = engine.registrar.domain_records.at("a.com").id_owner;
    FieldMap other = Engine::inline_owner();
    other["owner.address2"] = "second floor";
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::none);
    const OrderId second = engine.registration("b.com", other);
    engine.submit();
    engine.registrar.contact_records.at(known).data.fields["address2"] = "second floor";
    engine.passes(1);
    engine.submit();
    CHECK(engine.state_of(second) == "done");
    CHECK(engine.registrar.times_asked("contactCreate") == 3);
    CHECK(engine.registrar.domain_records.at("b.com").id_owner != known);
}

TEST_CASE("a contact that another attempt takes during the look is not taken twice") {
    Engine engine;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::none);
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.submit();
    ContactRecord found{"AE9", true, {}};
    for (const auto& [name, value] : Engine::inline_owner())
        found.data.fields[name.substr(6)] = value;
    engine.registrar.contact_records["AE9"] = found;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line != "contactInfo AE9") return;
        engine.ledger().write(
            [&](LedgerWrite& w) { w.adopt_contact("another's", "AE9", engine.clock.now().utc); });
    };
    engine.passes(1);
    CHECK(engine.state_of(order) == "in_doubt");
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
    engine.passes(1);  // It is another's: nothing is there.
    engine.submit();
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("contactCreate") == 2);
    CHECK(engine.registrar.domain_records.at("example.com").id_owner != "AE9");
}

TEST_CASE("a contact that is found after a refused second sending is not taken twice either") {
    Engine engine;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::none);
    engine.registrar.will_answer("contactCreate", kRefusal, Effect::none);
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.submit();
    ContactRecord found{"AE9", true, {}};
    for (const auto& [name, value] : Engine::inline_owner())
        found.data.fields[name.substr(6)] = value;
    bool is_taken = false;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line == "contactCreate owner") engine.registrar.contact_records["AE9"] = found;
        if (line != "contactInfo AE9" || is_taken) return;
        is_taken = true;
        engine.ledger().write(
            [&](LedgerWrite& w) { w.adopt_contact("another's", "AE9", engine.clock.now().utc); });
    };
    engine.passes(1);
    REQUIRE(is_taken);
    CHECK(engine.registrar.times_asked("contactCreate") == 2);
    CHECK(engine.state_of(order) == "in_doubt");
    engine.passes(1);
    CHECK(engine.state_of(order) == "held");  // Sent twice, and not a third time.
}

TEST_CASE("an empty list while something is pending tells of no other call") {
    Lost lost(Effect::none);
    lost.engine.registrar.will_answer("domainCreate", Pending{0, "Pending", ""});
    lost.engine.registration("other.com");
    lost.engine.submit();
    const auto rows = std::exchange(lost.engine.registrar.pending_rows, {});
    for (int i = 0; i < 3; ++i) lost.pass_after(11min);
    CHECK(lost.sendings() == 2);  // With other.com's.
    CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    lost.engine.registrar.pending_rows = rows;
    for (int i = 0; i < 2; ++i) lost.pass_after(11min);
    CHECK(lost.sendings() == 3);
}

TEST_CASE("a row without a code spoils the list for the domain it names, and for no other") {
    for (const auto& [target, sendings] : {std::pair("example.com", 1), std::pair("b.com", 2)}) {
        CAPTURE(target);
        Lost lost(Effect::none);
        lost.engine.registrar.pending_rows = {{9000, "", target, "", ""}};
        for (int i = 0; i < 3; ++i) lost.pass_after(11min);
        CHECK(lost.sendings() == sendings);
    }
}

TEST_CASE("without a readable list nothing is settled and nothing is asked about a doubt") {
    Lost lost(Effect::at_once);
    const QueryFailure unreadable{QueryFailure::Why::unreadable, "", "the reply is no list"};
    lost.engine.registrar.will_not_answer("queryOpePending", unreadable);
    const int asked = lost.engine.registrar.times_asked("domainInfo");
    lost.pass_after(11min);
    CHECK(lost.engine.registrar.times_asked("domainInfo") == asked);
    CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    lost.pass_after(11min);
    CHECK(lost.engine.state_of(lost.order) == "done");
}

TEST_CASE("a contact of which nobody says whether it is an owner is not taken for the lost one") {
    Engine engine;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::at_once);
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.submit();
    engine.registrar.contact_records.at("AE1").is_owner.reset();
    engine.passes(2);
    CHECK(engine.state_of(order) == "in_doubt");
    CHECK(engine.registrar.times_asked("contactCreate") == 1);
    engine.registrar.contact_records.at("AE1").is_owner = true;
    engine.passes(1);
    CHECK(engine.state_of(order) == "in_progress");
}

TEST_CASE("a contact that a live run is just making is not taken for the lost one") {
    Engine engine;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::none);
    const OrderId lost = engine.registration("a.com", Engine::inline_owner());
    engine.submit();
    REQUIRE(engine.state_of(lost) == "in_doubt");
    FieldMap more = Engine::inline_owner();
    more["owner.address2"] = "second floor";
    const OrderId other = engine.registration("b.com", more);
    engine.registrar.will_answer("contactCreate", Done{std::nullopt, "", "AE9"}, Effect::none);
    ContactRecord made{"AE9", true, {}};
    for (const auto& [name, value] : more) made.data.fields[name.substr(6)] = value;
    bool has_looked = false;
    engine.registrar.before_call = [&](const std::string& line) {
        if (line != "contactCreate owner" || has_looked) return;
        has_looked = true;
        engine.registrar.contact_records["AE9"] = made;  // Its answer is on the way.
        engine.clock.advance(2min);
        engine.pass();
        CHECK(engine.registrar.times_asked("contactInfo AE9") == 1);
        CHECK(engine.state_of(lost) == "in_doubt");
    };
    engine.submit();
    CHECK(has_looked);
    CHECK(engine.state_of(other) == "done");
    engine.registrar.before_call = nullptr;
    engine.passes(1);
    engine.submit();
    CHECK(engine.state_of(lost) == "done");
    CHECK(engine.registrar.domain_records.at("b.com").id_owner == "AE9");
    CHECK(engine.registrar.domain_records.at("a.com").id_owner != "AE9");
    CHECK(engine.registrar.times_asked("contactCreate") == 3);
}

TEST_CASE("a contact that is not found is made again after one look, and never a first main step") {
    Engine engine;
    engine.registrar.will_answer("contactCreate", InDoubt{"cut"}, Effect::none);
    const OrderId order = engine.registration("example.com", Engine::inline_owner());
    engine.submit();
    engine.passes(1);
    CHECK(engine.registrar.times_asked("contactCreate") == 2);
    CHECK(engine.registrar.times_asked("domainCreate") == 0);
    CHECK(engine.state_of(order) == "in_progress");
    engine.submit();
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("name servers: executed, as before, or somebody else's") {
    LostChange lost;
    DomainRecord& domain = lost.engine.registrar.domain_records.at("example.com");
    SUBCASE("shown as ordered: done") {
        domain.nameservers = {"ns2.example.org", "ns1.example.org"};
        lost.engine.passes(1);
        CHECK(lost.engine.state_of(lost.order) == "done");
        CHECK(lost.engine.registrar.times_asked("domainChangeDNS") == 1);
    }
    SUBCASE("as before: sent again after one look") {
        lost.engine.passes(1);
        CHECK(lost.engine.state_of(lost.order) == "done");
        CHECK(lost.engine.registrar.times_asked("domainChangeDNS") == 2);
    }
    SUBCASE("other ones: held") {
        domain.nameservers = {"ns5.example.org"};
        lost.engine.passes(1);
        CHECK(lost.engine.state_of(lost.order) == "held");
        CHECK(lost.engine.registrar.times_asked("domainChangeDNS") == 1);
    }
}

TEST_CASE("a change of owner wants two looks before a second sending") {
    Engine engine;
    DomainRecord& domain = engine.registrar.domain_records["example.com"];
    domain.status = "ACTIVE, DELEGATED";
    domain.id_owner = "OLD1";
    engine.registrar.will_answer("domainTransferOwner", InDoubt{"cut"}, Effect::none);
    const OrderId order =
        engine.order(OrderKind::trade, {{"domain", "example.com"}, {"owner", "AE1"}});
    engine.submit();
    engine.passes(1);
    CHECK(engine.registrar.times_asked("domainTransferOwner") == 1);
    engine.passes(1);
    CHECK(engine.registrar.times_asked("domainTransferOwner") == 2);
    CHECK(engine.state_of(order) == "done");
}

TEST_CASE("what is never shown is sent a second time, never a third") {
    Engine engine;
    engine.registrar.will_answer("domainSetPreference", InDoubt{"cut"}, Effect::none);
    engine.registrar.will_answer("domainSetPreference", InDoubt{"cut"}, Effect::none);
    const OrderId order = engine.registration("example.com", {{"tag", "spring"}});
    engine.submit();
    CHECK(engine.state_of(order) == "in_doubt");
    engine.passes(4);
    CHECK(engine.registrar.times_asked("domainSetPreference") == 2);
    CHECK(engine.state_of(order) == "done_open_ends");
    CHECK(holds(engine.look_at(order).reason, "sent twice"));
}

TEST_CASE("a new EPP code is known by a keyed digest, the code itself stands nowhere") {
    Engine engine;
    engine.registrar.will_answer("domainAuthID", InDoubt{"cut"}, Effect::at_once);
    engine.registrar.will_answer("domainTransferIn", Done{OperationId{0}, "", ""});
    const OrderId order =
        engine.order(OrderKind::transfer, {{"domain", "example.com"},
                                           {"owner", "AE1"},
                                           {"auth_code", "s3cret-code"},
                                           {"nameservers", "ns1.example.org ns2.example.org"}});
    engine.submit();
    CHECK(engine.state_of(order) == "in_doubt");
    for (const AttemptRecord& attempt : engine.ledger().attempts(order)) {
        for (const auto& [name, value] : attempt.picture) CHECK_FALSE(holds(value, "s3cret"));
    }
    engine.passes(1);
    CHECK(engine.state_of(order) == "done");
    CHECK(engine.registrar.times_asked("domainAuthID") == 1);
}

TEST_CASE("a zone that changed is never initialised a second time") {
    Engine engine;
    engine.registrar.zones["example.com"] = {{"www", "A", "192.0.2.1"}};
    engine.registrar.domain_records["example.com"].status = "ACTIVE, DELEGATED";
    engine.registrar.will_answer("domainZoneInit", InDoubt{"cut"}, Effect::none);
    const OrderId order =
        engine.order(OrderKind::nameservers, {{"domain", "example.com"},
                                              {"nameservers", "ns1.example.net ns2.example.net"},
                                              {"zone_template", "3"}});
    engine.submit();
    CHECK(engine.state_of(order) == "in_doubt");
    SUBCASE("changed") {
        engine.registrar.zones["example.com"] = {{"www", "A", "192.0.2.99"}};
        engine.passes(2);
        CHECK(engine.registrar.times_asked("domainZoneInit") == 1);
        CHECK(engine.state_of(order) == "done");
    }
    SUBCASE("the same") {
        engine.passes(2);
        CHECK(engine.registrar.times_asked("domainZoneInit") == 2);
    }
}

TEST_CASE("an operation wanted by two attempts is adopted by none") {
    Engine engine;
    std::vector<OrderId> orders;
    const std::pair<const char*, const char*> wishes[] = {{"a.com", "COM_ONE"},
                                                          {"b.com", "COM_TWO"}};
    for (const auto& [domain, key] : wishes) {
        engine.registrar.will_answer("contactOwnerUpdate", InDoubt{"cut"}, Effect::none);
        orders.push_back(engine.registration(domain, {{std::string("additional.") + key, "x"}}));
    }
    engine.submit();
    engine.registrar.pending_rows = {{1500, "contactOwnerUpdate", "AE1", "", ""}};
    engine.passes(1);
    for (const OrderId order : orders) {
        CHECK(engine.state_of(order) == "held");
        CHECK(holds(engine.look_at(order).reason, "another attempt's"));
    }
}

TEST_CASE("within one boot two looks are told apart by the boot clock") {
    const Moment first{*from_iso("2026-11-24T02:00:00.000Z"), "one", 100s};
    PendingList second;
    second.asked_at = {*from_iso("2026-11-24T09:00:00.000Z"), "one", 160s};
    CHECK(gap_of_looks(first, "", second) == 60s);
}

TEST_CASE("across boots the smaller of the gaps of UTC and of the registrar's clock counts") {
    const Moment first{*from_iso("2026-11-24T02:00:00.000Z"), "one", 100s};
    PendingList second;
    second.asked_at = {*from_iso("2026-11-24T02:20:00.000Z"), "two", 10s};
    second.server_date = "Tue, 24 Nov 2026 02:10:05 GMT";
    CHECK(gap_of_looks(first, "Tue, 24 Nov 2026 02:00:00 GMT", second) == 605s);
    CHECK(gap_of_looks(first, "Tue, 24 Nov 2026 01:00:00 GMT", second) == 20min);
    // Nothing can be said without both dates, or with a time in the future.
    CHECK(gap_of_looks(first, "", second) == 0s);
    CHECK(gap_of_looks(first, "yesterday", second) == 0s);
    CHECK(gap_of_looks(first, "Tue, 24 Nov 2026 03:00:00 GMT", second) == 0s);
    second.asked_at.utc = *from_iso("2026-11-24T01:00:00.000Z");
    CHECK(gap_of_looks(first, "Tue, 24 Nov 2026 02:00:00 GMT", second) == 0s);
}

TEST_CASE("a wall clock that jumps ahead brings no second sending nearer") {
    Lost lost(Effect::none);
    lost.pass_after(61s);
    lost.engine.clock.set_utc("2026-11-25T02:00:00.000Z");
    lost.pass_after(1s);
    CHECK(lost.engine.state_of(lost.order) == "in_doubt");
    CHECK(lost.sendings() == 1);
}

TEST_CASE("after a reboot the looks begin anew where nothing tells their gap") {
    Lost lost(Effect::none);
    lost.pass_after(61s);
    lost.engine.clock.reboot();
    lost.pass_after(700s);
    CHECK(lost.sendings() == 1);
    lost.pass_after(599s);
    CHECK(lost.sendings() == 1);
    lost.pass_after(1s);
    CHECK(lost.sendings() == 2);
}

TEST_CASE("after a reboot the registrar's own dates tell the gap of the looks") {
    Lost lost(Effect::none);
    lost.engine.registrar.server_date = "Tue, 24 Nov 2026 02:01:01 GMT";
    lost.pass_after(61s);
    lost.engine.clock.reboot();
    lost.engine.registrar.server_date = "Tue, 24 Nov 2026 02:11:00 GMT";
    lost.pass_after(3h);
    CHECK(lost.sendings() == 1);
    lost.engine.registrar.server_date = "Tue, 24 Nov 2026 02:11:01 GMT";
    lost.pass_after(1s);
    CHECK(lost.sendings() == 2);
}
