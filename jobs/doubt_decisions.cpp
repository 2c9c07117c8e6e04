#include "jobs/doubt_decisions.h"

#include "ledger/sql/sending_hold.h"
#include "report/orders/outcome_row.h"
#include "workflow/doubt/watched_word.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_steps.h"
#include "workflow/sending/order_runner.h"
#include "workflow/steps/contact_memory.h"
#include "workflow/steps/step_kinds.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr const char* kTooYoung =
    "the call was sent moments ago and may still be executed; try again in a minute or two";

std::optional<AttemptRecord> doubt_of(const Ledger& ledger, const OrderRecord& order,
                                      const StepRecord& step) {
    for (const AttemptRecord& attempt : ledger.open_doubts()) {
        if (attempt.order == order.id && attempt.position == step.position) return attempt;
    }
    return std::nullopt;
}

bool is_young(const DecisionParts& parts, const AttemptRecord& attempt) {
    return gap_between(attempt.begun, parts.clock.now()) < parts.doubts.longest_call;
}

OrderMove settle(LedgerWrite& w, const OrderInHand& hand, const Claim& claim,
                 const AttemptRecord& doubt, const AttemptEnd& end, const OrderMove& move) {
    OrderMove written = w.settle_doubt(claim, doubt.id, end, end.text, move);
    const StepRecord& step = hand.order().steps[static_cast<std::size_t>(doubt.position) - 1];
    if (makes_contact(step)) w.forget_contact(fingerprint_of(step.arguments));
    return written;
}

// ---- A person's word.

std::string said_by(const DecisionParts& parts, Word word, const std::string& reason) {
    return "says " + parts.person + " at " + to_minute(parts.clock.now().utc) +
           (word == Word::done ? " (done): " : " (failed): ") + reason;
}

bool is_operation_open(const Ledger& ledger, const std::optional<OperationId>& operation) {
    const auto open = ledger.open_operations();
    return operation && std::any_of(open.begin(), open.end(), [&](const OpenOperation& each) {
               return each.id == *operation;
           });
}

AttemptEnd end_by_word(const WatchedWord& word) {
    AttemptEnd end;
    end.outcome = word.word == Word::done ? AttemptOutcome::done : AttemptOutcome::refused;
    end.text = word.said;
    end.at.utc = word.at;
    return end;
}

// What the word ends: the doubt, the operation that is not told about, or the step alone.
struct WordTarget {
    StepRecord step;
    std::optional<AttemptRecord> doubt;
    bool operation_is_open = false;
};

OrderMove write_word(LedgerWrite& w, OrderInHand& hand, const WordTarget& target,
                     const WatchedWord& word, const OrderMove& move) {
    const Claim& claim = hand.claimed().claim;
    OrderMove written = move;
    if (target.doubt) {
        written = settle(w, hand, claim, *target.doubt, end_by_word(word), move);
    } else if (target.operation_is_open) {
        w.end_operation(claim, *target.step.operation, "", word.said, move, word.at);
    } else {
        w.move_order(claim, move, word.at);
    }
    if (target.step.function != kCancelling) w.watch_word(word);
    return written;
}

// The order was perhaps sent in a run the ledger does not know.
Decided resolve_whole(const DecisionParts& parts, OrderInHand& hand, Word word,
                      const std::string& reason) {
    const std::string said = said_by(parts, word, reason);
    const OrderMove move = after_word_of_whole(hand.order(), word, said);
    return hand.write(said, [&](LedgerWrite& w) {
        w.move_order(hand.claimed().claim, move, hand.now());
        w.forget_perhaps_sent(hand.order().id);
        return move;
    });
}

// ---- A second sending.

std::string unanswered(const QueryFailure& failure) {
    return std::string("the registrar did not answer, nothing was changed: ") + failure.what();
}

// As far as it goes now; pending-check would go on with it as well.
Decided go_on(const DecisionParts& parts, OrderInHand& hand, Lane& lane, const std::string& words) {
    std::ignore = lane.runner->advance(hand.claimed());
    lane.runner->flush();
    OrderRecord now = parts.ledger.order(hand.order().id);
    const auto hold = parts.ledger.sending_hold();
    if (hold && next_step(now, parts.clock.now().utc) != nullptr) {
        return {now, ExitCode::service_refused, "nothing more was sent: " + words_of(*hold)};
    }
    return {now, needs_a_person(now) ? ExitCode::some_orders_wrong : ExitCode::all_well,
            words + (now.reason.empty() ? "" : "; " + now.reason)};
}

Decided force_sending(const DecisionParts& parts, OrderInHand& hand, Lane& lane,
                      const AttemptRecord& doubt, const std::string& reason) {
    const std::string how = "sent again although it may have been executed, says " + parts.person +
                            " at " + to_minute(hand.now()) + ": " + reason;
    OrderMove move;
    move.state = OrderState::in_progress;
    move.position = doubt.position;
    move.step_state = StepState::planned;
    move.step_note = how;
    move.reason = how;
    AttemptEnd end;
    end.outcome = AttemptOutcome::try_later;
    end.text = how;
    end.at = parts.clock.now();
    const Decided written = hand.write(how, [&](LedgerWrite& w) {
        return settle(w, hand, hand.claimed().claim, doubt, end, move);
    });
    if (written.code != ExitCode::all_well) return written;
    note_settled(hand.claimed().order, doubt.id, end, how);
    return go_on(parts, hand, lane, "sent again by force");
}

