#include "jobs/order_kinds.h"
#include "support/engine.h"
#include "support/holds.h"
#include "workflow/checks/order_preview.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::Engine;
using domspool::test::holds;

namespace {

using What = Verdict::What;

struct Seer {
    Preview ask(OrderKind kind, const FieldMap& given, std::optional<OrderId> id = {}) {
        const ReadOrder read = read_order(kind, given);
        REQUIRE(read.order);
        AnswerCache cache(engine.ledger(), engine.clock, engine.sheet, Keeps::nothing);
        return foresee({*read.order, id, Secret()}, {engine.ledger(), cache, engine.registrar,
                                                     engine.settings.preflight, plan_order});
    }
    Preview registration(const std::string& domain, std::optional<OrderId> id = {}) {
        return ask(OrderKind::register_domain,
                   {{"domain", domain}, {"years", "1"}, {"owner", "AE1"}}, id);
    }

    Engine engine;
};

}  // namespace

TEST_CASE("an order that could be sent has its plan and its price, and nothing is remembered") {
    Seer seer;
    const Preview preview = seer.registration("example.com");
    CHECK(preview.verdict.what == What::go);
    CHECK(preview.verdict.price == Money{1000, "EUR"});
    REQUIRE_FALSE(preview.steps.empty());
    CHECK(preview.steps[0].function == "domainCreate");
    CHECK_FALSE(seer.engine.ledger().known_extension("com", UtcTime{}));
    CHECK_FALSE(seer.engine.ledger().known_contact("AE1", UtcTime{}));
}

TEST_CASE("an earlier order of the domain that is accepted or begun goes first") {
    Seer seer;
    const OrderId first = seer.engine.registration("example.com");
    const Preview later =
        seer.ask(OrderKind::nameservers,
                 {{"domain", "example.com"}, {"nameservers", "ns1.example.net ns2.example.net"}});
    CHECK(later.verdict.what == What::not_now);
    CHECK(holds(later.verdict.reason, "order " + std::to_string(first)));
    CHECK(later.steps.empty());
    CHECK(seer.registration("example.com", first).verdict.what == What::go);  // It is itself.
}

TEST_CASE("a domain in the account cannot arrive once more") {
    Seer seer;
    seer.engine.registration("example.com");
    seer.engine.submit();
    const Preview again = seer.registration("example.com");
    CHECK(again.verdict.what == What::not_possible);
    CHECK(holds(again.verdict.reason, "in the account already"));
    CHECK(again.steps.empty());
}

TEST_CASE(
    "a question that is refused leaves the order for another run; an outage ends the asking") {
    Seer seer;
    seer.engine.registrar.will_not_answer(
        "domainInfo", QueryFailure(QueryFailure::Why::refused, "E15-M1599", "not today"));
    const Preview preview = seer.registration("example.com");
    CHECK(preview.verdict.what == What::not_now);
    CHECK(holds(preview.verdict.reason, "not today"));
    CHECK(preview.steps.empty());
    seer.engine.registrar.will_not_answer(
        "domainInfo", QueryFailure(QueryFailure::Why::unreachable, "", "no line"));
    CHECK_THROWS_AS(seer.registration("example.com"), QueryFailure);
}
