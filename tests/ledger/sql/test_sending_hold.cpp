#include "ledger/ledger_case.h"
#include "ledger/sql/sending_hold.h"

#include <doctest/doctest.h>

#include <thread>

using namespace domspool;
using namespace domspool::test;

namespace {

bool hold(LedgerCase& with, const std::string& reason = "the wrong file") {
    return with.write(
        [&](LedgerWrite& w) { return w.hold_sending(with.run(), "ada", reason, utc(5)); });
}

bool release(LedgerCase& with) {
    return with.write([&](LedgerWrite& w) { return w.release_sending(with.run(), "bob", utc(9)); });
}

AttemptId begin(LedgerCase& with, const ClaimedOrder& order, bool asks_to_cancel = false) {
    AttemptIntent intent;
    intent.position = 1;
    intent.reserved_cents = 900;
    intent.at = at(10);
    intent.asks_to_cancel = asks_to_cancel;
    return with.write(
        [&](LedgerWrite& w) { return w.begin_attempt(order.claim, intent, std::nullopt); });
}

}  // namespace

TEST_CASE("while all sending is held no attempt begins, and nothing of one is written") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    CHECK_FALSE(with.ledger().sending_hold());
    CHECK(hold(with));
    try {
        begin(with, order);
        FAIL("an attempt began");
    } catch (const SendingHeld& held) {
        CHECK(std::string(held.what()) ==
              "all sending is held by ada since 2026-03-14 12:00 UTC: the wrong file; "
              "`domain-orders release --all` lets it go on");
    }
    const OrderRecord now = with.ledger().order(order.order.id);
    CHECK(now.state == OrderState::accepted);
    CHECK_FALSE(now.keeps_domain);
    CHECK(now.steps.front().tries == 0);
    CHECK(with.ledger().attempts(order.order.id).empty());
    CHECK(with.ledger().money_out_since(utc(0)) == 0);
    CHECK(release(with));
    CHECK(begin(with, order) > 0);
}

TEST_CASE("an attempt that asks to cancel begins all the same") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    hold(with);
    CHECK(begin(with, order, true) > 0);
}

TEST_CASE("an answer is written while all sending is held") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    const AttemptId attempt = begin(with, order);
    hold(with);
    with.finish(order, attempt, AttemptOutcome::done, done_move());
    CHECK(with.ledger().order(order.order.id).state == OrderState::done);
}

TEST_CASE("who holds it, since when and why is kept; one hold at a time, the first one's") {
    LedgerCase with;
    CHECK(hold(with));
    CHECK_FALSE(hold(with, "another reason"));
    with.reopen();
    const auto open = with.ledger().sending_hold();
    REQUIRE(open);
    CHECK(open->person == "ada");
    CHECK(open->reason == "the wrong file");
    CHECK(open->since == utc(5));
    CHECK(release(with));
    CHECK_FALSE(with.ledger().sending_hold());
    CHECK_FALSE(release(with));
    CHECK(with.word("SELECT person || ' ' || released_by || ' ' || released_at "
                    "FROM sending_holds") == "ada bob " + to_iso(utc(9)));
    CHECK(hold(with));
    CHECK(with.number("SELECT COUNT(*) FROM sending_holds") == 2);
}

TEST_CASE("a hold and its end are events for the next report") {
    LedgerCase with;
    hold(with);
    release(with);
    const auto events = with.ledger().events_for_report(std::nullopt);
    REQUIRE(events.size() == 2);
    CHECK(events[0].kind == "sending_held");
    CHECK(events[0].text == "all sending was held by ada: the wrong file");
    CHECK(events[1].kind == "sending_released");
    CHECK(events[1].text == "all sending was released by bob");
}

TEST_CASE("that pending-check said so is kept with this hold, not with the next one") {
    LedgerCase with;
    hold(with);
    CHECK_FALSE(with.ledger().sending_hold()->is_told);
    with.write([&](LedgerWrite& w) { w.note_hold_told(utc(6)); });
    CHECK(with.ledger().sending_hold()->is_told);
    release(with);
    hold(with);
    CHECK_FALSE(with.ledger().sending_hold()->is_told);
}

TEST_CASE("a run at work begins no attempt once another program's hold is written") {
    LedgerCase with;
    constexpr int kOrders = 40;
    std::vector<ClaimedOrder> orders;
    for (int i = 0; i < kOrders; ++i) {
        orders.push_back(with.planned("d" + std::to_string(i) + ".example"));
    }
    const auto other = Ledger::open(with.path(), kStamp);
    const auto run = other->begin_run("domain-orders", Sends::no, at(0));
    std::atomic<int> begun = 0;
    std::thread lane([&] {
        try {
            for (const ClaimedOrder& order : orders) {
                begin(with, order);
                ++begun;
            }
        } catch (const SendingHeld&) {
        }
    });
    while (begun < 5) std::this_thread::yield();
    other->write([&](LedgerWrite& w) { w.hold_sending(run->id(), "ada", "stop", utc(5)); });
    // What was begun when the verb returned, and the one that was being committed.
    const int begun_then = begun;
    lane.join();
    CHECK(begun <= begun_then + 1);
    CHECK(with.number("SELECT COUNT(*) FROM attempts") == begun);
}
