#include "ledger/ledger_case.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

using Reserved = LedgerWrite::ContactReserved;
using Known = LedgerWrite::ContactKnown;
using Elsewhere = LedgerWrite::ContactElsewhere;

auto reserve(LedgerCase& with, const std::string& fingerprint, OrderId order) {
    return with.write([&](LedgerWrite& w) { return w.reserve_contact(fingerprint, order); });
}

}  // namespace

TEST_CASE("the same person is created once") {
    LedgerCase with;
    const OrderId first = with.order_for("a.example");
    const OrderId second = with.order_for("b.example");
    CHECK(std::holds_alternative<Reserved>(reserve(with, "ada", first)));
    CHECK(std::holds_alternative<Reserved>(reserve(with, "ada", first)));
    const auto answer = reserve(with, "ada", second);
    REQUIRE(std::holds_alternative<Elsewhere>(answer));
    CHECK(std::get<Elsewhere>(answer).order == first);
    with.write([&](LedgerWrite& w) { w.remember_contact("ada", "AB77", utc(5)); });
    const auto known = reserve(with, "ada", second);
    REQUIRE(std::holds_alternative<Known>(known));
    CHECK(std::get<Known>(known).contact_id == "AB77");
    CHECK(std::holds_alternative<Reserved>(reserve(with, "bob", second)));
}

TEST_CASE("a contact made here is known by its id") {
    LedgerCase with;
    with.write([&](LedgerWrite& w) { w.remember_contact("ada", "AB77", utc(5)); });
    CHECK(with.ledger().recall("made_contact", "AB77", UtcTime{}));
    CHECK_FALSE(with.ledger().recall("made_contact", "AB78", UtcTime{}));
}

TEST_CASE("a contact that was refused can be made by another order") {
    LedgerCase with;
    const OrderId first = with.order_for("a.example");
    const OrderId second = with.order_for("b.example");
    reserve(with, "ada", first);
    with.write([&](LedgerWrite& w) { w.forget_contact("ada"); });
    CHECK(std::holds_alternative<Reserved>(reserve(with, "ada", second)));
}

TEST_CASE("a reservation of an order that has ended or is held stands in nobody's way") {
    for (const OrderState state : {OrderState::failed, OrderState::held}) {
        LedgerCase with;
        const OrderId first = with.order_for("a.example");
        const OrderId second = with.order_for("b.example");
        reserve(with, "ada", first);
        const ClaimedOrder order = with.claim(first);
        OrderMove move;
        move.state = state;
        if (state == OrderState::held) move.held_for = HeldFor::person;
        with.write([&](LedgerWrite& w) { w.move_order(order.claim, move, utc(9)); });
        CHECK(std::holds_alternative<Reserved>(reserve(with, "ada", second)));
        const OrderId third = with.order_for("c.example");
        CHECK(std::get<Elsewhere>(reserve(with, "ada", third)).order == second);
    }
}

TEST_CASE("what is remembered is recalled while it is fresh, and replaced") {
    LedgerCase with;
    const FieldMap rules{{"period_create", "1-10"}, {"currency", "EUR"}};
    with.write([&](LedgerWrite& w) { w.remember("extension", "example", rules, utc(100)); });
    CHECK(with.ledger().recall("extension", "example", utc(100)) == rules);
    CHECK_FALSE(with.ledger().recall("extension", "example", utc(101)));
    CHECK_FALSE(with.ledger().recall("contact", "example", utc(0)));
    const FieldMap other{{"currency", "USD"}};
    with.write([&](LedgerWrite& w) { w.remember("extension", "example", other, utc(200)); });
    CHECK(with.ledger().recall("extension", "example", utc(150)) == other);
}

TEST_CASE("all that is remembered of a kind is recalled by its keys, and what is over is gone") {
    LedgerCase with;
    CHECK(with.ledger().recall_all("word").empty());
    with.write([&](LedgerWrite& w) {
        w.remember("word", "7", {{"said", "done"}}, utc(5));
        w.remember("word", "12", {{"said", "failed"}}, utc(6));
        w.remember("other", "7", {{"said", "else"}}, utc(6));
        w.remember("word", "7", {}, utc(7));
    });
    CHECK(with.ledger().recall_all("word") ==
          std::map<std::string, FieldMap>{{"12", {{"said", "failed"}}}});
    CHECK_FALSE(with.ledger().recall("word", "7", utc(0)));
}
