// What was secret and is over must be gone from the disk, not only from the answers.
#include "ledger/ledger_case.h"

#include <doctest/doctest.h>

#include <filesystem>

using namespace domspool;
using namespace domspool::test;

namespace {

bool disk_holds(LedgerCase& with, const std::string& text) {
    for (const auto& entry : std::filesystem::directory_iterator(with.scratch().path())) {
        if (read_text(entry.path()).find(text) != std::string::npos) return true;
    }
    return false;
}

OrderId transfer(LedgerCase& with, const std::string& domain, const std::string& code) {
    IntakeRow order = row(2, domain);
    order.kind = OrderKind::transfer;
    order.auth_code = Secret(code);
    OrderFilter filter;
    filter.batch = with.take({order});
    return with.ledger().orders(filter).at(0).id;
}

void end(LedgerCase& with, OrderId id, OrderState state, int seconds) {
    const ClaimedOrder order = with.claim(id);
    OrderMove move;
    move.state = state;
    with.write([&](LedgerWrite& w) {
        if (state == OrderState::done) {
            OrderMove begun;
            begun.state = OrderState::in_progress;
            w.move_order(order.claim, begun, utc(seconds));
        }
        w.move_order(order.claim, move, utc(seconds));
        w.release(order.claim);
    });
}

}  // namespace

TEST_CASE("codes of orders done or cancelled are gone from the disk, others stay") {
    LedgerCase with;
    const OrderId done = transfer(with, "a.example", "sesame-done-4711");
    const OrderId cancelled = transfer(with, "b.example", "sesame-cancelled-4712");
    const OrderId open = transfer(with, "c.example", "sesame-open-4713");
    REQUIRE(disk_holds(with, "sesame-done-4711"));
    end(with, done, OrderState::done, 10);
    end(with, cancelled, OrderState::cancelled, 10);
    CHECK(with.ledger().has_codes_to_wipe(utc(0)));
    CHECK(with.write([&](LedgerWrite& w) { return w.wipe_auth_codes(utc(0)); }) == 2);
    CHECK_FALSE(with.ledger().has_codes_to_wipe(utc(0)));
    CHECK_FALSE(disk_holds(with, "sesame-done-4711"));
    CHECK_FALSE(disk_holds(with, "sesame-cancelled-4712"));
    CHECK(with.ledger().auth_code(done).empty());
    CHECK_FALSE(with.ledger().order(done).has_auth_code);
    CHECK(with.ledger().auth_code(open).reveal() == "sesame-open-4713");
}

TEST_CASE("a failed order keeps its code until it failed long enough ago") {
    LedgerCase with;
    const OrderId order = transfer(with, "a.example", "sesame-failed-4711");
    end(with, order, OrderState::failed, 100);
    CHECK_FALSE(with.ledger().has_codes_to_wipe(utc(100)));
    CHECK(with.write([&](LedgerWrite& w) { return w.wipe_auth_codes(utc(100)); }) == 0);
    CHECK(with.ledger().auth_code(order).reveal() == "sesame-failed-4711");
    CHECK(with.ledger().has_codes_to_wipe(utc(101)));
    CHECK(with.write([&](LedgerWrite& w) { return w.wipe_auth_codes(utc(101)); }) == 1);
    CHECK_FALSE(disk_holds(with, "sesame-failed-4711"));
}

TEST_CASE("codes of a batch taken away are gone from the disk") {
    LedgerCase with;
    const BatchId batch = with.begin_batch("hash");
    IntakeRow order = row(2, "a.example");
    order.auth_code = Secret("sesame-abandoned-4711");
    with.write([&](LedgerWrite& w) { w.enter_rows(batch, {order}); });
    REQUIRE(disk_holds(with, "sesame-abandoned-4711"));
    with.write([&](LedgerWrite& w) { w.abandon_batch(batch); });
    CHECK_FALSE(disk_holds(with, "sesame-abandoned-4711"));
}

TEST_CASE("a reader in the way of the wiping delays it to the end of the run") {
    LedgerCase with;
    const OrderId order = transfer(with, "a.example", "sesame-seen-4711");
    end(with, order, OrderState::done, 10);
    {
        store::Connection reader(with.path(), {store::Access::read_only, true});
        auto& half_read = reader.prepare("SELECT order_id FROM orders");
        REQUIRE(half_read.next_row());
        CHECK(with.write([&](LedgerWrite& w) { return w.wipe_auth_codes(utc(0)); }) == 1);
    }
    with.end_run();
    CHECK_FALSE(disk_holds(with, "sesame-seen-4711"));
}
