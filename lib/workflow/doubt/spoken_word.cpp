#include "workflow/doubt/spoken_word.h"

#include "util/failure.h"
#include "workflow/doubt/look.h"
#include "workflow/doubt/newer_order.h"
#include "workflow/moves/order_steps.h"
#include "workflow/steps/step_kinds.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr const char* kSpokenWord = "spoken_word";
constexpr const char* kDone = "done";
constexpr const char* kFailed = "failed";

std::optional<SpokenWord> word_in(const std::string& key, const FieldMap& fields) {
    const auto at = from_iso(field_of(fields, "at"));
    const auto look_due = from_iso(field_of(fields, "look_due"));
    if (!at || !look_due) return std::nullopt;  // Forgotten.
    SpokenWord word;
    word.order = std::stoll(key);
    word.position = std::stoi(field_of(fields, "position"));
    word.word = field_of(fields, "word") == kDone ? Word::done : Word::failed;
    word.said = field_of(fields, "said");
    word.at = *at;
    word.look_due = *look_due;
    return word;
}

// The step's first sending: its picture shows how things were before anything was done.
std::optional<AttemptRecord> first_attempt(const Ledger& ledger, const SpokenWord& word) {
    for (const AttemptRecord& attempt : ledger.attempts(word.order)) {
        if (attempt.position == word.position) return attempt;
    }
    return std::nullopt;
}

bool is_listed(const PendingList& list, OperationId operation) {
    return std::any_of(list.rows.begin(), list.rows.end(),
                       [&](const PendingRow& row) { return row.id == operation; });
}

WordCheck compare_sighting(Word word, const Sighting& seen) {
    const bool says_done = word == Word::done;
    switch (seen.what) {
        case Sighting::What::executed:
            return {says_done ? WordCheck::What::over : WordCheck::What::contradicted,
                    seen.evidence};
        case Sighting::What::under_way:
            return {says_done ? WordCheck::What::nothing_new : WordCheck::What::contradicted,
                    seen.evidence};
        case Sighting::What::failed:
        case Sighting::What::nothing_there:
            return {says_done ? WordCheck::What::contradicted : WordCheck::What::nothing_new,
                    seen.evidence};
        case Sighting::What::not_shown:
        case Sighting::What::inconclusive:
            return {WordCheck::What::nothing_new, seen.evidence};
    }
    our_bug("a sighting without a name", __FILE__, __LINE__);
}

}  // namespace

void remember_word(LedgerWrite& w, const SpokenWord& word, UtcTime now) {
    w.remember(kSpokenWord, std::to_string(word.order),
               {{"position", std::to_string(word.position)},
                {"word", word.word == Word::done ? kDone : kFailed},
                {"said", word.said},
                {"at", to_iso(word.at)},
                {"look_due", to_iso(word.look_due)}},
               now);
}

void forget_word(LedgerWrite& w, OrderId order, UtcTime now) {
    w.remember(kSpokenWord, std::to_string(order), {}, now);
}

std::vector<SpokenWord> words_watched(const Ledger& ledger) {
    std::vector<SpokenWord> words;
    for (const auto& [key, fields] : ledger.recall_all(kSpokenWord)) {
        if (auto word = word_in(key, fields)) words.push_back(std::move(*word));
    }
    return words;
}

bool is_word_to_be_looked_at(const Ledger& ledger, UtcTime now) {
    const auto words = words_watched(ledger);
    return std::any_of(words.begin(), words.end(),
                       [&](const SpokenWord& word) { return word.look_due <= now; });
}

WordCheck compare_word(const SpokenWord& word, const PendingList& list, const WordParts& parts) {
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
    const StepContext context{*read.order,     step,        arguments, parts.view,
                              parts.knowledge, parts.ledger};
    const OperationsFound found = operations_of(*attempt, *kind, context, list);
    if (!found.rows.empty()) {
        return {WordCheck::What::contradicted,
                "operation " + std::to_string(found.rows.front().id) + " is pending for it"};
    }
    if (word.look_due > parts.now) return {};
    return compare_sighting(word.word, kind->look(context, attempt->picture));
}

}  // namespace domspool
