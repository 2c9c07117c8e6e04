// A registration with its plan as records: a contact, the main step, the read-back, one preference.
#pragma once

#include "workflow/moves.h"
#include "workflow/plan_builder.h"

#include <string>

namespace domspool::test {

inline StepRecord step(int position, StepPhase phase, const std::string& function,
                       StepState state) {
    StepRecord record;
    record.position = position;
    record.phase = phase;
    record.function = function;
    record.state = state;
    record.tries = 1;
    return record;
}

// In progress, its contact made, its main step as told.
inline OrderRecord registration(StepState main_state) {
    OrderRecord order{.domain = DomainName::from_stored("example.com")};
    order.id = 7;
    order.state = OrderState::in_progress;
    order.keeps_domain = true;
    order.steps = {step(1, StepPhase::before, "contactCreate", StepState::done),
                   step(2, StepPhase::main, "domainCreate", main_state),
                   step(3, StepPhase::after, kReadBack, StepState::planned),
                   step(4, StepPhase::after, "domainSetPreference", StepState::planned)};
    return order;
}

inline OrderRecord after(OrderRecord order, const OrderMove& move) {
    apply(move, order);
    return order;
}

}  // namespace domspool::test
