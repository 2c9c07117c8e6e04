// What the steps of an order tell of it: which one is next, and how far the order is. Pure.
#pragma once

#include "ledger/ledger_records.h"

#include <string>
#include <vector>

namespace domspool {

// Said of what is Done without an operation id (SAFETY, "What cannot be known").
inline const std::string kIdUnknown = "done, id unknown";

// The step by which a person asks for the end of a pending operation.
inline const std::string kCancelling = "cancelOpe";
// Among its arguments, of an order that was held when it was asked, and is again afterwards: what
// for, and in words.
inline const std::string kHeldForArgument = "held_for";
inline const std::string kHeldReasonArgument = "held_reason";

// How the domain differs from what was ordered, as read back after Done.
struct Differences {
    std::string fields;  // those that count, the result of the read-back: "owner nameservers"
    std::string words;   // "owner: ordered 'AB1', is 'CD2'"; also of what is only not shown
};
// Stands for the fields where there is no domain to compare.
inline const std::string kNotInAccount = "domain";

// The next step that may be sent now; nullptr: none.
StepRecord* next_step(OrderRecord& order, UtcTime now);
const StepRecord* main_step_of(const OrderRecord& order);
// By its position, which counts from 1; nullptr: the order has no such step.
const StepRecord* step_at(const OrderRecord& order, int position);

// Puts the step behind the others, as the ledger will hand it out once it is written there.
StepRecord& add_planned(std::vector<StepRecord>& steps, const PlannedStep& planned);

// Nothing of the step is left to do, however it came out.
bool is_over(StepState state);
// A read-back that saw something else than was ordered, or did not see all of it.
bool shows_differences(const StepRecord& step);
// A follow-up that waits for its next try leaves the domain to a newer order, unless something of
// the order was not tried yet.
bool is_all_tried(const OrderRecord& order, const StepRecord& retried);
// The order's state once the step at `position` is counted with its new state; 0: as they stand.
OrderState state_with(const OrderRecord& order, int position, StepState state);

// The arguments with each "step:N" that stands for a contact replaced by that step's result.
FieldMap resolved(const FieldMap& arguments, const std::vector<StepRecord>& steps);

}  // namespace domspool
