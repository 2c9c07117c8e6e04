#include "support/engine.h"
#include "support/holds.h"
#include "workflow/sending/made_contacts.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Effect;
using domspool::test::Engine;
using domspool::test::holds;
using namespace std::chrono_literals;

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
