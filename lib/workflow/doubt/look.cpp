#include "workflow/doubt/look.h"

#include <algorithm>

namespace domspool {

namespace {

OperationId highest_before(const AttemptRecord& attempt) {
    const std::string& text = field_of(attempt.picture, "highest_operation");
    return text.empty() ? 0 : std::stoll(text);
}

std::string words_of_second(const Refused& refused) {
    const bool is_told = refused.text.find(refused.code) != std::string::npos;
    return is_told ? refused.text : refused.code + " " + refused.text;
}

const AttemptRecord* first_doubt(const OrderRecord& order, int position) {
    const auto first = std::find_if(
        order.attempts.begin(), order.attempts.end(), [&](const AttemptRecord& attempt) {
            return attempt.position == position && attempt.outcome == AttemptOutcome::in_doubt;
        });
    return first == order.attempts.end() ? nullptr : &*first;
}

SecondThought look_again(const AttemptRecord& first, const StepKind& kind,
                         const StepContext& context, const Refused& refused) {
    const std::string so_far =
        "the second sending was refused (" + words_of_second(refused) + ") and ";
    const OperationsFound found = operations_of(first, kind, context, context.queries.pending());
    if (!found.rows.empty()) {
        return {
            InDoubt{so_far + "operation " + std::to_string(found.rows.front().id) + " is pending"}};
    }
    const Observation seen = kind.look(context, first.picture);
    switch (seen.what) {
        case Observation::What::executed:
            return {Done{std::nullopt,
                         "the first sending was executed: " + seen.evidence +
                             " (the second: " + words_of_second(refused) + ")",
                         seen.result}};
        case Observation::What::nothing_there:
        case Observation::What::not_shown:
        case Observation::What::failed:
            if (!found.list_can_be_believed) break;
            return {refused, "the first sending got no answer (" + first.text +
                                 ") and was not executed: " + seen.evidence};
        case Observation::What::under_way:
        case Observation::What::inconclusive:
            break;
    }
    return {InDoubt{so_far + seen.evidence}};
}

}  // namespace

OperationsFound operations_of(const AttemptRecord& attempt, const StepKind& kind,
                              const StepContext& context, const PendingList& list) {
    const std::string target = operation_target(kind, context.order.domain, context.arguments);
    const OperationId highest = highest_before(attempt);
    OperationsFound found;
    found.list_can_be_believed = list.whole;
    for (const PendingRow& row : list.rows) {
        if (row.code.empty() && row.target && is_same_target(*row.target, target)) {
            found.list_can_be_believed = false;  // It may be this call, or another of the domain.
        }
        if (!operation_fits(row.code, kind, context.arguments)) continue;
        if (!row.target)
            found.list_can_be_believed = false;
        else if (is_same_target(*row.target, target) && row.id > highest &&
                 !context.ledger.owner_of(row.id))
            found.rows.push_back(row);
    }
    return found;
}

SecondThought second_thought(const OrderRecord& order, const StepKind& kind,
                             const StepContext& context, const Refused& refused) {
    const AttemptRecord* first = first_doubt(order, context.step.position);
    if (first == nullptr) return {refused};
    try {
        return look_again(*first, kind, context, refused);
    } catch (const QueryFailure& failure) {
        return {InDoubt{"the second sending was refused (" + words_of_second(refused) +
                        ") and the look after it failed: " + failure.what()},
                "", failure};
    }
}

}  // namespace domspool
