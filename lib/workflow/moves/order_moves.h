// Where an order goes without an answer of the registrar: by the end of a step that needed no call,
// or as a whole. Pure; what an answer does stands in workflow/moves/answer_moves.
#pragma once

#include "ledger/ledger_records.h"
#include "workflow/moves/order_steps.h"

#include <chrono>
#include <string>

namespace domspool {

// The step as told, the order in that state; it keeps its domain until it has ended.
OrderMove move_of_step(const StepRecord& step, OrderState order_state, StepState step_state);
// Until the next try of a step that was tried so often: 10 minutes, doubled with each try.
std::chrono::minutes pause_after(int tries);

// The order after the step ended without a call: done as read back, or skipped.
OrderMove after_step_ended(const OrderRecord& order, const StepRecord& step, StepState state,
                           const std::string& result, const std::string& note,
                           Evidence evidence = Evidence::reply);
// A follow-up that cannot be done: an open end.
OrderMove after_open_end(const OrderRecord& order, const StepRecord& step, const std::string& note);
// Where something else was seen than was ordered: an open end.
OrderMove after_reading_back(const OrderRecord& order, const StepRecord& step,
                             const Differences& seen);
OrderMove failed_before_sending(const std::string& code, const std::string& reason);
// The wish is fulfilled; nothing was sent for it.
OrderMove skipped(const std::string& reason);
// No longer held: the order as its steps say, the first one due sent next.
OrderMove as_its_steps_say(const OrderRecord& order);
// The order stays as it is and says why.
OrderMove still(const OrderRecord& order, const std::string& reason);
// A step that could not be tried now and that nothing waits for.
OrderMove later_again(const OrderRecord& order, const StepRecord& step, WaitsFor what,
                      UtcTime since, const std::string& note, UtcTime now);
OrderMove held(const OrderRecord& order, HeldFor cause, const std::string& reason);

// The same move on the record in hand.
void apply(const OrderMove& move, OrderRecord& order);

}  // namespace domspool
