#include "workflow/moves/answer_moves.h"

#include "registrar/trouble.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"

#include <algorithm>

namespace domspool {

namespace {

std::string words_of(const std::string& code, const std::string& text) {
    if (code.empty() || text.find(code) != std::string::npos) return text;
    return code + ": " + text;
}

std::string words_of(const Refused& refused) {
    return words_of(refused.code, refused.text);
}

OrderMove after_refusal(const OrderRecord& order, const StepRecord& step, const Refused& refused,
                        UtcTime now) {
    OrderMove move;
    if (is_only_for_now(order, step, refused)) {
        move = move_of_step(step, OrderState::accepted, StepState::planned);
        move.keeps_domain = false;
        move.reason = step.function + " is not possible for now: " + words_of(refused);
    } else if (step.phase != StepPhase::after) {
        move = move_of_step(step, OrderState::failed, StepState::failed);
        move.reason = step.function + " was refused: " + words_of(refused);
    } else if (step.tries >= kFollowUpTries || was_sent_again(order, step)) {
        move = after_open_end(order, step, words_of(refused));
    } else {
        move = move_of_step(step, state_with(order, step.position, StepState::planned),
                            StepState::planned);
        move.reason = step.function + " was refused and is tried again: " + words_of(refused);
        move.due_at = now + pause_after(step.tries);
        move.keeps_domain = !is_all_tried(order, step);
    }
    move.step_note = words_of(refused);
    move.code = refused.code;
    move.message = refused.text;
    return move;
}

// Its first sending may have been executed, and a third one is a person's affair.
OrderMove held_sent_out(const OrderRecord& order, const StepRecord& step, const TryLater& later) {
    OrderMove move = move_of_step(step, OrderState::held, StepState::planned);
    move.held_for = HeldFor::doubt;
    move.reason = step.function + " was sent again after a doubt and not executed again, " +
                  answers_of(order, step.position) +
                  "; look at the registrar, then `domain-orders release " +
                  std::to_string(order.id) + "` sends it once more, or `resolve` ends it";
    move.step_note = "not sent: " + later.text;
    return move;
}

// The attempt's end stands among the order's attempts.
OrderMove after_try_later(const OrderRecord& order, const StepRecord& step, const TryLater& later,
                          UtcTime now) {
    if (is_sent_out(order, step)) return held_sent_out(order, step, later);
    if (step.phase == StepPhase::after && step.tries >= kFollowUpTries &&
        later.why == TryLater::Why::session_dead) {
        return after_open_end(order, step, "not sent: " + later.text);
    }
    const bool untouched = step.phase != StepPhase::after && !may_have_changed_domain(order);
    OrderMove move = move_of_step(step, untouched ? OrderState::accepted : OrderState::in_progress,
                                  StepState::planned);
    move.keeps_domain = !untouched;
    move.reason = "not sent: " + later.text;
    move.step_note = move.reason;
    if (step.phase == StepPhase::after) {
        move.state = state_with(order, step.position, StepState::planned);
        const bool is_counted = later.why == TryLater::Why::session_dead;
        move.due_at = now + pause_after(is_counted ? step.tries : 1);
        const bool is_in_the_way = was_in_doubt(order, step) || !is_all_tried(order, step);
        if (is_counted) move.keeps_domain = is_in_the_way;
    }
    return move;
}

OrderMove after_done(const OrderRecord& order, const StepRecord& step, const Done& done) {
    const bool is_unknown = step.phase == StepPhase::main && !done.operation;
    const std::string note =
        is_unknown ? kIdUnknown + (done.message.empty() ? "" : ": " + done.message) : "";
    OrderMove move = after_step_ended(order, step, StepState::done, done.value, note,
                                      is_unknown ? Evidence::id_unknown : Evidence::reply);
    move.message = done.message;
    return move;
}

// Whether it was sent, and how it came out, is another matter: a person here wished it.
bool is_asked_to_cancel(const OrderRecord& order) {
    return std::ranges::any_of(order.steps,
                               [](const StepRecord& step) { return step.function == kCancelling; });
}

OrderMove cancelling_ended(const OrderRecord& order, const StepRecord& step, StepState state,
                           const std::string& note) {
    OrderMove move = move_of_step(step, state_with(order, step.position, state), state);
    move.reason = move.step_note = note;
    if (!step.arguments.contains(kHeldForArgument)) return move;
    const std::string& cause = field_of(step.arguments, kHeldForArgument);
    const std::string& reason = field_of(step.arguments, kHeldReasonArgument);
    // Before version 4 the cause was told in words only.
    const bool is_earlier = !step.arguments.contains(kHeldReasonArgument);
    move.state = OrderState::held;
    move.held_for = held_for_of(cause).value_or(HeldFor::earlier);
    move.reason = is_earlier ? cause : reason;
    return move;
}

std::string evidence_in(const Outcome& outcome) {
    const auto* unproven = std::get_if<Unproven>(&outcome);
    return unproven ? words_of(unproven->code, unproven->text)
                    : std::get<InDoubt>(outcome).evidence;
}

// No answer to it ends the order: what queryOpe says of the operation does.
OrderMove after_cancelling(const OrderRecord& order, const StepRecord& step,
                           const Outcome& outcome) {
    const std::string operation = "operation " + field_of(step.arguments, "operation");
    if (std::holds_alternative<Done>(outcome) || std::holds_alternative<Pending>(outcome)) {
        return cancelling_ended(order, step, StepState::done,
                                "the registrar was asked to cancel " + operation);
    }
    if (const auto* refused = std::get_if<Refused>(&outcome)) {
        return cancelling_ended(order, step, StepState::failed,
                                operation + " was not cancelled: " + words_of(*refused));
    }
    if (const auto* later = std::get_if<TryLater>(&outcome)) {
        return cancelling_ended(order, step, StepState::skipped,
                                "the cancelling of " + operation + " was not sent: " + later->text);
    }
    OrderMove move = move_of_step(step, OrderState::in_doubt, StepState::in_doubt);
    move.step_note = evidence_in(outcome);
    move.reason = "whether " + operation + " is being cancelled is not known: " + move.step_note;
    return move;
}

}  // namespace

// Only what a status says is certain; a fault in such words is looked for first (doubt/doubt.cpp).
bool is_only_for_now(const OrderRecord& order, const StepRecord& step, const Outcome& outcome) {
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused == nullptr || refused->operation || step.phase == StepPhase::after) return false;
    const Trouble trouble = trouble_of(outcome);
    return trouble.is_known && trouble.length == Length::moment && !may_have_changed_domain(order);
}

