// One look for what an attempt without answer may have done: first the list of pending operations,
// then what the registrar shows. Asks, changes nothing (SAFETY, "Doubts").
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/steps/step_kinds.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct OperationsFound {
    std::vector<PendingRow> rows;  // those that could be the attempt's own
    // The list is whole and all its rows of this code name a target: no row means none.
    bool list_can_be_believed = true;
};

// Operations of the step's code and target, above the attempt's before-picture, owned by nobody.
OperationsFound operations_of(const AttemptRecord& attempt, const StepKind& kind,
                              const StepContext& context, const PendingList& list);

// A sending of `attempt`'s step was refused that may have been a second one: perhaps the first one
// was executed and just that is why.
struct SecondThought {
    Outcome outcome;              // Refused as it came, Done as it is shown, or InDoubt
    std::string first_word = {};  // of the first sending, where the refusal stands
    std::optional<QueryFailure> no_look = {};  // why nothing could be looked at: InDoubt
};
// Costs no call where no attempt of the step got no answer. Throws nothing of the registrar's.
SecondThought second_thought(const OrderRecord& order, const StepKind& kind,
                             const StepContext& context, const Refused& refused);

}  // namespace domspool
