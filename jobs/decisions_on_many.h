// What a person decides of many orders at once: of those of a file, or of all sending. Events in
// the history of each order, or of the ledger.
#pragma once

#include "workflow/sending/order_in_hand.h"

#include <string>
#include <vector>

namespace domspool {

// An order of the file that was left as it is.
struct NotDecided {
    OrderRecord order;
    // all_well: it needs no decision (it has ended, or stands so already). try_later: a live run
    // has it. some_orders_wrong: its state does not allow it.
    ExitCode code = ExitCode::all_well;
    std::string why;
};

struct BatchDecided {
    std::vector<OrderRecord> decided;  // as they stand now
    std::vector<NotDecided> others;
};

// Every order of the file for which hold_order() or release_order() would do it, hundreds in one
// transaction. `reason`: in words, or "".
BatchDecided hold_batch(const DecisionParts& parts, BatchId batch, const std::string& reason);
BatchDecided release_batch(const DecisionParts& parts, BatchId batch, const std::string& reason);

struct SendingDecided {
    ExitCode code = ExitCode::all_well;  // some_orders_wrong: nothing was changed
    std::string words;
};
// Once it returns no call that changes anything begins, in any program, but those that cancel.
SendingDecided hold_all_sending(const DecisionParts& parts, const std::string& reason);
SendingDecided release_all_sending(const DecisionParts& parts);

}  // namespace domspool
