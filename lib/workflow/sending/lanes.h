// Several lanes work on the accepted orders at once, each with a connection of its own.
#pragma once

#include "workflow/sending/order_runner.h"

#include <functional>
#include <memory>
#include <optional>

namespace domspool {

// What one lane holds; the runner goes first when it ends.
struct Lane {
    std::shared_ptr<RegistrarQueries> queries;
    std::shared_ptr<RegistrarCommands> commands;
    std::unique_ptr<OrderRunner> runner;
};

struct LaneWork {
    std::optional<BatchId> batch;  // none: whatever is accepted
    int lanes = 1;
    int most_orders = 0;    // 0: no limit; where more could be claimed, the run stops and says so
    int most_claimed = 16;  // at once, of orders that are quick
    std::function<Lane()> open_lane;
    std::function<bool()> is_called_off;           // SIGTERM: the call in flight is finished first
    std::function<void(const OrderRecord&)> tell;  // after each order, from any lane
};

// Until no order can be claimed, a stopping rule holds, or it is called off; claims in hand are
// released then. What the first lane to fail threw is thrown again when all have ended; the claims
// that lane had in hand end with the run.
void work_in_lanes(const LaneWork& work, StoppingRules& rules);

}  // namespace domspool
