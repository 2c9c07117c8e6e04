// The intent of one sending: an attempt that stands in the ledger, synced, before its call goes out
// (SAFETY, "Intent, act, outcome"). Asks and writes; nothing is sent.
#pragma once

#include "workflow/sending/lane_parts.h"
#include "workflow/sending/made_contacts.h"

#include <optional>
#include <string>

namespace domspool {

// One step about to go out: whose, how, and with what. Lives within one call of the runner.
struct Sending {
    ClaimedOrder& claimed;
    StepRecord& step;
    const StepKind& kind;
    const StepContext& context;
};

// An attempt that is committed. Only StepIntents makes one, and no call goes out without.
class CommittedAttempt {
  public:
    AttemptId id() const { return id_; }
    const Moment& begun() const { return begun_; }

  private:
    friend class StepIntents;
    CommittedAttempt(AttemptId id, const Moment& begun) : id_(id), begun_(begun) {}

    AttemptId id_;
    Moment begun_;
};

class StepIntents {
  public:
    explicit StepIntents(const LaneParts& lane) : lane_(lane), contacts_(lane) {}

    // The attempt, or why there is none: another order has the domain or makes the contact, the
    // contact is known, a ceiling is reached, all sending is held. The order, or the run, says so
    // then, and goes on with `next`.
    struct Begun {
        std::optional<CommittedAttempt> attempt;
        Next next = Next::go_on;
    };
    // QueryFailure: nothing was written. SendingHeld, CeilingReached and DomainBusy are dealt with
    // here.
    Begun begin(const Sending& sending, const FieldMap& picture);

    // A step whose question before it gets no answer counts as tried: it must come to an end, too.
    // The attempt is begun and ended in one transaction; no call belongs to it.
    void note_unanswered_question(ClaimedOrder& claimed, StepRecord& step,
                                  const std::string& words);

  private:
    // What the intent's transaction brought.
    struct Written {
        std::optional<AttemptId> attempt;
        LedgerWrite::ContactKnown contact;  // known already: nothing to send
        std::optional<OrderId> elsewhere;   // makes the same contact
    };
    AttemptIntent intent_of(const ClaimedOrder& claimed, const StepRecord& step,
                            const FieldMap& picture);
    Written write(const Sending& sending, const AttemptIntent& intent);
    Next give_way(ClaimedOrder& claimed, const StepRecord& step, OrderId other);
    std::optional<SpendCeiling> ceiling(const OrderRecord& order) const;

    const LaneParts& lane_;
    MadeContacts contacts_;
};

}  // namespace domspool
