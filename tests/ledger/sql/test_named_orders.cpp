#include "ledger/ledger_case.h"
#include "ledger/sql/named_orders.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

// A row as a result file has it that names an order.
IntakeRow naming(OrderId order, const std::string& domain, const std::string& reference = "",
                 const FieldMap& more = {}) {
    IntakeRow named = row(2, domain, reference, more);
    named.named.order = order;
    return named;
}

BatchRow taken(LedgerCase& with, const IntakeRow& wanted, Judging judging = Judging::as_new) {
    std::optional<BatchRow> only;
    const BatchId batch = with.take({wanted}, "", OnError::accept_good_rows, judging);
    with.ledger().rows_of_batch(batch, [&](BatchRow&& row) { only = std::move(row); });
    REQUIRE(only);
    return std::move(*only);
}

bool says(const BatchRow& row, const std::string& words) {
    return row.problems.size() == 1 && row.problems[0].find(words) != std::string::npos;
}

void fail(LedgerCase& with, OrderId order) {
    const ClaimedOrder claimed = with.claim(order);
    OrderMove move = failed_move();
    move.position = 0;
    with.write([&](LedgerWrite& w) {
        w.move_order(claimed.claim, move, utc(60));
        w.release(claimed.claim);
    });
}

constexpr const char* kAnew = "delete the columns order_id and ledger to order anew";

}  // namespace

TEST_CASE("a row that names an open or a done order is that order, its state told") {
    LedgerCase with;
    const OrderId open = with.order_for("open.example");
    const OrderId done = with.done_order("done.example", "0071");
    const BatchRow first = taken(with, naming(open, "open.example"));
    CHECK(first.earlier_order == open);
    CHECK(first.same_by == SameBy::number);
    REQUIRE(first.earlier);
    CHECK(first.earlier->state == OrderState::accepted);
    const BatchRow second =
        taken(with, naming(done, "done.example", "71", {{"owner", "ab9"}, {"years", "01"}}));
    CHECK(second.earlier_order == done);
    CHECK(second.earlier->state == OrderState::done);
    CHECK_FALSE(second.order);
    CHECK(taken(with, naming(done, "done.example")).earlier_order == done);
    // Whatever the person says: it is that order.
    CHECK(taken(with, naming(done, "done.example", "0071"), Judging::again).earlier_order == done);
}

TEST_CASE("a row that names an order and says something else is refused, the fields named") {
    LedgerCase with;
    const OrderId done = with.done_order("done.example", "0071");
    const BatchRow refused =
        taken(with, naming(done, "done.example", "71", {{"years", "2"}, {"owner", "AB8"}}));
    CHECK_FALSE(refused.order);
    CHECK(says(refused, "order_id '1': it is done, and says something else in owner, years; "));
    CHECK(says(refused, kAnew));
    CHECK(refused.named.order == done);
    const OrderId open = with.order_for("open.example");
    CHECK(says(taken(with, naming(open, "open.example", "K-9")), "something else in reference"));
}

TEST_CASE("a row that names an order come to nothing is a new one in its place") {
    LedgerCase with;
    const OrderId failed = with.failed_order("a.example", "K-1");
    const BatchRow first = taken(with, naming(failed, "a.example", "K-1", {{"years", "3"}}));
    REQUIRE(first.order);
    CHECK(first.order->instead_of == failed);
    // The same file again: it stands for the newer order now, which is open.
    const BatchRow second = taken(with, naming(failed, "a.example", "K-1", {{"years", "3"}}));
    CHECK(second.earlier_order == first.order->id);
    const BatchRow other = taken(with, naming(failed, "a.example", "K-1", {{"years", "4"}}));
    CHECK(says(other, "order 2 in its place is accepted, and says something else in years"));
    // Failed in its turn, the row goes on from there.
    fail(with, first.order->id);
    const BatchRow third = taken(with, naming(failed, "a.example", "K-1", {{"years", "4"}}));
    REQUIRE(third.order);
    CHECK(third.order->instead_of == first.order->id);
}

TEST_CASE("a row of another ledger is refused, whether it names an order or not") {
    LedgerCase with;
    const OrderId done = with.done_order("done.example");
    IntakeRow foreign = naming(done, "done.example");
    foreign.named.ledger = "0123456789abcdef0123456789abcdef";
    CHECK(says(taken(with, foreign), "ledger '0123456789abcdef0123456789abcdef': the row is of"));
    CHECK(says(taken(with, foreign), kAnew));
    foreign.named.order.reset();
    CHECK(taken(with, foreign).problems.size() == 1);
    IntakeRow own = naming(done, "done.example");
    own.named.ledger = with.ledger().id();
    for (char& c : own.named.ledger) c = static_cast<char>(std::toupper(c));
    CHECK(taken(with, own).earlier_order == done);
}

TEST_CASE("an unknown number, another kind or domain is refused") {
    LedgerCase with;
    const OrderId done = with.done_order("done.example");
    CHECK(says(taken(with, naming(99, "done.example")), "order_id '99': this ledger has no such"));
    CHECK(says(taken(with, naming(done, "other.example")),
               "that is a register order for done.example"));
    IntakeRow trade = naming(done, "done.example");
    trade.kind = OrderKind::trade;
    CHECK(says(taken(with, trade), "that is a register order for done.example"));
    CHECK(says(taken(with, trade), kAnew));
}

TEST_CASE("a done transfer misses no code, a failed one does where it is wiped") {
    LedgerCase with;
    const auto transfer = [](IntakeRow wanted, const std::string& code) {
        wanted.kind = OrderKind::transfer;
        wanted.auth_code = Secret(code);
        wanted.normalised["auth_code"] = "(kept)";
        return wanted;
    };
    const BatchRow first = taken(with, transfer(row(2, "a.example"), "Sesame"));
    const ClaimedOrder order = with.claim(first.order->id);
    with.write([&](LedgerWrite& w) { w.store_plan(order.claim, one_step()); });
    with.finish(order, with.begin(order), AttemptOutcome::done, done_move());
    with.write([&](LedgerWrite& w) { w.wipe_auth_codes(utc(0)); });
    CHECK(taken(with, transfer(naming(1, "a.example"), "(kept)")).earlier_order == 1);

    const BatchRow open = taken(with, transfer(row(2, "b.example"), "Sesame"));
    CHECK(taken(with, transfer(naming(open.order->id, "b.example"), "(kept)")).earlier_order ==
          open.order->id);
    CHECK(taken(with, transfer(naming(open.order->id, "b.example"), "Sesame")).earlier_order ==
          open.order->id);
    CHECK(says(taken(with, transfer(naming(open.order->id, "b.example"), "other")),
               "says something else in auth_code"));
}

TEST_CASE("an order in place of another domain's is no successor") {
    LedgerCase with;
    const OrderId failed = with.failed_order("a.example", "K-1");
    // The reference is free again, and used for another domain.
    const BatchRow other = taken(with, row(2, "b.example", "K-1"));
    REQUIRE(other.order);
    CHECK(other.order->instead_of == failed);
    const BatchRow again = taken(with, naming(failed, "a.example", "K-2"));
    REQUIRE(again.order);
    CHECK(again.order->instead_of == failed);
}

TEST_CASE("two rows of a domain are refused, even where one names its order") {
    LedgerCase with;
    const OrderId done = with.done_order("done.example");
    IntakeRow second = row(3, "done.example");
    const BatchId batch = with.take({naming(done, "done.example"), second});
    CHECK(with.ledger().count_by_state(batch) == std::map<std::string, int>{{"refused", 2}});
}
