#include "support/planned_registration.h"
#include "workflow/moves/coming_by_itself.h"
#include "workflow/moves/order_moves.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

const UtcTime kNow = *from_iso("2026-11-24T02:00:00.000Z");

}  // namespace

TEST_CASE("a key that is missing is asked for after pauses that grow to six hours, for a week") {
    OrderRecord order = registration(StepState::done);
    order.steps[2].state = StepState::done;
    UtcTime now = kNow;
    int looks = 0;
    for (;; ++looks) {
        const OrderMove move = after_missing_key(order, order.steps[3], "no key yet", now);
        apply(move, order);
        if (move.step_state == StepState::open_end) break;
        CHECK(move.waits_for == WaitsFor::zone_key);
        CHECK(move.since == kNow);
        REQUIRE(move.due_at);
        CHECK(*move.due_at - now >= 10min);
        CHECK(*move.due_at - now <= 6h);
        CHECK_FALSE(order.keeps_domain);
        now = *move.due_at;
    }
    CHECK(now - kNow >= 24h * 7);
    CHECK(now - kNow < 24h * 7 + 6h);
    CHECK(looks < 40);
    CHECK(order.steps[3].note == "no key yet, since 2026-11-24T02:00:00.000Z");
}

TEST_CASE("while something of the order was not tried yet the wait for a key keeps the domain") {
    OrderRecord order = registration(StepState::done);
    CHECK(after_missing_key(order, order.steps[3], "no key yet", kNow).keeps_domain);
}

TEST_CASE("a domain that is not shown is asked for seven times in a quarter of an hour") {
    OrderRecord order = registration(StepState::done);
    order.keeps_domain = true;
    UtcTime now = kNow;
    int looks = 1;
    for (; may_yet_be_shown(order.steps[2], now); ++looks) {
        const OrderMove move = after_not_shown(order, order.steps[2], now);
        apply(move, order);
        CHECK(order.state == OrderState::in_progress);
        CHECK(order.keeps_domain);
        now = *order.steps[2].due_at;
    }
    CHECK(looks == 7);
    CHECK(now - kNow == 18min);
}
