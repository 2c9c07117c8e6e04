// Where an answer takes a step and its order. Pure: the whole of the order's course in one place.
#pragma once

#include <string>

#include "ledger/records.h"
#include "registrar/outcome.h"
#include "registrar/records.h"

namespace domspool {

// A follow-up refused that often is given up and stays an open end (DESIGN 4).
inline constexpr int kFollowUpTries = 5;

// How the note of a main step begins that was Done without an operation id (SAFETY, "One thing that
// cannot be known").
inline const std::string kIdUnknown = "done, id unknown";
// How the note of a step begins whose operation was found in the list instead of in a reply.
inline const std::string kAdopted = "adopted operation ";

// How the note of a step begins that was in doubt and is to be sent a second time: after looks that
// found nothing, or by force.
inline const std::string kNotExecuted = "not executed: ";
inline const std::string kForced = "sent again although it may have been executed, ";

// The step by which a person asks for the end of a pending operation.
inline const std::string kCancelling = "cancelOpe";
// Among its arguments: why the order was held when it was asked, and is again afterwards.
inline const std::string kHeldFor = "held_for";

// How the reason of an order begins that is held because nothing is learned of its operation.
inline const std::string kNoAnswer = "queryOpe gives no answer about operation ";

AttemptEnd end_of(const Outcome& outcome, const Moment& at);

// The order after this answer to this step.
OrderMove after_answer(const OrderRecord& order, const StepRecord& step, const Outcome& outcome,
                       UtcTime now);
// The order after a pending operation came to its end. A held order stays held, unless it was held
// only because nothing could be learned of the operation, or the end is the order's own.
OrderMove after_operation_done(const OrderRecord& order, const StepRecord& step, OperationId id,
                               const std::string& message, UtcTime now);
OrderMove after_operation_failed(const OrderRecord& order, const StepRecord& step,
                                 const Refused& words, FinalStatus status, UtcTime now);
// The order after the step ended without a call: done as read back, or skipped.
OrderMove after_step_ended(const OrderRecord& order, const StepRecord& step, StepState state,
                           const std::string& result, const std::string& note);
// A follow-up that cannot be done: an open end.
OrderMove after_open_end(const OrderRecord& order, const StepRecord& step, const std::string& note);
OrderMove failed_before_sending(const std::string& code, const std::string& reason);
// No longer held: the order as its steps say, the first one due sent next.
OrderMove as_its_steps_say(const OrderRecord& order);
// The order stays as it is and says why.
OrderMove still(const OrderRecord& order, const std::string& reason);
// A step that could not be tried now and that nothing waits for.
OrderMove later_again(const OrderRecord& order, const StepRecord& step, const std::string& note,
                      UtcTime now);
OrderMove held(const OrderRecord& order, const std::string& reason);

// The same move on the record in hand.
void apply(const OrderMove& move, OrderRecord& order);

// The next step that may be sent now; nullptr: none.
StepRecord* next_step(OrderRecord& order, UtcTime now);
const StepRecord* main_step_of(const OrderRecord& order);
bool is_main_done(const OrderRecord& order);
// Whether some step of the order was ever sent, other than the making of a contact.
bool has_touched_domain(const OrderRecord& order);

}  // namespace domspool
