// Where an answer of the registrar takes a step and its order: to a call, or to the question what
// became of a pending operation. Pure.
#pragma once

#include "ledger/ledger_records.h"
#include "registrar/outcome.h"
#include "registrar/registrar_records.h"

#include <string>

namespace domspool {

// A follow-up refused that often stays an open end (SAFETY, "One domain, one order").
inline constexpr int kFollowUpTries = 5;

// Refused for a moment, with nothing begun: the order stays accepted, and the next run tries again.
bool is_only_for_now(const OrderRecord& order, const StepRecord& step, const Outcome& outcome);

AttemptEnd end_of(const Outcome& outcome, const Moment& at);

// The order after this answer to this step. Where it is TryLater, note_ended() has been told
// before: what may have been executed before keeps the order begun.
OrderMove after_answer(const OrderRecord& order, const StepRecord& step, const Outcome& outcome,
                       UtcTime now);
// The order after its main step's operation ended Cancelled. By others: the step is an open end,
// and the order needs a person.
enum class CancelledBy { us, others };
OrderMove after_cancelled(const StepRecord& step, const Refused& words, CancelledBy whom);
// The order after a pending operation came to its end; Cancelled is by us where a person here asked
// for it. A held order stays held, unless it was held
// only because nothing could be learned of the operation, or the end is the order's own.
OrderMove after_operation_done(const OrderRecord& order, const StepRecord& step, OperationId id,
                               const std::string& message, UtcTime now);
OrderMove after_operation_failed(const OrderRecord& order, const StepRecord& step,
                                 const Refused& words, FinalStatus status, UtcTime now);

}  // namespace domspool
