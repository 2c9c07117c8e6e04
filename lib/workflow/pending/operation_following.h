// The registrar's tutorial, "Pending requests management": what became of the operations that are
// open here, by the list of pending ones and a question about each that left it (SAFETY, "The
// pending list").
#pragma once

#include "orders/order_kind.h"
#include "workflow/pending/pending_pass.h"

#include <functional>
#include <string>

namespace domspool {

// So many missing ids all turn out Pending: the list is not believed (SAFETY, "The pending list").
inline constexpr int kMissingUntilDisbelief = 20;
// Questions about one operation that got a fault, in as many passes, until it is settled otherwise.
inline constexpr int kFaultsUntilLook = 3;

// Days after which an operation of this kind and extension is warned about once; nullptr: never.
using UsualDays = std::function<int(OrderKind kind, const std::string& extension)>;

// Ids in the registrar's list are still pending; ids that left it are asked about, or, where it
// cannot be read, those that were not for longest. Only a final status that was read, or what the
// registrar shows of the domain, ends an operation; its order goes on then. A fault about one
// operation does not stop the others. QueryFailure: the registrar cannot be asked; what was written
// stands, and the next pass goes on.
void follow_open_operations(PendingPass& pass, const UsualDays& usual_days);

}  // namespace domspool
