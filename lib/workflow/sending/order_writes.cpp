#include "workflow/sending/order_writes.h"

#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"

namespace domspool {

namespace {

// One that has begun too, where its own step is still to be sent: nothing else would end its wait.
bool may_be_held(const OrderRecord& order) {
    const StepRecord* main_step = main_step_of(order);
    const bool is_to_come = main_step != nullptr && main_step->state == StepState::planned;
    return order.state == OrderState::accepted ||
           (order.state == OrderState::in_progress && is_to_come);
}

}  // namespace

std::vector<ClaimedOrder> OrderWrites::claim_next(std::optional<BatchId> batch, int limit) {
    return writes_.write(
        [&](LedgerWrite& w) { return w.claim_next(run_.id(), batch, limit, clock_.now().utc); });
}

std::optional<ClaimedOrder> OrderWrites::claim_order(OrderId order) {
    return writes_.write([&](LedgerWrite& w) { return w.claim_order(run_.id(), order); });
}

void OrderWrites::release(const Claim& claim) {
    writes_.put_off([claim](LedgerWrite& w) { w.release(claim); });
}

void OrderWrites::move(ClaimedOrder& claimed, const OrderMove& next) {
    writes_.write([&](LedgerWrite& w) { w.move_order(claimed.claim, next, clock_.now().utc); });
    apply(next, claimed.order);
}

void OrderWrites::move_later(ClaimedOrder& claimed, const OrderMove& next) {
    writes_.put_off([claim = claimed.claim, next, now = clock_.now().utc](LedgerWrite& w) {
        w.move_order(claim, next, now);
    });
    apply(next, claimed.order);
}

void OrderWrites::postpone(ClaimedOrder& claimed, const std::string& reason) {
    if (counts_ == Counts::nothing) return put_aside(claimed, reason);
    const OrderMove hold = held(claimed.order, HeldFor::checks, reason);
    const bool is_held = writes_.write([&](LedgerWrite& w) {
        const auto now = clock_.now().utc;
        const int runs = w.postpone(claimed.claim, reason, now);
        const bool enough = runs >= kRunsUntilHeld && may_be_held(claimed.order);
        if (enough) w.move_order(claimed.claim, hold, now);
        return enough;
    });
    claimed.order.reason = reason;
    if (is_held) apply(hold, claimed.order);
}

void OrderWrites::put_aside(ClaimedOrder& claimed, const std::string& reason) {
    writes_.write([&](LedgerWrite& w) { w.put_aside(claimed.claim, reason, clock_.now().utc); });
    claimed.order.reason = reason;
}

}  // namespace domspool
