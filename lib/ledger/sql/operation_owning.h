// Whose operation an operation id is.
#pragma once

#include "ledger/ledger_records.h"
#include "store/connection.h"

#include <string>

namespace domspool {

struct OperationOwner {
    AttemptId attempt = 0;
    OrderId order = 0;
    int position = 0;
    std::string domain;
};

enum class OperationIs { open, ended };

// Enters the operation as the attempt's own, also on its step and, for the main step, on its order.
// One recorded as foreign is taken over. False, and nothing changed: another attempt owns it.
[[nodiscard]] bool own_operation(store::Connection& connection, OperationId operation,
                                 const OperationOwner& owner, const AttemptEnd& end,
                                 OperationIs open_or_ended);

}  // namespace domspool
