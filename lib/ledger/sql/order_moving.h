// The one way an order changes its state: what every verb that moves an order has in common.
#pragma once

#include "ledger/ledger_records.h"
#include "store/connection.h"

#include <optional>
#include <string>

namespace domspool {

// An order as it stands in the transaction at hand.
struct StandingOrder {
    OrderId id = 0;
    OrderState state = OrderState::accepted;
    bool keeps_domain = false;
    BatchId batch = 0;
    std::string domain;
};

StandingOrder standing_order(store::Connection& connection, OrderId order);
// Throws ClaimLost unless the claim's run and number still stand.
StandingOrder require_claim(store::Connection& connection, const Claim& claim);

// Another order that keeps the domain.
std::optional<OrderId> keeper_of(store::Connection& connection, const StandingOrder& order);
[[noreturn]] void throw_domain_busy(OrderId keeper);

// Applies the move to the order and its step, notes the event, and sets the batch's result due
// where the order ends. A move may_move() forbids is our bug. Throws DomainBusy.
void apply_move(store::Connection& connection, const StandingOrder& order, RunId run,
                const OrderMove& move, UtcTime now);

void note_event(store::Connection& connection, const EventRecord& event);

}  // namespace domspool
