#include "workflow/moves.h"

#include <algorithm>

#include "util/failure.h"
#include "workflow/plan_builder.h"

namespace domspool {

namespace {

bool is_over(StepState state) {
    switch (state) {
        case StepState::done:
        case StepState::failed:
        case StepState::open_end:
        case StepState::skipped:
            return true;
        case StepState::planned:
        case StepState::waiting:
        case StepState::in_doubt:
            return false;
    }
    our_bug("a step state without a name", __FILE__, __LINE__);
}

// The order's state once `ended` (its new state put in) is counted with the others.
OrderState state_with(const OrderRecord& order, int position, StepState state) {
    bool all_over = true, any_open_end = false, any_waiting = false, any_doubt = false;
    for (const StepRecord& step : order.steps) {
        const StepState its = step.position == position ? state : step.state;
        all_over = all_over && is_over(its);
        any_open_end = any_open_end || its == StepState::open_end;
        any_waiting = any_waiting || its == StepState::waiting;
        any_doubt = any_doubt || its == StepState::in_doubt;
    }
    if (any_doubt) return OrderState::in_doubt;
    if (any_waiting) return OrderState::waiting;
    if (!all_over) return OrderState::in_progress;
    return any_open_end ? OrderState::done_open_ends : OrderState::done;
}

std::chrono::minutes pause_after(int tries) {
    return std::chrono::minutes(10) * (1 << std::clamp(tries - 1, 0, 8));
}

std::string words_of(const Refused& refused) {
    if (refused.code.empty()) return refused.text;
    if (refused.text.find(refused.code) != std::string::npos) return refused.text;
    return refused.code + ": " + refused.text;
}

// What a done order still says: that its operation is not known, what differs, its open ends.
std::string closing_words(const OrderRecord& order, const StepRecord& last, StepState last_state,
                          const std::string& last_note) {
    std::string words;
    const auto add = [&](const std::string& text) { words += (words.empty() ? "" : "; ") + text; };
    for (const StepRecord& step : order.steps) {
        const bool is_last = step.position == last.position;
        const std::string& note = is_last ? last_note : step.note;
        const StepState state = is_last ? last_state : step.state;
        if (step.phase == StepPhase::main && note.rfind(kIdUnknown, 0) == 0) add(note);
        if (state == StepState::open_end)
            add(step.function + " is an open end: " + note);
        else if (step.function == kReadBack && !note.empty())
            add("differs in " + note);
    }
    return words;
}

OrderMove move_for(const StepRecord& step, OrderState order_state, StepState step_state) {
    OrderMove move;
    move.state = order_state;
    move.position = step.position;
    move.step_state = step_state;
    move.keeps_domain = !is_end(order_state);
    return move;
}

// A follow-up that waits for its next try leaves the domain to a newer order, unless something of
// the order was not tried yet.
bool is_all_tried(const OrderRecord& order, const StepRecord& retried) {
    return std::all_of(order.steps.begin(), order.steps.end(), [&](const StepRecord& step) {
        const bool is_to_be_retried = step.state == StepState::planned && step.tries > 0;
        return step.position == retried.position || is_over(step.state) || is_to_be_retried;
    });
}

bool has_follow_ups(const OrderRecord& order) {
    return std::any_of(order.steps.begin(), order.steps.end(), [](const StepRecord& step) {
        return step.phase == StepPhase::after && step.function != kReadBack;
    });
}

OrderMove after_refusal(const OrderRecord& order, const StepRecord& step, const Refused& refused,
                        UtcTime now) {
    OrderMove move;
    if (step.phase != StepPhase::after) {
        move = move_for(step, OrderState::failed, StepState::failed);
        move.reason = step.function + " was refused: " + words_of(refused);
    } else if (step.tries >= kFollowUpTries) {
        move = after_open_end(order, step, words_of(refused));
    } else {
        move = move_for(step, state_with(order, step.position, StepState::planned),
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

OrderMove after_try_later(const OrderRecord& order, const StepRecord& step, const TryLater& later,
                          UtcTime now) {
    if (step.phase == StepPhase::after && step.tries >= kFollowUpTries &&
        later.why == TryLater::Why::session_dead) {
        return after_open_end(order, step, "not sent: " + later.text);
    }
    const bool untouched = step.phase != StepPhase::after && !has_touched_domain(order);
    OrderMove move = move_for(step, untouched ? OrderState::accepted : OrderState::in_progress,
                              StepState::planned);
    move.keeps_domain = !untouched;
    move.reason = "not sent: " + later.text;
    move.step_note = move.reason;
    if (step.phase == StepPhase::after) {
        move.state = state_with(order, step.position, StepState::planned);
        const bool is_counted = later.why == TryLater::Why::session_dead;
        move.due_at = now + pause_after(is_counted ? step.tries : 1);
        if (is_counted) move.keeps_domain = !is_all_tried(order, step);
    }
    return move;
}

OrderMove after_done(const OrderRecord& order, const StepRecord& step, const Done& done) {
    std::string note;
    if (step.phase == StepPhase::main && !done.operation) {
        note = kIdUnknown + (done.message.empty() ? "" : ": " + done.message);
    }
    OrderMove move = after_step_ended(order, step, StepState::done, done.value, note);
    move.message = done.message;
    return move;
}

OrderMove cancelling_ended(const OrderRecord& order, const StepRecord& step, StepState state,
                           const std::string& note) {
    OrderMove move = move_for(step, state_with(order, step.position, state), state);
    const std::string& held_for = field_of(step.arguments, kHeldFor);
    if (!held_for.empty()) move.state = OrderState::held;
    move.reason = held_for.empty() ? note : held_for;
    move.step_note = note;
    return move;
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
    OrderMove move = move_for(step, OrderState::in_doubt, StepState::in_doubt);
    move.step_note = std::get<InDoubt>(outcome).evidence;
    move.reason =
        "whether " + operation + " was asked to be cancelled is not known: " + move.step_note;
    return move;
}

}  // namespace

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
        OrderMove move = move_for(step, OrderState::waiting, StepState::waiting);
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
    OrderMove move = move_for(step, OrderState::in_doubt, StepState::in_doubt);
    move.reason = step.function +
                  " was sent and its answer is not known: " + std::get<InDoubt>(outcome).evidence;
    move.step_note = std::get<InDoubt>(outcome).evidence;
    return move;
}

OrderMove after_operation_done(const OrderRecord& order, const StepRecord& step, OperationId id,
                               const std::string& message, UtcTime now) {
    OrderMove move = after_answer(order, step, Done{id, message, ""}, now);
    if (step.note.rfind(kAdopted, 0) == 0) move.step_note = step.note;
    if (order.state != OrderState::held || order.reason.rfind(kNoAnswer, 0) == 0) return move;
    move.state = OrderState::held;
    move.keeps_domain = order.keeps_domain;
    move.reason = order.reason + "; operation " + std::to_string(id) + " is Done since";
    return move;
}

OrderMove after_operation_failed(const OrderRecord& order, const StepRecord& step,
                                 const Refused& words, FinalStatus status, UtcTime now) {
    OrderMove move = after_answer(order, step, words, now);
    if (status == FinalStatus::cancelled && step.phase == StepPhase::main) {
        move.state = OrderState::cancelled;
        move.reason = "the operation was cancelled: " + words.text;
    }
    if (order.state == OrderState::held && !is_end(move.state)) {
        move.state = OrderState::held;
        move.keeps_domain = order.keeps_domain;
        move.reason = order.reason;
    }
    return move;
}

OrderMove after_step_ended(const OrderRecord& order, const StepRecord& step, StepState state,
                           const std::string& result, const std::string& note) {
    OrderMove move = move_for(step, state_with(order, step.position, state), state);
    if (step.phase == StepPhase::before &&
        (state == StepState::skipped || only_asks(step.function))) {
        // A contact that is known begins nothing: the order stays as it is.
        move.state = order.state;
        move.keeps_domain = order.keeps_domain;
    }
    const bool is_main_skipped = step.phase == StepPhase::main && state == StepState::skipped;
    if (is_main_skipped && order.state == OrderState::accepted && !has_follow_ups(order)) {
        move.state = OrderState::skipped;
        move.reason = note;
        move.keeps_domain = false;
    }
    move.step_result = result;
    move.step_note = note;
    if (is_end(move.state) && move.reason.empty()) {
        move.reason = closing_words(order, step, state, note);
    }
    return move;
}

OrderMove after_open_end(const OrderRecord& order, const StepRecord& step,
                         const std::string& note) {
    OrderMove move =
        move_for(step, state_with(order, step.position, StepState::open_end), StepState::open_end);
    move.step_note = note;
    if (is_end(move.state)) {
        move.reason = closing_words(order, step, StepState::open_end, note);
    }
    return move;
}

OrderMove as_its_steps_say(const OrderRecord& order) {
    OrderMove move;
    move.keeps_domain = order.keeps_domain;
    const StepRecord* main_step = main_step_of(order);
    const bool nothing_begun =
        main_step == nullptr || (main_step->state == StepState::planned && !order.keeps_domain);
    move.state = nothing_begun ? OrderState::accepted : state_with(order, 0, StepState::planned);
    if (is_end(move.state)) {
        const StepRecord& last = order.steps.back();
        move.keeps_domain = false;
        move.reason = closing_words(order, last, last.state, last.note);
    }
    return move;
}

OrderMove failed_before_sending(const std::string& code, const std::string& reason) {
    OrderMove move;
    move.state = OrderState::failed;
    move.reason = reason;
    move.keeps_domain = false;
    move.code = code;
    return move;
}

OrderMove still(const OrderRecord& order, const std::string& reason) {
    OrderMove move;
    move.state = order.state;
    move.reason = reason;
    move.keeps_domain = order.keeps_domain;
    return move;
}

OrderMove later_again(const OrderRecord& order, const StepRecord& step, const std::string& note,
                      UtcTime now) {
    OrderMove move = move_for(step, order.state, StepState::planned);
    move.keeps_domain = order.keeps_domain;
    move.reason = order.reason;
    move.step_note = note;
    move.due_at = now + pause_after(1);
    return move;
}

OrderMove held(const OrderRecord& order, const std::string& reason) {
    OrderMove move;
    move.state = OrderState::held;
    move.reason = reason;
    move.keeps_domain = order.keeps_domain;
    return move;
}

void apply(const OrderMove& move, OrderRecord& order) {
    order.state = move.state;
    order.reason = move.reason;
    order.keeps_domain = move.keeps_domain;
    if (!move.code.empty()) order.code = move.code;
    if (!move.message.empty()) order.message = move.message;
    for (StepRecord& step : order.steps) {
        if (step.position != move.position) continue;
        step.state = move.step_state;
        step.note = move.step_note;
        step.due_at = move.due_at;
        if (!move.step_result.empty()) step.result = move.step_result;
    }
}

StepRecord* next_step(OrderRecord& order, UtcTime now) {
    const StepRecord* main_step = main_step_of(order);
    const bool is_adopted = main_step != nullptr && main_step->note.rfind(kAdopted, 0) == 0;
    for (StepRecord& step : order.steps) {
        // An adopted operation counts only once it was read back.
        const bool must_come_first =
            step.phase != StepPhase::after || (is_adopted && step.function == kReadBack);
        const bool stands_in_the_way = must_come_first && !is_over(step.state);
        if (step.state == StepState::planned && (!step.due_at || *step.due_at <= now)) {
            return &step;
        }
        if (stands_in_the_way) return nullptr;
        // A failed follow-up does not stop the others; a domain takes one change at a time, though.
        if (step.state == StepState::waiting || step.state == StepState::in_doubt) return nullptr;
    }
    return nullptr;
}

const StepRecord* main_step_of(const OrderRecord& order) {
    for (const StepRecord& step : order.steps) {
        if (step.phase == StepPhase::main) return &step;
    }
    return nullptr;
}

bool is_main_done(const OrderRecord& order) {
    const StepRecord* step = main_step_of(order);
    return step != nullptr && (step->state == StepState::done || step->state == StepState::skipped);
}

bool has_touched_domain(const OrderRecord& order) {
    return std::any_of(order.steps.begin(), order.steps.end(), [](const StepRecord& step) {
        if (step.phase != StepPhase::before) return is_over(step.state);
        return step.function.starts_with("domain") && step.state == StepState::done;
    });
}

}  // namespace domspool
