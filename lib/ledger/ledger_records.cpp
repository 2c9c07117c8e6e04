#include "ledger/ledger_records.h"

#include "util/failure.h"

#include <algorithm>

namespace domspool {

std::string_view to_word(StepPhase phase) {
    switch (phase) {
        case StepPhase::before:
            return "before";
        case StepPhase::main:
            return "main";
        case StepPhase::after:
            return "after";
    }
    our_bug("a phase without a name", __FILE__, __LINE__);
}

std::string_view to_word(StepState state) {
    switch (state) {
        case StepState::planned:
            return "planned";
        case StepState::waiting:
            return "waiting";
        case StepState::in_doubt:
            return "in_doubt";
        case StepState::done:
            return "done";
        case StepState::failed:
            return "failed";
        case StepState::open_end:
            return "open_end";
        case StepState::skipped:
            return "skipped";
    }
    our_bug("a step state without a name", __FILE__, __LINE__);
}

std::optional<StepState> step_state_of(std::string_view word) {
    using enum StepState;
    for (const StepState state : {planned, waiting, in_doubt, done, failed, open_end, skipped}) {
        if (to_word(state) == word) return state;
    }
    return std::nullopt;
}

bool is_cancelled_by_others(const OrderRecord& order) {
    return order.state == OrderState::cancelled &&
           std::ranges::any_of(order.steps, [](const StepRecord& step) {
               return step.phase == StepPhase::main && step.state == StepState::open_end;
           });
}

std::string_view to_word(AttemptOutcome outcome) {
    switch (outcome) {
        case AttemptOutcome::done:
            return "done";
        case AttemptOutcome::pending:
            return "pending";
        case AttemptOutcome::refused:
            return "refused";
        case AttemptOutcome::try_later:
            return "try_later";
        case AttemptOutcome::in_doubt:
            return "in_doubt";
    }
    our_bug("an outcome without a name", __FILE__, __LINE__);
}

std::string_view to_word(SameBy how) {
    switch (how) {
        case SameBy::number:
            return "number";
        case SameBy::reference:
            return "reference";
        case SameBy::file:
            return "file";
        case SameBy::likeness:
            return "likeness";
    }
    our_bug("a sameness without a name", __FILE__, __LINE__);
}

std::optional<SameBy> same_by_of(std::string_view word) {
    for (const SameBy how : {SameBy::number, SameBy::reference, SameBy::file, SameBy::likeness}) {
        if (to_word(how) == word) return how;
    }
    return std::nullopt;
}

}  // namespace domspool
