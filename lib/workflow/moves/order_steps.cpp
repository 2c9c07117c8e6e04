#include "workflow/moves/order_steps.h"

#include "util/failure.h"
#include "workflow/moves/plan_builder.h"

#include <algorithm>
#include <string_view>

namespace domspool {

namespace {

constexpr std::string_view kStepPrefix = "step:";

}  // namespace

StepRecord* next_step(OrderRecord& order, UtcTime now) {
    const StepRecord* main_step = main_step_of(order);
    const bool is_adopted = main_step != nullptr && main_step->evidence == Evidence::adopted;
    for (StepRecord& step : order.steps) {
        // An adopted operation counts only once it was read back; and what is not in the account
        // cannot be changed.
        const bool must_be_seen =
            step.function == kReadBack && (is_adopted || step.waits_for == WaitsFor::shown);
        const bool must_come_first = step.phase != StepPhase::after || must_be_seen;
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

const StepRecord* step_at(const OrderRecord& order, int position) {
    if (position < 1 || position > static_cast<int>(order.steps.size())) return nullptr;
    return &order.steps[static_cast<std::size_t>(position) - 1];
}

StepRecord& add_planned(std::vector<StepRecord>& steps, const PlannedStep& planned) {
    StepRecord record;
    record.position = static_cast<int>(steps.size()) + 1;
    record.phase = planned.phase;
    record.function = planned.function;
    record.arguments = planned.arguments;
    steps.push_back(std::move(record));
    return steps.back();
}

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

bool shows_differences(const StepRecord& step) {
    if (step.function != kReadBack) return false;
    return !step.result.empty() || step.evidence == Evidence::partly_shown;
}

bool is_all_tried(const OrderRecord& order, const StepRecord& retried) {
    return std::all_of(order.steps.begin(), order.steps.end(), [&](const StepRecord& step) {
        const bool was_tried = step.tries > 0 || step.waits_for == WaitsFor::zone_key;
        const bool is_to_be_retried = step.state == StepState::planned && was_tried;
        return step.position == retried.position || is_over(step.state) || is_to_be_retried;
    });
}

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

// Only where a plan writes them: elsewhere such words are the order's own text.
FieldMap resolved(const FieldMap& arguments, const std::vector<StepRecord>& steps) {
    FieldMap result = arguments;
    for (const char* role : {"owner", "admin", "tech", "billing", "idContact", "ttl"}) {
        const auto argument = result.find(role);
        if (argument == result.end() || !argument->second.starts_with(kStepPrefix)) continue;
        const auto position = std::stoul(argument->second.substr(kStepPrefix.size()));
        DOMSPOOL_ASSERT(position >= 1 && position <= steps.size());
        argument->second = steps[position - 1].result;
    }
    return result;
}

}  // namespace domspool
