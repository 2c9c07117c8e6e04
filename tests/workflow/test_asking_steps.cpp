#include "workflow/asking_steps.h"

#include <doctest/doctest.h>

#include "support/engine.h"

using namespace domspool;
using domspool::test::Engine;

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
