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
    CHECK(with.ledger().is_made_here("AB77"));
    CHECK(with.ledger().is_made_here("AB77", utc(5)));
    CHECK_FALSE(with.ledger().is_made_here("AB77", utc(6)));
    CHECK_FALSE(with.ledger().is_made_here("AB78"));
}

TEST_CASE("a contact that was found is adopted once, and never where an answer named it") {
    LedgerCase with;
    reserve(with, "ada", with.order_for("a.example"));
    reserve(with, "bob", with.order_for("b.example"));
    const auto adopt = [&](const char* fingerprint, const char* contact) {
        with.write([&](LedgerWrite& w) { w.adopt_contact(fingerprint, contact, utc(5)); });
    };
    adopt("ada", "AB77");
    CHECK_THROWS_AS(adopt("bob", "AB77"), OwnedAlready);
    const auto answer = reserve(with, "bob", with.order_for("c.example"));
    CHECK(std::holds_alternative<Elsewhere>(answer));  // Still its order's alone.
    with.write([&](LedgerWrite& w) { w.remember_contact("eve", "AB78", utc(6)); });
    CHECK_THROWS_AS(adopt("bob", "AB78"), OwnedAlready);
    adopt("bob", "AB79");
    CHECK(with.ledger().is_made_here("AB79"));
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
