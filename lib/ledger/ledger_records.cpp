#include "ledger/ledger_records.h"

#include "util/failure.h"

#include <algorithm>
#include <array>
#include <utility>

namespace domspool {

namespace {

template <typename Value, std::size_t size>
using Words = std::array<std::pair<Value, std::string_view>, size>;

constexpr Words<StepPhase, 3> kPhases = {{
    {StepPhase::before, "before"},
    {StepPhase::main, "main"},
    {StepPhase::after, "after"},
}};

constexpr Words<StepState, 7> kStepStates = {{
    {StepState::planned, "planned"},
    {StepState::waiting, "waiting"},
    {StepState::in_doubt, "in_doubt"},
    {StepState::done, "done"},
    {StepState::failed, "failed"},
    {StepState::open_end, "open_end"},
    {StepState::skipped, "skipped"},
}};

constexpr Words<AttemptOutcome, 5> kOutcomes = {{
    {AttemptOutcome::done, "done"},
    {AttemptOutcome::pending, "pending"},
    {AttemptOutcome::refused, "refused"},
    {AttemptOutcome::try_later, "try_later"},
    {AttemptOutcome::in_doubt, "in_doubt"},
}};

constexpr Words<SameBy, 4> kSameBy = {{
    {SameBy::number, "number"},
    {SameBy::reference, "reference"},
    {SameBy::file, "file"},
    {SameBy::likeness, "likeness"},
}};

constexpr Words<Evidence, 4> kEvidence = {{
    {Evidence::reply, ""},
    {Evidence::adopted, "adopted"},
    {Evidence::id_unknown, "id_unknown"},
    {Evidence::partly_shown, "partly_shown"},
}};

constexpr Words<WaitsFor, 6> kWaitsFor = {{
    {WaitsFor::nothing, ""},
    {WaitsFor::answer, "answer"},
    {WaitsFor::no_ds, "no_ds"},
    {WaitsFor::forgotten_ds, "forgotten_ds"},
    {WaitsFor::zone_key, "zone_key"},
    {WaitsFor::shown, "shown"},
}};

constexpr Words<HeldFor, 12> kHeldFor = {{
    {HeldFor::nothing, ""},
    {HeldFor::person, "person"},
    {HeldFor::doubt, "doubt"},
    {HeldFor::no_answer, "no_answer"},
    {HeldFor::not_shown, "not_shown"},
    {HeldFor::contradiction, "contradiction"},
    {HeldFor::refusals, "refusals"},
    {HeldFor::restarted, "restarted"},
    {HeldFor::unsigned_domain, "unsigned_domain"},
    {HeldFor::checks, "checks"},
    {HeldFor::unreadable, "unreadable"},
    {HeldFor::earlier, "earlier"},
}};

template <typename Value, std::size_t size>
std::string_view word_in(const Words<Value, size>& words, Value value) {
    for (const auto& [each, word] : words) {
        if (each == value) return word;
    }
    our_bug("a value without a word", __FILE__, __LINE__);
}

template <typename Value, std::size_t size>
std::optional<Value> value_in(const Words<Value, size>& words, std::string_view word) {
    for (const auto& [each, its] : words) {
        if (its == word) return each;
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_word(StepPhase phase) {
    return word_in(kPhases, phase);
}

std::optional<StepPhase> step_phase_of(std::string_view word) {
    return value_in(kPhases, word);
}

std::string_view to_word(StepState state) {
    return word_in(kStepStates, state);
}

std::optional<StepState> step_state_of(std::string_view word) {
    return value_in(kStepStates, word);
}

std::string_view to_word(AttemptOutcome outcome) {
    return word_in(kOutcomes, outcome);
}

std::optional<AttemptOutcome> outcome_of(std::string_view word) {
    return value_in(kOutcomes, word);
}

std::string_view to_word(SameBy how) {
    return word_in(kSameBy, how);
}

std::optional<SameBy> same_by_of(std::string_view word) {
    return value_in(kSameBy, word);
}

std::string_view to_word(Evidence evidence) {
    return word_in(kEvidence, evidence);
}

std::optional<Evidence> evidence_of(std::string_view word) {
    return value_in(kEvidence, word);
}

std::string_view to_word(WaitsFor what) {
    return word_in(kWaitsFor, what);
}

std::optional<WaitsFor> waits_for_of(std::string_view word) {
    return value_in(kWaitsFor, word);
}

std::string_view to_word(HeldFor cause) {
    return word_in(kHeldFor, cause);
}

std::optional<HeldFor> held_for_of(std::string_view word) {
    return value_in(kHeldFor, word);
}

bool is_cancelled_by_others(const OrderRecord& order) {
    return order.state == OrderState::cancelled &&
           std::ranges::any_of(order.steps, [](const StepRecord& step) {
               return step.phase == StepPhase::main && step.state == StepState::open_end;
           });
}

}  // namespace domspool
