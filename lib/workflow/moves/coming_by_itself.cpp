#include "workflow/moves/coming_by_itself.h"

#include "workflow/moves/order_moves.h"

#include <algorithm>
#include <chrono>

namespace domspool {

namespace {

using namespace std::chrono_literals;

// Whoever signs a zone, or moves it to other servers, has done so by then.
constexpr auto kPatienceWithKey = 24h * 7;
constexpr auto kPatienceWithAccount = 15min;

UtcTime waiting_since(const StepRecord& step, WaitsFor what, UtcTime now) {
    return step.waits_for == what ? step.since.value_or(now) : now;
}

// As long again as it has waited.
UtcTime next_look(UtcTime since, UtcTime now, std::chrono::minutes least,
                  std::chrono::minutes most) {
    return now + std::clamp<UtcTime::duration>(now - since, least, most);
}

}  // namespace

OrderMove after_missing_key(const OrderRecord& order, const StepRecord& step,
                            const std::string& why, UtcTime now) {
    const UtcTime since = waiting_since(step, WaitsFor::zone_key, now);
    if (now - since >= kPatienceWithKey) {
        return after_open_end(order, step, why + ", since " + to_iso(since));
    }
    OrderMove move = later_again(order, step, WaitsFor::zone_key, since, why, now);
    move.state = state_with(order, step.position, StepState::planned);
    move.reason = step.function + " waits for the zone's key: " + why;
    move.due_at = next_look(since, now, 10min, 6h);
    move.keeps_domain = !is_all_tried(order, step);
    return move;
}

bool may_yet_be_shown(const StepRecord& read_back, UtcTime now) {
    return now - waiting_since(read_back, WaitsFor::shown, now) < kPatienceWithAccount;
}

OrderMove after_not_shown(const OrderRecord& order, const StepRecord& read_back, UtcTime now) {
    const UtcTime since = waiting_since(read_back, WaitsFor::shown, now);
    OrderMove move = later_again(order, read_back, WaitsFor::shown, since,
                                 "not in the account yet (E15-M1502)", now);
    move.reason = "done; the registrar does not show the domain in the account yet (E15-M1502)";
    move.due_at = next_look(since, now, 1min, 5min);
    return move;
}

}  // namespace domspool
