// The end of an operation that was pending: by the status that queryOpe told, or, where nothing is
// learned of it, by what the registrar shows of the domain. Moves the order and takes it on.
#pragma once

#include "workflow/pending/pending_pass.h"

#include <string>

namespace domspool {

// An open operation and the claimed order whose step began it.
struct OperationInHand {
    ClaimedOrder& claimed;
    const StepRecord& step;
    const StepKind& kind;
    const OpenOperation& open;
};

// By a final status. False: what it means for the order could not be looked at now; the operation
// stays open, and the next pass asks again. The claim is given back. QueryFailure: the registrar is
// out of reach.
bool end_as_told(PendingPass& pass, const OperationInHand& hand, const OperationRecord& record);

// For an operation that in several passes got no answer: ended as the registrar shows the domain,
// left open while that is being worked on, else its order is held. Throws as above.
void end_as_shown(PendingPass& pass, const OpenOperation& open, const std::string& trouble);

}  // namespace domspool