AttemptEnd end_of(const Outcome& outcome, const Moment& at) {
    AttemptEnd end;
    end.at = at;
    if (const auto* done = std::get_if<Done>(&outcome)) {
        end.outcome = AttemptOutcome::done;
        end.operation = done->operation;
        end.status = "Done";
        end.text = done->message;
    } else if (const auto* pending = std::get_if<Pending>(&outcome)) {
        end.outcome = AttemptOutcome::pending;
        end.operation = pending->operation;
        end.status = pending->status;
        end.text = pending->message;
    } else if (const auto* refused = std::get_if<Refused>(&outcome)) {
        end.outcome = AttemptOutcome::refused;
        end.operation = refused->operation;
        end.code = refused->code;
        end.text = refused->text;
    } else if (const auto* later = std::get_if<TryLater>(&outcome)) {
        end.outcome = AttemptOutcome::try_later;
        end.code = later->code;
        end.text = later->text;
    } else if (const auto* unproven = std::get_if<Unproven>(&outcome)) {
        end.outcome = AttemptOutcome::in_doubt;
        end.is_unproven = true;
        end.code = unproven->code;
        end.text = unproven->text;
    } else {
        end.outcome = AttemptOutcome::in_doubt;
        end.text = std::get<InDoubt>(outcome).evidence;
    }
    return end;
}

OrderMove after_answer(const OrderRecord& order, const StepRecord& step, const Outcome& outcome,
                       UtcTime now) {
    if (step.function == kCancelling) return after_cancelling(order, step, outcome);
    if (const auto* done = std::get_if<Done>(&outcome)) return after_done(order, step, *done);
    if (const auto* pending = std::get_if<Pending>(&outcome)) {
        OrderMove move = move_of_step(step, OrderState::waiting, StepState::waiting);
        move.reason =
            step.function + " is pending as operation " + std::to_string(pending->operation);
        if (!pending->message.empty()) move.message = pending->message;
        return move;
    }
    if (const auto* refused = std::get_if<Refused>(&outcome)) {
        return after_refusal(order, step, *refused, now);
    }
    if (const auto* later = std::get_if<TryLater>(&outcome)) {
        return after_try_later(order, step, *later, now);
    }
    OrderMove move = move_of_step(step, OrderState::in_doubt, StepState::in_doubt);
    move.step_note = evidence_in(outcome);
    move.reason = step.function + " was sent and its answer is not known: " + move.step_note;
    if (const auto* unproven = std::get_if<Unproven>(&outcome)) {
        move.reason = step.function + " may have been refused, or executed: " + move.step_note;
        move.code = unproven->code;
        move.message = unproven->text;
    }
    return move;
}

OrderMove after_operation_done(const OrderRecord& order, const StepRecord& step, OperationId id,
                               const std::string& message, UtcTime now) {
    OrderMove move = after_answer(order, step, Done{id, message, ""}, now);
    if (step.evidence == Evidence::adopted) {
        move.step_note = step.note;
        move.evidence = step.evidence;
    }
    if (order.state != OrderState::held || order.held_for == HeldFor::no_answer) return move;
    move.state = OrderState::held;
    move.held_for = order.held_for;
    move.keeps_domain = order.keeps_domain;
    move.reason = order.reason + "; operation " + std::to_string(id) + " is Done since";
    return move;
}

OrderMove after_cancelled(const StepRecord& step, const Refused& words, CancelledBy whom) {
    OrderMove move =
        move_of_step(step, OrderState::cancelled,
                     whom == CancelledBy::us ? StepState::failed : StepState::open_end);
    move.step_note = words_of(words);
    move.code = words.code;
    move.message = words.text;
    move.reason = whom == CancelledBy::us
                      ? "the operation was cancelled"
                      : "the operation was cancelled, and nobody here asked for it";
    if (!words.text.empty()) move.reason += ": " + words.text;
    return move;
}

OrderMove after_operation_failed(const OrderRecord& order, const StepRecord& step,
                                 const Refused& words, FinalStatus status, UtcTime now) {
    if (status == FinalStatus::cancelled && step.phase == StepPhase::main) {
        return after_cancelled(step, words,
                               is_asked_to_cancel(order) ? CancelledBy::us : CancelledBy::others);
    }
    OrderMove move = after_answer(order, step, words, now);
    if (order.state == OrderState::held && !is_end(move.state)) {
        move.state = OrderState::held;
        move.held_for = order.held_for;
        move.keeps_domain = order.keeps_domain;
        move.reason = order.reason;
    }
    return move;
}

}  // namespace domspool
