#include "ledger/ledger_case.h"
#include "ledger/sql/earlier_orders.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool;
using namespace domspool::test;

namespace {

IntakeRow of_kind(OrderKind kind, IntakeRow wanted) {
    wanted.kind = kind;
    return wanted;
}

BatchRow taken(LedgerCase& with, const IntakeRow& wanted, Judging judging = Judging::as_new,
               const std::string& hash = "", int seconds = 61) {
    const BatchId batch = with.begin_batch(hash.empty() ? "later" : hash);
    with.write([&](LedgerWrite& w) { w.enter_rows(batch, {wanted}); });
    BatchEnd end;
    end.judging = judging;
    REQUIRE(with.write([&](LedgerWrite& w) { return w.complete_batch(batch, end, utc(seconds)); }));
    std::optional<BatchRow> only;
    with.ledger().rows_of_batch(batch, [&](BatchRow&& row) { only = std::move(row); });
    REQUIRE(only);
    return std::move(*only);
}

void end(LedgerCase& with, OrderId order, OrderState state) {
    const ClaimedOrder claimed = with.claim(order);
    OrderMove move;
    move.state = state;
    move.keeps_domain = false;
    with.write([&](LedgerWrite& w) {
        w.move_order(claimed.claim, move, utc(62));
        w.release(claimed.claim);
    });
}

void carry_out(LedgerCase& with, OrderId id) {
    const ClaimedOrder order = with.claim(id);
    with.write([&](LedgerWrite& w) { w.store_plan(order.claim, one_step()); });
    with.finish(order, with.begin(order), AttemptOutcome::done, done_move());
    with.write([&](LedgerWrite& w) { w.release(order.claim); });
}

OrderId done(LedgerCase& with, const IntakeRow& wanted) {
    const OrderId id = taken(with, wanted, Judging::again, "done " + wanted.domain, 1).order->id;
    carry_out(with, id);
    return id;
}

constexpr int kDay = 24 * 60 * 60;

}  // namespace

TEST_CASE("a row that is like an open order is that order, a spreadsheet's doing left aside") {
    for (const OrderKind kind :
         {OrderKind::register_domain, OrderKind::transfer, OrderKind::trade}) {
        LedgerCase with;
        const OrderId open =
            taken(with, of_kind(kind, row(2, "a.example", "0071", {{"tag", "01000"}})), {}, "first")
                .order->id;
        for (const char* reference : {"71", "", "71.0"}) {
            const BatchRow again =
                taken(with, of_kind(kind, row(2, "a.example", reference, {{"tag", "1000"}})));
            CHECK(again.earlier_order == open);
            CHECK(again.same_by == SameBy::likeness);
        }
        // With a value that no spreadsheet made of it, it waits behind the open one.
        CHECK(taken(with, of_kind(kind, row(2, "a.example", "", {{"tag", "1001"}}))).order);
    }
}

TEST_CASE("with --again what is only like an order of another file is ordered") {
    LedgerCase with;
    const OrderId open = taken(with, row(2, "a.example"), Judging::as_new, "first").order->id;
    CHECK(taken(with, row(2, "a.example")).earlier_order == open);
    CHECK(taken(with, row(2, "a.example"), Judging::again, "first").earlier_order == open);
    CHECK(taken(with, row(2, "a.example"), Judging::again).order);
}

TEST_CASE("a row that is like an order done lately may be that one; the sending run finds out") {
    for (const OrderKind kind :
         {OrderKind::register_domain, OrderKind::transfer, OrderKind::trade}) {
        LedgerCase with;
        const OrderId paid = done(with, of_kind(kind, row(2, "a.example", "0071")));
        const BatchRow again = taken(with, of_kind(kind, row(2, "a.example", "71")));
        REQUIRE(again.order);
        CHECK(again.order->resembles == paid);
        end(with, again.order->id, OrderState::skipped);
        // It has its reference no longer, and the next row may still be the done one.
        const BatchRow third = taken(with, of_kind(kind, row(2, "a.example", "71")));
        REQUIRE(third.order);
        CHECK(third.order->resembles == paid);
        end(with, third.order->id, OrderState::skipped);
        // A person wants it once more.
        const BatchRow wanted =
            taken(with, of_kind(kind, row(2, "a.example", "71")), Judging::again);
        REQUIRE(wanted.order);
        CHECK_FALSE(wanted.order->resembles);
    }
}

