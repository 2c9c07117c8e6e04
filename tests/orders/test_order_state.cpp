#include "orders/order_state.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace domspool;
using enum OrderState;

namespace {

const std::vector<OrderState> kAll = {accepted, in_progress,    waiting, in_doubt, held,
                                      done,     done_open_ends, skipped, failed,   cancelled};

}  // namespace

TEST_CASE("states have the words of order files") {
    // (ORDER-FILES, "States")
    const std::vector<std::string> words = {"accepted", "in_progress", "waiting",        "in_doubt",
                                            "held",     "done",        "done_open_ends", "skipped",
                                            "failed",   "cancelled"};
    for (std::size_t i = 0; i < kAll.size(); ++i) {
        CHECK(to_word(kAll[i]) == words[i]);
        CHECK(order_state_of(words[i]) == kAll[i]);
    }
    CHECK_FALSE(order_state_of("refused"));  // Such rows never became orders.
    CHECK_FALSE(order_state_of("Done"));
}

TEST_CASE("five states are ends") {
    for (const OrderState state : kAll) {
        const bool expected = state == done || state == done_open_ends || state == skipped ||
                              state == failed || state == cancelled;
        CAPTURE(to_word(state));
        CHECK(is_end(state) == expected);
    }
}

TEST_CASE("nothing leaves an end, but a failed order the registrar revived") {
    for (const OrderState from : {done, done_open_ends, skipped, cancelled}) {
        for (const OrderState to : kAll) CHECK_FALSE(may_move(from, to));
    }
    for (const OrderState to : kAll) CHECK(may_move(failed, to) == (to == waiting || to == held));
}

TEST_CASE("an order that was not begun cannot have an outcome") {
    CHECK(may_move(accepted, in_progress));
    CHECK(may_move(accepted, cancelled));
    CHECK(may_move(accepted, failed));  // A check said that it is not possible.
    // One that was put back (LEDGER, "Copies") may not know what was sent since.
    CHECK(may_move(accepted, in_doubt));
    for (const OrderState to : {waiting, done, done_open_ends}) {
        CHECK_FALSE(may_move(accepted, to));
    }
}

TEST_CASE("an order in doubt is never cancelled") {
    // (SAFETY, "Decisions by a person")
    CHECK_FALSE(may_move(in_doubt, cancelled));
    CHECK(may_move(in_doubt, done));
    CHECK(may_move(in_doubt, waiting));
    CHECK(may_move(in_doubt, held));
}

TEST_CASE("an order whose contact was made may be cancelled before its own step is sent") {
    CHECK(may_move(in_progress, cancelled));
}

TEST_CASE("a waiting order ends or is looked at, but is not sent anew") {
    for (const OrderState to : {done, done_open_ends, failed, cancelled, held, in_doubt}) {
        CHECK(may_move(waiting, to));
    }
    CHECK_FALSE(may_move(waiting, accepted));
    CHECK_FALSE(may_move(waiting, skipped));
}

TEST_CASE("skipped is said before anything was sent") {
    for (const OrderState from : {in_progress, waiting, in_doubt, held}) {
        CHECK_FALSE(may_move(from, skipped));
    }
}
