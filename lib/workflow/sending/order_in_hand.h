// An order that a person decides on: claimed as long as the object lives, so that no run works on
// it meanwhile. Each decision is one transaction, and an event in the order's history.
#pragma once

#include "ledger/ledger.h"
#include "workflow/doubt/doubt.h"
#include "workflow/sending/lanes.h"
#include "workflow/steps/answer_cache.h"

#include <functional>
#include <optional>
#include <string>

namespace domspool {

struct DecisionParts {
    Ledger& ledger;
    RunId run;
    const Clock& clock;
    std::string person;    // who decides, as the history names it
    DoubtSettings doubts;  // an attempt younger than the longest call is left alone
    std::function<AnswerCache&()> cache;
    std::function<Lane()> open_lane;  // with a planner; made when the registrar must be asked
};

// The kind of the events by which histories tell decisions.
inline const std::string kDecisionEvent = "decision";
// A report tells it as a note: it makes no news of the order.
inline const std::string kDismissedEvent = "dismissed";
inline const std::string kAtWorkElsewhere = "another run is working on it; try again later";

struct Decided {
    OrderRecord order;  // as it stands now
    // all_well: decided. some_orders_wrong: its state does not allow it, or it came out otherwise.
    // try_later: a live run has it, or the registrar cannot be asked. service_refused: all sending
    // is held.
    ExitCode code = ExitCode::all_well;
    std::string words;  // what came of it, or why nothing did
};

class OrderInHand {
  public:
    OrderInHand(const DecisionParts& parts, OrderId order);
    ~OrderInHand();
    OrderInHand(const OrderInHand&) = delete;
    OrderInHand& operator=(const OrderInHand&) = delete;

    bool is_ours() const { return claimed_.has_value(); }  // else a live run has it: busy()
    ClaimedOrder& claimed() { return *claimed_; }
    const OrderRecord& order() const { return claimed_->order; }
    UtcTime now() const { return parts_.clock.now().utc; }

    Decided busy() const;
    Decided refuse(const std::string& why, ExitCode code = ExitCode::some_orders_wrong) const;
    Decided decided(const std::string& words) const;

    // One transaction with the event; `verb` writes, and returns the move that was written. Refused
    // with nothing written where another order has begun for the domain since.
    Decided write(const std::string& event, const std::function<OrderMove(LedgerWrite&)>& verb);
    Decided move(const OrderMove& move, const std::string& event);
    void note(const std::string& event);

  private:
    const DecisionParts& parts_;
    const OrderId order_;
    std::optional<ClaimedOrder> claimed_;
};

}  // namespace domspool
