// What a person said of a step whose answer was not known. It is believed, and watched for a while:
// pending-check reports what contradicts it (SAFETY, "Decisions by a person").
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/moves/decision_moves.h"
#include "workflow/steps/answer_cache.h"

#include <chrono>
#include <string>
#include <vector>

namespace domspool {

inline constexpr auto kWordsWatched = std::chrono::hours(24 * 30);
// The list of pending operations is compared in each pass; what the registrar shows is asked for at
// once and then so often.
inline constexpr auto kWordLooks = std::chrono::hours(24);

// Whether a look is due for one of them.
bool is_word_to_be_looked_at(const Ledger& ledger, UtcTime now);

struct WordParts {
    const Ledger& ledger;
    RegistrarQueries& queries;
    AnswerCache& cache;
    UtcTime now;
};

struct WordCheck {
    enum class What {
        nothing_new,
        over,  // confirmed, too old, or a newer order of the domain has begun
        contradicted,
    };
    What what = What::nothing_new;
    std::string evidence;
};
// Asks at most once, and only when a look is due. QueryFailure: nothing can be said.
WordCheck compare_word(const WatchedWord& word, const PendingList& list, const WordParts& parts);

}  // namespace domspool
