#include "ledger/ledger_records.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("step states are written and read by the same words") {
    using enum StepState;
    for (const StepState state : {planned, waiting, in_doubt, done, failed, open_end, skipped}) {
        CHECK(step_state_of(to_word(state)) == state);
    }
    CHECK(to_word(open_end) == "open_end");
    CHECK_FALSE(step_state_of("open end"));
    CHECK_FALSE(step_state_of(""));
}

TEST_CASE("outcomes and phases have the words of the documents") {
    CHECK(to_word(AttemptOutcome::try_later) == "try_later");
    CHECK(to_word(AttemptOutcome::in_doubt) == "in_doubt");
    CHECK(to_word(AttemptOutcome::refused) == "refused");
    CHECK(to_word(StepPhase::before) == "before");
    CHECK(to_word(StepPhase::main) == "main");
    CHECK(to_word(StepPhase::after) == "after");
}
