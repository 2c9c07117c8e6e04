// A person ends a doubt (SAFETY, "Decisions by a person"): by a word, or by a second sending after
// a look. What was said and why is kept.
#pragma once

#include "workflow/moves/decision_moves.h"
#include "workflow/sending/order_in_hand.h"

#include <string>

namespace domspool {

// Ends a doubt as the person says. The word is kept as evidence, and watched by pending-check.
Decided resolve_by_word(const DecisionParts& parts, OrderId order, Word word,
                        const std::string& reason);

// Looks first. What was executed, or is pending, is taken as such; what surely was not is sent
// again. Where the look does not tell, only `force` (a reason; "": none) sends.
Decided resolve_by_sending(const DecisionParts& parts, OrderId order, const std::string& force);

}  // namespace domspool
