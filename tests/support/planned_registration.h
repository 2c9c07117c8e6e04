// A registration with its plan as records: a contact, the main step, the read-back, one preference.
#pragma once

#include "workflow/moves/order_moves.h"
#include "workflow/moves/plan_builder.h"

#include <optional>
#include <string>

namespace domspool::test {

inline StepRecord step(int position, StepPhase phase, const std::string& function,
                       StepState state) {
    StepRecord record;
    record.position = position;
    record.phase = phase;
    record.function = function;
    record.state = state;
    return record;
}

// One sending of the step.
inline AttemptRecord attempt_of(const StepRecord& step, std::optional<AttemptOutcome> outcome) {
    AttemptRecord attempt;
    attempt.order = 7;
    attempt.position = step.position;
    attempt.function = step.function;
    attempt.outcome = outcome;
    return attempt;
}

inline AttemptOutcome outcome_behind(StepState state) {
    switch (state) {
        case StepState::done:
            return AttemptOutcome::done;
        case StepState::waiting:
            return AttemptOutcome::pending;
        case StepState::in_doubt:
            return AttemptOutcome::in_doubt;
        case StepState::failed:
        case StepState::open_end:
            return AttemptOutcome::refused;
        case StepState::planned:
        case StepState::skipped:
            break;
    }
    return AttemptOutcome::try_later;
}

// In progress, its contact made, its main step as told: sent once unless it is planned.
inline OrderRecord registration(StepState main_state) {
    OrderRecord order{.domain = DomainName::from_stored("example.com")};
    order.id = 7;
    order.state = OrderState::in_progress;
    order.keeps_domain = true;
    order.steps = {step(1, StepPhase::before, "contactCreate", StepState::done),
                   step(2, StepPhase::main, "domainCreate", main_state),
                   step(3, StepPhase::after, kReadBack, StepState::planned),
                   step(4, StepPhase::after, "domainSetPreference", StepState::planned)};
    for (StepRecord& each : order.steps) {
        const bool is_sent = each.state != StepState::planned;
        each.tries = is_sent ? 1 : 0;
        if (is_sent) order.attempts.push_back(attempt_of(each, outcome_behind(each.state)));
    }
    return order;
}

inline OrderRecord after(OrderRecord order, const OrderMove& move) {
    apply(move, order);
    return order;
}

}  // namespace domspool::test
