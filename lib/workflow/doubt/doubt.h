// Settles a doubt: what was sent and not answered is looked for, never sent again before looking
// (SAFETY, "Doubts").
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/steps/answer_cache.h"

#include <chrono>
#include <string>
#include <vector>

namespace domspool {

struct DoubtSettings {
    std::chrono::seconds longest_call{60};  // an attempt younger than this may still be executed
    std::chrono::seconds look_gap{600};     // between the two looks a second sending needs
};

enum class Settlement {
    not_yet,      // too young, no look possible, or one more look is needed
    adopted,      // an operation was found: it is pending
    done,         // the registrar shows what was ordered
    failed,       // it shows that it went wrong, or that an answer without proof was a refusal
    may_be_sent,  // not executed: the step is planned again
    held,         // a person must decide
};

// What was answered by a code that proves nothing is sent again only at a person's wish.
enum class SendAgain { by_rule, at_a_wish };

struct DoubtParts {
    Ledger& ledger;
    RegistrarQueries& queries;
    AnswerCache& cache;
    const Clock& clock;
    DoubtSettings settings;
    SendAgain send_again = SendAgain::by_rule;
};

// Under the order's claim. What counts is when `list` was asked: an attempt that was younger then
// than the longest call is left alone. `unanswered` are all attempts without outcome, in doubt or
// of live runs, so that an operation wanted by two is adopted by none. The claim is kept;
// `claimed.order` is brought up to date. Throws QueryFailure when the registrar cannot be asked:
// nothing was changed then.
Settlement settle_doubt(const DoubtParts& parts, ClaimedOrder& claimed,
                        const AttemptRecord& attempt, const PendingList& list,
                        const std::vector<AttemptRecord>& unanswered);

// The time certainly gone by between two looks, of which each kept the registrar's own Date: within
// one boot by the boot clock, else the smaller of the gaps of UTC and of the registrar's clock.
std::chrono::milliseconds gap_of_looks(const Moment& first, const std::string& first_date,
                                       const PendingList& second);

}  // namespace domspool
