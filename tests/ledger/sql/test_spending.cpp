#include "ledger/ledger_case.h"
#include "ledger/sql/spending.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

const UtcTime kToday = std::chrono::floor<std::chrono::days>(utc(0));

void begin_at(LedgerCase& with, const ClaimedOrder& order, std::int64_t cents, UtcTime when,
              std::int64_t ceiling) {
    Moment moment = at(0);
    moment.utc = when;
    const UtcTime day = std::chrono::floor<std::chrono::days>(when);
    with.write([&](LedgerWrite& w) {
        w.begin_attempt(order.claim, {1, {}, cents, moment}, SpendCeiling{ceiling, day});
    });
}

}  // namespace

TEST_CASE("money is reserved with the attempt and refused above the ceiling") {
    LedgerCase with;
    const ClaimedOrder first = with.planned("a.example");
    const ClaimedOrder second = with.planned("b.example");
    begin_at(with, first, 600, utc(0), 1000);
    CHECK(with.ledger().money_out_since(kToday) == 600);
    CHECK_THROWS_AS(begin_at(with, second, 401, utc(1), 1000), CeilingReached);
    CHECK(with.ledger().money_out_since(kToday) == 600);
    CHECK(with.ledger().order(second.order.id).state == OrderState::accepted);
    CHECK(with.ledger().attempts(second.order.id).empty());
    begin_at(with, second, 400, utc(1), 1000);
    CHECK(with.ledger().money_out_since(kToday) == 1000);
}

TEST_CASE("the message of a ceiling names the limit and the amounts") {
    LedgerCase with;
    try {
        begin_at(with, with.planned("a.example"), 1250, utc(0), 1000);
        FAIL("the ceiling did not hold");
    } catch (const CeilingReached& reached) {
        const std::string text = reached.what();
        CHECK(text.find("limits.max_spend_per_day") != std::string::npos);
        CHECK(text.find("10.00") != std::string::npos);
        CHECK(text.find("12.50") != std::string::npos);
    }
}

TEST_CASE("open, doubtful, pending and done attempts count, refused and unsent ones do not") {
    LedgerCase with;
    const auto out = [&] { return with.ledger().money_out_since(kToday); };
    with.begin(with.planned("open.example"), 1, 1);
    CHECK(out() == 1);
    const ClaimedOrder pending = with.planned("pending.example");
    with.finish(pending, with.begin(pending, 1, 10), AttemptOutcome::pending, waiting_move(), 1);
    CHECK(out() == 11);
    const ClaimedOrder doubtful = with.planned("doubt.example");
    const AttemptId doubt = with.begin(doubtful, 1, 100);
    with.finish(doubtful, doubt, AttemptOutcome::in_doubt, doubt_move());
    CHECK(out() == 111);
    const ClaimedOrder done = with.planned("done.example");
    with.finish(done, with.begin(done, 1, 1000), AttemptOutcome::done, done_move());
    CHECK(out() == 1111);
    const ClaimedOrder refused = with.planned("refused.example");
    with.finish(refused, with.begin(refused, 1, 10000), AttemptOutcome::refused, failed_move());
    CHECK(out() == 1111);
    const ClaimedOrder later = with.planned("later.example");
    with.finish(later, with.begin(later, 1, 10000), AttemptOutcome::try_later,
                planned_again(1, OrderState::accepted));
    CHECK(out() == 1111);

    with.write([&](LedgerWrite& w) {
        w.end_operation(pending.claim, 1, "Failed", "no", failed_move(), utc(90));
        w.settle_doubt(doubtful.claim, doubt, end_as(AttemptOutcome::refused), "seen",
                       failed_move());
    });
    CHECK(out() == 1001);
}

TEST_CASE("a pending operation that became done, or a doubt that was one, still counts") {
    LedgerCase with;
    const ClaimedOrder pending = with.planned("pending.example");
    with.finish(pending, with.begin(pending, 1, 10), AttemptOutcome::pending, waiting_move(), 1);
    const ClaimedOrder doubtful = with.planned("doubt.example");
    const AttemptId doubt = with.begin(doubtful, 1, 100);
    with.finish(doubtful, doubt, AttemptOutcome::in_doubt, doubt_move());
    with.write([&](LedgerWrite& w) {
        w.end_operation(pending.claim, 1, "Done", "", done_move(), utc(90));
        w.settle_doubt(doubtful.claim, doubt, end_as(AttemptOutcome::done), "seen", done_move());
    });
    CHECK(with.ledger().money_out_since(kToday) == 110);
}

TEST_CASE("the money of a failed operation is out again when it is pending again") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("pending.example");
    with.finish(order, with.begin(order, 1, 10), AttemptOutcome::pending, waiting_move(), 4711);
    with.write([&](LedgerWrite& w) {
        w.end_operation(order.claim, 4711, "Failed", "no", failed_move(), utc(90));
    });
    CHECK(with.ledger().money_out_since(kToday) == 0);
    with.write(
        [&](LedgerWrite& w) { w.reopen_operation(order.claim, 4711, waiting_move(), utc(99)); });
    CHECK(with.ledger().money_out_since(kToday) == 10);
    REQUIRE(with.ledger().open_operations().size() == 1);
    CHECK(with.ledger().open_operations()[0].id == 4711);
    with.write([&](LedgerWrite& w) {
        w.end_operation(order.claim, 4711, "Failed", "no", failed_move(), utc(120));
    });
    CHECK(with.ledger().money_out_since(kToday) == 0);
}

TEST_CASE("each day has its own ceiling, and money goes back to the day it was taken from") {
    LedgerCase with;
    const UtcTime tomorrow = kToday + std::chrono::days(1);
    const ClaimedOrder first = with.planned("a.example");
    const ClaimedOrder second = with.planned("b.example");
    begin_at(with, first, 900, utc(0), 1000);
    begin_at(with, second, 900, tomorrow, 1000);
    CHECK(with.ledger().money_out_since(kToday) == 1800);
    CHECK(with.ledger().money_out_since(tomorrow) == 900);
    const auto attempts = with.ledger().attempts(first.order.id);
    with.finish(first, attempts[0].id, AttemptOutcome::refused, failed_move());
    CHECK(with.ledger().money_out_since(kToday) == 900);
    CHECK(with.ledger().money_out_since(tomorrow) == 900);
}

TEST_CASE("two programs cannot both spend the last of the day") {
    LedgerCase with;
    const ClaimedOrder first = with.planned("a.example");
    const ClaimedOrder second = with.planned("b.example");
    with.write([&](LedgerWrite& w) { w.release(second.claim); });
    const auto other = Ledger::open(with.path(), kStamp);
    const auto other_run = other->begin_run("other", Sends::yes, at(1));
    const auto claimed = other->write(
        [&](LedgerWrite& w) { return w.claim_order(other_run->id(), second.order.id); });
    REQUIRE(claimed);
    begin_at(with, first, 600, utc(0), 1000);
    CHECK_THROWS_AS(other->write([&](LedgerWrite& w) {
        w.begin_attempt(claimed->claim, {1, {}, 600, at(0)}, SpendCeiling{1000, kToday});
    }),
                    CeilingReached);
}
