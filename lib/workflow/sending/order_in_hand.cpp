#include "workflow/sending/order_in_hand.h"

#include "util/crash_point.h"
#include "workflow/moves/order_moves.h"

namespace domspool {

OrderInHand::OrderInHand(const DecisionParts& parts, OrderId order) : parts_(parts), order_(order) {
    claimed_ = parts.ledger.write([&](LedgerWrite& w) { return w.claim_order(parts.run, order); });
}

OrderInHand::~OrderInHand() {
    try {
        if (claimed_) parts_.ledger.write([&](LedgerWrite& w) { w.release(claimed_->claim); });
    } catch (const std::exception&) {
        // Released by the runner, or free with the end of this run.
    }
}

Decided OrderInHand::busy() const {
    return refuse(kAtWorkElsewhere, ExitCode::try_later);
}

Decided OrderInHand::refuse(const std::string& why, ExitCode code) const {
    return {parts_.ledger.order(order_), code, why};
}

Decided OrderInHand::decided(const std::string& words) const {
    return refuse(words, ExitCode::all_well);
}

Decided OrderInHand::write(const std::string& event,
                           const std::function<OrderMove(LedgerWrite&)>& verb) {
    try {
        const OrderMove written = parts_.ledger.write([&](LedgerWrite& w) {
            OrderMove its = verb(w);
            w.event(parts_.run, kDecisionEvent, event, now(), order_);
            return its;
        });
        apply(written, claimed_->order);
    } catch (const DomainBusy& busy) {
        return refuse("order " + std::to_string(busy.other()) +
                      " has begun for the same domain since and is not ended: decide on that one "
                      "first");
    }
    crash_point("decided");
    return decided(event);
}

Decided OrderInHand::move(const OrderMove& move, const std::string& event) {
    return write(event, [&](LedgerWrite& w) {
        w.move_order(claimed_->claim, move, now());
        return move;
    });
}

void OrderInHand::note(const std::string& event) {
    parts_.ledger.write(
        [&](LedgerWrite& w) { w.event(parts_.run, kDecisionEvent, event, now(), order_); });
}

}  // namespace domspool
