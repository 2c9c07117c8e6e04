#include "workflow/moves/order_moves.h"

#include "workflow/moves/executed.h"
#include "workflow/moves/order_steps.h"
#include "workflow/moves/plan_builder.h"

#include <algorithm>

namespace domspool {

namespace {

// What an order that is done after this move still says: that its operation is not known, what
// differs, its open ends.
std::string closing_words(OrderRecord order, const OrderMove& move) {
    apply(move, order);
    std::string words;
    const auto add = [&](const std::string& text) { words += (words.empty() ? "" : "; ") + text; };
    for (const StepRecord& step : order.steps) {
        if (step.evidence == Evidence::id_unknown) add(step.note);
        if (shows_differences(step)) {
            add((step.result == kNotInAccount ? "" : "differs in ") + step.note);
        } else if (step.state == StepState::open_end) {
            add(step.function + " is an open end: " + step.note);
        }
    }
    return words;
}

bool has_follow_ups(const OrderRecord& order) {
    return std::any_of(order.steps.begin(), order.steps.end(), [](const StepRecord& step) {
        return step.phase == StepPhase::after && step.function != kReadBack;
    });
}

}  // namespace

OrderMove move_of_step(const StepRecord& step, OrderState order_state, StepState step_state) {
    OrderMove move;
    move.state = order_state;
    move.position = step.position;
    move.step_state = step_state;
    move.keeps_domain = !is_end(order_state);
    return move;
}

std::chrono::minutes pause_after(int tries) {
    return std::chrono::minutes(10) * (1 << std::clamp(tries - 1, 0, 8));
}

OrderMove after_step_ended(const OrderRecord& order, const StepRecord& step, StepState state,
                           const std::string& result, const std::string& note, Evidence evidence) {
    OrderMove move = move_of_step(step, state_with(order, step.position, state), state);
    if (step.phase == StepPhase::before &&
        (state == StepState::skipped || only_asks(step.function))) {
        // A contact that is known begins nothing: the order stays as it is.
        move.state = order.state;
        move.held_for = order.held_for;
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
    move.evidence = evidence;
    if (is_end(move.state) && move.reason.empty()) move.reason = closing_words(order, move);
    return move;
}

OrderMove after_open_end(const OrderRecord& order, const StepRecord& step,
                         const std::string& note) {
    OrderMove move = move_of_step(step, state_with(order, step.position, StepState::open_end),
                                  StepState::open_end);
    move.step_note = note;
    if (is_end(move.state)) move.reason = closing_words(order, move);
    return move;
}

OrderMove after_reading_back(const OrderRecord& order, const StepRecord& step,
                             const Differences& seen) {
    const StepState state = seen.fields.empty() ? StepState::done : StepState::open_end;
    OrderMove move = move_of_step(step, state_with(order, step.position, state), state);
    move.step_result = seen.fields;
    move.step_note = seen.words;
    if (seen.fields.empty() && !seen.words.empty()) move.evidence = Evidence::partly_shown;
    if (is_end(move.state)) move.reason = closing_words(order, move);
    return move;
}

OrderMove as_its_steps_say(const OrderRecord& order) {
    OrderMove move;
    move.keeps_domain = order.keeps_domain || may_have_changed_domain(order);
    const StepRecord* main_step = main_step_of(order);
    const bool nothing_begun =
        main_step == nullptr || (main_step->state == StepState::planned && !move.keeps_domain);
    move.state = nothing_begun ? OrderState::accepted : state_with(order, 0, StepState::planned);
    if (is_end(move.state)) {
        move.keeps_domain = false;
        move.reason = closing_words(order, move);
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

OrderMove skipped(const std::string& reason) {
    OrderMove move;
    move.state = OrderState::skipped;
    move.reason = reason;
    move.keeps_domain = false;
    return move;
}

OrderMove still(const OrderRecord& order, const std::string& reason) {
    OrderMove move;
    move.state = order.state;
    move.held_for = order.held_for;
    move.reason = reason;
    move.keeps_domain = order.keeps_domain;
    return move;
}

OrderMove later_again(const OrderRecord& order, const StepRecord& step, WaitsFor what,
                      UtcTime since, const std::string& note, UtcTime now) {
    OrderMove move = move_of_step(step, order.state, StepState::planned);
    move.keeps_domain = order.keeps_domain;
    move.held_for = order.held_for;
    move.reason = order.reason;
    move.step_note = note;
    move.waits_for = what;
    move.since = since;
    move.due_at = now + pause_after(1);
    return move;
}

OrderMove held(const OrderRecord& order, HeldFor cause, const std::string& reason) {
    OrderMove move;
    move.state = OrderState::held;
    move.held_for = cause;
    move.reason = reason;
    move.keeps_domain = order.keeps_domain;
    return move;
}

void apply(const OrderMove& move, OrderRecord& order) {
    order.state = move.state;
    order.held_for = move.held_for;
    order.reason = move.reason;
    order.keeps_domain = move.keeps_domain;
    if (!move.code.empty()) order.code = move.code;
    if (!move.message.empty()) order.message = move.message;
    for (StepRecord& step : order.steps) {
        if (step.position != move.position) continue;
        step.state = move.step_state;
        step.note = move.step_note;
        step.evidence = move.evidence;
        step.waits_for = move.waits_for;
        step.since = move.since;
        step.due_at = move.due_at;
        if (!move.step_result.empty()) step.result = move.step_result;
    }
}

}  // namespace domspool
