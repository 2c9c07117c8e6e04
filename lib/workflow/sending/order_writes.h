// What one lane writes of the orders it claims: each verb is of the order in hand, and its record
// is brought up to date. Throws ClaimLost where another run has taken the order over.
#pragma once

#include "ledger/ledger.h"
#include "util/clock.h"
#include "workflow/sending/lane_writes.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

// So many runs in which it cannot be known: it is held (SAFETY, "Before money is spent").
inline constexpr int kRunsUntilHeld = 3;

class OrderWrites {
  public:
    // Whether this is a run that orders: a pass of pending-check comes by every ten minutes, and a
    // moment's trouble would soon be three of them.
    enum class Counts { runs, nothing };
    // All of them outlive it.
    OrderWrites(LaneWrites& writes, const Run& run, const Clock& clock, Counts counts)
        : writes_(writes), run_(run), clock_(clock), counts_(counts) {}

    std::vector<ClaimedOrder> claim_next(std::optional<BatchId> batch, int limit);
    // Whatever its state; nothing if another run has it.
    std::optional<ClaimedOrder> claim_order(OrderId order);
    void release(const Claim& claim);

    // The record in hand is moved as well, here and below.
    void move(ClaimedOrder& claimed, const OrderMove& next);
    // For what would be found out again.
    void move_later(ClaimedOrder& claimed, const OrderMove& next);
    // Not claimed again by this run; held once that happened in too many runs that count.
    void postpone(ClaimedOrder& claimed, const std::string& reason);
    // Like postpone, but however often it happens a person need not look.
    void put_aside(ClaimedOrder& claimed, const std::string& reason);

  private:
    LaneWrites& writes_;
    const Run& run_;
    const Clock& clock_;
    const Counts counts_;
};

}  // namespace domspool
