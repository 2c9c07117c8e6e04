#include "orders/order_state.h"

#include <algorithm>
#include <initializer_list>

namespace domspool {

namespace {

using States = std::initializer_list<OrderState>;

bool is_in(OrderState state, States states) {
    return std::find(states.begin(), states.end(), state) != states.end();
}

}  // namespace

std::string_view to_word(OrderState state) {
    switch (state) {
        case OrderState::accepted:
            return "accepted";
        case OrderState::in_progress:
            return "in_progress";
        case OrderState::waiting:
            return "waiting";
        case OrderState::in_doubt:
            return "in_doubt";
        case OrderState::held:
            return "held";
        case OrderState::done:
            return "done";
        case OrderState::done_open_ends:
            return "done_open_ends";
        case OrderState::skipped:
            return "skipped";
        case OrderState::failed:
            return "failed";
        case OrderState::cancelled:
            return "cancelled";
    }
    return "";
}

std::optional<OrderState> order_state_of(std::string_view word) {
    using enum OrderState;
    for (const OrderState state : {accepted, in_progress, waiting, in_doubt, held, done,
                                   done_open_ends, skipped, failed, cancelled}) {
        if (to_word(state) == word) return state;
    }
    return std::nullopt;
}

bool is_end(OrderState state) {
    using enum OrderState;
    return is_in(state, {done, done_open_ends, skipped, failed, cancelled});
}

bool may_move(OrderState from, OrderState to) {
    using enum OrderState;
    if (from == to) return !is_end(from);
    switch (from) {
        case accepted:
            // In doubt where the ledger may not know all that was sent.
            return is_in(to, {in_progress, in_doubt, held, failed, skipped, cancelled});
        case in_progress:
            // Back to accepted only when certainly nothing was sent and nothing begun; cancelled
            // only before its main step was sent.
            return is_in(
                to, {accepted, waiting, in_doubt, held, done, done_open_ends, failed, cancelled});
        case waiting:
            return is_in(to,
                         {in_progress, in_doubt, held, done, done_open_ends, failed, cancelled});
        case in_doubt:
            return is_in(to, {accepted, in_progress, waiting, held, done, done_open_ends, failed});
        case held:
            return is_in(to, {accepted, in_progress, waiting, in_doubt, done, done_open_ends,
                              failed, cancelled});
        // The registrar's support restarts a failed operation now and then: the order is revived.
        case failed:
            return is_in(to, {waiting, held});
        case done:
        case done_open_ends:
        case skipped:
        case cancelled:
            return false;
    }
    return false;
}

}  // namespace domspool
