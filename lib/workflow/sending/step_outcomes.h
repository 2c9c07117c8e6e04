// The outcome of one sending: what the registrar answered is judged, written, and counted by the
// stopping rules (SAFETY, "Intent, act, outcome").
#pragma once

#include "registrar/outcome.h"
#include "workflow/sending/lane_parts.h"
#include "workflow/sending/step_intents.h"

namespace domspool {

class StepOutcomes {
  public:
    explicit StepOutcomes(const LaneParts& lane) : lane_(lane) {}

    // with_next_intent: a first sending of the main step that went well may wait for the lane's
    // next write, and share its commit. What needs a look or another sending is written at once.
    enum class Write { at_once, with_next_intent };
    // Returns how the order goes on. A refusal of a second sending is looked behind first. Throws
    // ClaimLost if another run has the order, and RunFailure cannot_write when the ledger did not
    // take the outcome: it stands in the spill file then.
    Next take(const Sending& sending, const CommittedAttempt& attempt, Outcome outcome, Write when);

  private:
    struct Answered {
        AttemptId attempt;
        const AttemptEnd& end;
        const Outcome& outcome;
        const OrderMove& next;
    };
    void adopt_contact(const Sending& sending, Outcome& outcome);
    void write(const Sending& sending, const Answered& answered, Write when);
    void leave_for_next_run(const Sending& sending);
    void count(const Sending& sending, const Outcome& outcome);
    bool is_taken(const Sending& sending, const Outcome& outcome);
    void ask_balance_again(const OrderRecord& order);

    const LaneParts& lane_;
};

}  // namespace domspool
