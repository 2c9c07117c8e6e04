#include "workflow/doubt/watched_word.h"

#include "util/failure.h"
#include "workflow/doubt/look.h"
#include "workflow/doubt/newer_order.h"
#include "workflow/moves/order_steps.h"
#include "workflow/steps/step_kinds.h"

#include <algorithm>

namespace domspool {

namespace {

// The step's first sending: its picture shows how things were before anything was done.
std::optional<AttemptRecord> first_attempt(const Ledger& ledger, const WatchedWord& word) {
    for (const AttemptRecord& attempt : ledger.attempts(word.order)) {
        if (attempt.position == word.position) return attempt;
    }
    return std::nullopt;
}

bool is_listed(const PendingList& list, OperationId operation) {
    return std::any_of(list.rows.begin(), list.rows.end(),
                       [&](const PendingRow& row) { return row.id == operation; });
}

WordCheck compare_observation(Word word, const Observation& seen) {
    const bool says_done = word == Word::done;
    switch (seen.what) {
        case Observation::What::executed:
            return {says_done ? WordCheck::What::over : WordCheck::What::contradicted,
                    seen.evidence};
        case Observation::What::under_way:
            return {says_done ? WordCheck::What::nothing_new : WordCheck::What::contradicted,
                    seen.evidence};
        case Observation::What::failed:
        case Observation::What::nothing_there:
            return {says_done ? WordCheck::What::contradicted : WordCheck::What::nothing_new,
                    seen.evidence};
        case Observation::What::not_shown:
        case Observation::What::inconclusive:
            return {WordCheck::What::nothing_new, seen.evidence};
    }
    our_bug("an observation without a name", __FILE__, __LINE__);
}

}  // namespace

bool is_word_to_be_looked_at(const Ledger& ledger, UtcTime now) {
    const auto words = ledger.watched_words();
    return std::any_of(words.begin(), words.end(),
                       [&](const WatchedWord& word) { return word.look_due <= now; });
}

WordCheck compare_word(const WatchedWord& word, const PendingList& list, const WordParts& parts) {
    const OrderRecord order = parts.ledger.order(word.order);
    if (parts.now - word.at > kWordsWatched || newer_order_has_begun(parts.ledger, order)) {
        return {WordCheck::What::over, ""};
    }
    const auto attempt = first_attempt(parts.ledger, word);
    const ReadOrder read = read_order(order.kind, order.fields);
    const StepKind* kind = attempt ? step_kind(attempt->function) : nullptr;
    if (kind == nullptr || !read.order) return {WordCheck::What::over, ""};
    const StepRecord& step = order.steps.at(static_cast<std::size_t>(word.position) - 1);
    if (step.operation && is_listed(list, *step.operation)) {
        return {WordCheck::What::contradicted,
                "operation " + std::to_string(*step.operation) + " is still pending"};
    }
    const FieldMap arguments = resolved(step.arguments, order.steps);
    const StepContext context{*read.order,   step,        arguments,
                              parts.queries, parts.cache, parts.ledger};
    const OperationsFound found = operations_of(*attempt, *kind, context, list);
    if (!found.rows.empty()) {
        return {WordCheck::What::contradicted,
                "operation " + std::to_string(found.rows.front().id) + " is pending for it"};
    }
    if (word.look_due > parts.now) return {};
    return compare_observation(word.word, kind->look(context, attempt->picture));
}

}  // namespace domspool