TEST_CASE("after sixty days, and with another value, a row is an order of its own") {
    LedgerCase with;
    const OrderId paid = done(with, row(2, "a.example"));
    CHECK(taken(with, row(2, "a.example"), {}, "", 59 * kDay).order->resembles == paid);
    end(with, 2, OrderState::cancelled);
    CHECK_FALSE(taken(with, row(2, "a.example"), {}, "", 61 * kDay).order->resembles);
    end(with, 3, OrderState::cancelled);
    CHECK_FALSE(taken(with, row(2, "a.example", "", {{"years", "2"}})).order->resembles);
}

TEST_CASE("a transfer that may be a done one misses no code") {
    LedgerCase with;
    IntakeRow transfer = of_kind(OrderKind::transfer, row(2, "a.example"));
    transfer.normalised["auth_code"] = "(kept)";
    transfer.auth_code = Secret("Sesame");
    const OrderId paid = done(with, transfer);
    with.write([&](LedgerWrite& w) { w.wipe_auth_codes(utc(0)); });
    transfer.auth_code = Secret("(kept)");
    const BatchRow again = taken(with, transfer);
    REQUIRE(again.order);
    CHECK(again.order->resembles == paid);
    CHECK_FALSE(again.order->has_auth_code);
    transfer.domain = transfer.normalised["domain"] = "b.example";
    CHECK(taken(with, transfer).problems.size() == 1);
}

TEST_CASE("name servers changed, back and changed again are three orders") {
    LedgerCase with;
    const auto change = [](const char* servers) {
        return of_kind(OrderKind::nameservers, row(2, "a.example", "", {{"nameservers", servers}}));
    };
    const OrderId first = done(with, change("ns1.b.example"));
    done(with, change("ns1.a.example"));
    // Whether it is the first one is shown by the registrar.
    const BatchRow third = taken(with, change("ns1.b.example"));
    REQUIRE(third.order);
    CHECK(third.order->resembles == first);
    carry_out(with, third.order->id);
    // The very file of the first change, too.
    const BatchRow same = taken(with, change("ns1.b.example"), Judging::again, "done a.example");
    REQUIRE(same.order);
    CHECK(same.order->resembles == first);
}

TEST_CASE("a reference that a spreadsheet shortened is the same reference") {
    LedgerCase with;
    done(with, row(2, "a.example", "0071"));
    const BatchRow refused = taken(with, row(2, "a.example", "71", {{"years", "2"}}));
    REQUIRE(refused.problems.size() == 1);
    CHECK(refused.problems[0].find("reference '0071': order 1 has it, with other values (years)") !=
          std::string::npos);
    CHECK(taken(with, row(2, "a.example", "72", {{"years", "2"}})).order);
}

TEST_CASE("under its own reference a row is its order whatever a spreadsheet made of the rest") {
    LedgerCase with;
    const OrderId paid = done(with, row(2, "a.example", "K-1", {{"tag", "01000"}}));
    const BatchRow retyped = taken(with, row(2, "a.example", "K-1", {{"tag", "1000"}}));
    CHECK(retyped.earlier_order == paid);
    CHECK(retyped.same_by == SameBy::likeness);
    const BatchRow exact = taken(with, row(2, "a.example", "K-1", {{"tag", "01000"}}));
    CHECK(exact.same_by == SameBy::reference);
    // No second order can have the reference.
    const BatchRow again =
        taken(with, row(2, "a.example", "K-1", {{"tag", "1000"}}), Judging::again);
    CHECK(again.earlier_order == paid);
    CHECK(again.same_by == SameBy::reference);
}

TEST_CASE("a file that was taken before goes on by what its rows say exactly") {
    LedgerCase with;
    done(with, row(2, "a.example", "0071"));
    CHECK_FALSE(taken(with, row(2, "a.example", "71"), Judging::as_found).order->resembles);
}
