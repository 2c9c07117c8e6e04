// The states of an order and the moves between them: the one table.
#pragma once

#include <optional>
#include <string_view>

namespace domspool {

// skipped: the wish was already fulfilled, or an earlier order says the same; nothing was sent.
enum class OrderState {
    accepted,
    in_progress,
    waiting,
    in_doubt,
    held,
    done,
    done_open_ends,
    skipped,
    failed,
    cancelled,
};

std::string_view to_word(OrderState state);
std::optional<OrderState> order_state_of(std::string_view word);

// done, done_open_ends, skipped, failed, cancelled.
bool is_end(OrderState state);
bool may_move(OrderState from, OrderState to);

}  // namespace domspool