Decided take_what_was_found(const DecisionParts& parts, OrderInHand& hand, Lane& lane) {
    hand.note("looked for at the wish of " + parts.person + ", and found");
    if (!is_end(hand.order().state)) return go_on(parts, hand, lane, "found, not sent again");
    const bool has_failed = hand.order().state == OrderState::failed;
    return hand.refuse("found, not sent again; " + hand.order().reason,
                       has_failed ? ExitCode::some_orders_wrong : ExitCode::all_well);
}

Decided not_sent_yet(const DecisionParts& parts, const OrderInHand& hand) {
    return hand.refuse("nothing was sent: this look alone does not tell; the same command again " +
                           std::to_string(parts.doubts.look_gap.count()) + " seconds later may",
                       ExitCode::try_later);
}

Decided check_and_send(const DecisionParts& parts, OrderInHand& hand, const AttemptRecord& doubt,
                       const std::string& force) {
    Lane lane = parts.open_lane();
    const PendingList list = lane.queries->pending();
    parts.cache().take_pending(list);
    const DoubtParts with{parts.ledger, *lane.queries, parts.cache(),
                          parts.clock,  parts.doubts,  SendAgain::at_a_wish};
    switch (settle_doubt(with, hand.claimed(), doubt, list, parts.ledger.attempts_under_way())) {
        case Settlement::may_be_sent:
            hand.note("looked for at the wish of " + parts.person + ": " + hand.order().reason);
            return go_on(parts, hand, lane, "surely not executed, so sent again");
        case Settlement::adopted:
        case Settlement::done:
        case Settlement::failed:
            return take_what_was_found(parts, hand, lane);
        case Settlement::not_yet:
            if (hand.order().state == OrderState::waiting) {
                return hand.refuse("nothing was sent: " + hand.order().reason +
                                   "; pending-check tells when it ends");
            }
            if (!force.empty()) return force_sending(parts, hand, lane, doubt, force);
            return not_sent_yet(parts, hand);
        case Settlement::held:
            if (!force.empty()) return force_sending(parts, hand, lane, doubt, force);
            return hand.refuse("nothing was sent: " + hand.order().reason +
                               "; --force --reason TEXT sends all the same");
    }
    our_bug("a settlement without a name", __FILE__, __LINE__);
}

}  // namespace

Decided resolve_by_word(const DecisionParts& parts, OrderId order, Word word,
                        const std::string& reason) {
    OrderInHand hand(parts, order);
    if (!hand.is_ours()) return hand.busy();
    if (parts.ledger.perhaps_sent(order)) return resolve_whole(parts, hand, word, reason);
    const StepAtStake stake = step_at_stake(hand.order());
    if (stake.step == nullptr) return hand.refuse(stake.refusal);
    const WordTarget target{*stake.step, doubt_of(parts.ledger, hand.order(), *stake.step),
                            is_operation_open(parts.ledger, stake.step->operation)};
    if (target.doubt && is_young(parts, *target.doubt)) {
        return hand.refuse(kTooYoung, ExitCode::try_later);
    }
    const UtcTime now = hand.now();
    const WatchedWord spoken{order, target.step.position, word, said_by(parts, word, reason), now,
                             now};
    const DecisionMove decision = after_word(hand.order(), target.step, word, spoken.said);
    if (!decision.refusal.empty()) return hand.refuse(decision.refusal);
    return hand.write(target.step.function + ": " + spoken.said, [&](LedgerWrite& w) {
        return write_word(w, hand, target, spoken, decision.move);
    });
}

Decided resolve_by_sending(const DecisionParts& parts, OrderId order, const std::string& force) {
    OrderInHand hand(parts, order);
    if (!hand.is_ours()) return hand.busy();
    if (parts.ledger.perhaps_sent(order)) {
        return hand.refuse(
            "it may have been sent after the ledger was copied: pending-check looks for it twice, "
            "and lets it go on by itself if it finds nothing; else --done or --failed end it");
    }
    if (const auto hold = parts.ledger.sending_hold()) {
        return hand.refuse("nothing was sent: " + words_of(*hold), ExitCode::service_refused);
    }
    const StepAtStake stake = step_at_stake(hand.order());
    if (stake.step == nullptr) return hand.refuse(stake.refusal);
    const auto doubt = doubt_of(parts.ledger, hand.order(), *stake.step);
    if (!doubt || stake.step->function == kCancelling) {
        const bool is_looked_for = stake.step == awaits_second_sending(hand.order());
        const std::string why =
            is_looked_for ? "it was looked for already, and is sent again once it goes on"
                          : "nothing of it was sent without an answer that could be sent again";
        return hand.refuse(why + ": `domain-orders release " + std::to_string(order) +
                           "` lets it go on");
    }
    if (is_young(parts, *doubt)) return hand.refuse(kTooYoung, ExitCode::try_later);
    try {
        return check_and_send(parts, hand, *doubt, force);
    } catch (const QueryFailure& failure) {
        return hand.refuse(unanswered(failure), ExitCode::try_later);
    }
}

}  // namespace domspool
