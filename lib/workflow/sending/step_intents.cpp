#include "workflow/sending/step_intents.h"

#include "workflow/moves/answer_moves.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"

#include <algorithm>

namespace domspool {

namespace {

std::int64_t cost_of(const OrderRecord& order, const StepRecord& step) {
    return step.phase == StepPhase::main && order.price ? order.price->cents : 0;
}

}  // namespace

StepIntents::Begun StepIntents::begin(const Sending& sending, const FieldMap& picture) {
    const AttemptIntent intent = intent_of(sending.claimed, sending.step, picture);
    Written written;
    try {
        written = write(sending, intent);
    } catch (const SendingHeld& held) {
        lane_.rules.stop_for_hold(held.what());
        return {std::nullopt, Next::stop};
    } catch (const DomainBusy& busy) {
        return {std::nullopt, give_way(sending.claimed, sending.step, busy.other())};
    } catch (const CeilingReached& reached) {
        lane_.rules.stop_ordering(Limit::spend_per_day, reached.what());
        return {std::nullopt, Next::stop};
    }
    if (written.attempt) return {CommittedAttempt(*written.attempt, intent.at), Next::go_on};
    if (written.elsewhere) {
        return {std::nullopt, contacts_.wait_for(sending.claimed, *written.elsewhere)};
    }
    return {std::nullopt, contacts_.take_known(sending.claimed, sending.step, sending.context,
                                               written.contact.contact_id)};
}

// All questions come before the attempt's begin: from there only the ledger stands before the call.
AttemptIntent StepIntents::intent_of(const ClaimedOrder& claimed, const StepRecord& step,
                                     const FieldMap& picture) {
    AttemptIntent intent;
    intent.position = step.position;
    intent.picture = picture;
    OperationId highest = lane_.cache.highest_operation(lane_.queries);
    // An operation of an earlier sending may turn up yet, and is this step's own.
    for (const AttemptRecord& earlier : claimed.order.attempts) {
        const std::string& then = field_of(earlier.picture, "highest_operation");
        if (earlier.position == step.position && earlier.outcome == AttemptOutcome::in_doubt &&
            !then.empty()) {
            highest = std::min<OperationId>(highest, std::stoll(then));
        }
    }
    intent.picture["highest_operation"] = std::to_string(highest);
    intent.reserved_cents = cost_of(claimed.order, step);
    intent.asks_to_cancel = step.function == kCancelling;
    intent.at = lane_.clock.now();
    return intent;
}

StepIntents::Written StepIntents::write(const Sending& sending, const AttemptIntent& intent) {
    OrderRecord& order = sending.claimed.order;
    const auto most = intent.reserved_cents > 0 ? ceiling(order) : std::nullopt;
    const Written written = lane_.writes.write([&](LedgerWrite& w) {
        Written result;
        if (makes_contact(sending.step)) {
            const auto answer =
                w.reserve_contact(fingerprint_of(sending.context.arguments), order.id);
            if (const auto* other = std::get_if<LedgerWrite::ContactElsewhere>(&answer)) {
                result.elsewhere = other->order;
                return result;
            }
            if (const auto* known = std::get_if<LedgerWrite::ContactKnown>(&answer)) {
                result.contact = *known;
                return result;
            }
        }
        result.attempt = w.begin_attempt(sending.claimed.claim, intent, most);
        return result;
    });
    if (written.attempt) {
        ++sending.step.tries;
        note_begun(order, sending.step, *written.attempt, intent, lane_.run.id());
        order.state = OrderState::in_progress;
        order.keeps_domain = true;
    }
    return written;
}

Next StepIntents::give_way(ClaimedOrder& claimed, const StepRecord& step, OrderId other) {
    const std::string number = std::to_string(other);
    if (step.phase == StepPhase::after) {
        lane_.orders.move(claimed, after_open_end(claimed.order, step,
                                                  step.note + "; given up for order " + number +
                                                      ", begun since for the domain"));
        return Next::go_on;
    }
    lane_.orders.move(
        claimed, still(claimed.order,
                       "waits for order " + number + ", which is not ended, for the same domain"));
    return Next::stop;
}

// What the question was answered is no answer to the step: the attempt has no code.
void StepIntents::note_unanswered_question(ClaimedOrder& claimed, StepRecord& step,
                                           const std::string& words) {
    AttemptIntent intent;
    intent.position = step.position;
    intent.at = lane_.clock.now();
    const TryLater unsent{TryLater::Why::session_dead, "", words};
    const AttemptEnd end = end_of(unsent, intent.at);
    try {
        OrderMove next;
        lane_.writes.write([&](LedgerWrite& w) {
            const AttemptId attempt = w.begin_attempt(claimed.claim, intent, std::nullopt);
            ++step.tries;
            note_begun(claimed.order, step, attempt, intent, lane_.run.id());
            note_ended(claimed.order, attempt, end);
            next = after_answer(claimed.order, step, unsent, intent.at.utc);
            next = w.finish_attempt(claimed.claim, attempt, end, next);
        });
        apply(next, claimed.order);
    } catch (const SendingHeld& held) {
        lane_.rules.stop_for_hold(held.what());
    } catch (const DomainBusy& busy) {
        give_way(claimed, step, busy.other());
    }
}

std::optional<SpendCeiling> StepIntents::ceiling(const OrderRecord& order) const {
    const auto& most = lane_.settings.max_spend_per_day;
    if (!most) {
        throw CeilingReached(
            "limits.max_spend_per_day is not set, and this order costs money; add for example "
            "`limits: { max_spend_per_day: 500 EUR }` to the settings");
    }
    if (order.price && order.price->currency != most->currency) {
        throw CeilingReached("limits.max_spend_per_day is " + to_text(*most) +
                             ", but the account pays in " + order.price->currency);
    }
    const auto today = std::chrono::floor<std::chrono::days>(lane_.clock.now().utc);
    return SpendCeiling{most->cents, today};
}

}  // namespace domspool
