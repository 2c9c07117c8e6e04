// What is not there yet and comes by itself: it is asked for again with growing pauses, and not for
// ever. Pure.
#pragma once

#include "ledger/ledger_records.h"
#include "workflow/moves/order_steps.h"

#include <string>

namespace domspool {

// The zone's key, which a follow-up is to send: after a week without it an open end. Until then the
// domain is free for a newer order.
OrderMove after_missing_key(const OrderRecord& order, const StepRecord& step,
                            const std::string& why, UtcTime now);

// A domain that the registrar does not show (E15-M1502) though its order is Done: what it shows
// lags behind. After a quarter of an hour it differs from what was ordered, and it is an open end.
bool may_yet_be_shown(const StepRecord& read_back, UtcTime now);
OrderMove after_not_shown(const OrderRecord& order, const StepRecord& read_back, UtcTime now);

}  // namespace domspool
