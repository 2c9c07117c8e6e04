// Operations that had failed and that the registrar's support has started again: they stand in the
// list of pending ones once more (SAFETY, "The pending list is a photograph").
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "registrar/registrar.h"

namespace domspool {

struct RestartedParts {
    Ledger& ledger;
    RegistrarView& view;
    UtcTime now;
    // Nothing: a live run has the order.
    std::function<std::optional<ClaimedOrder>(OrderId)> claim;
    // Takes the claimed order on from where it stands, or lets it go.
    std::function<void(ClaimedOrder&)> go_on_with;
};

// Of each operation in the list that is of a failed order and for which queryOpe says that it is
// pending: the order waits for it again. It is held instead if it was sent once more since; if
// another order stands in its place or has its domain, that one is held, unless it has ended. What
// a person said to have failed is left to the watch over such words. Returns what was done, one
// line an order; each is told once. Throws QueryFailure when the registrar cannot be asked.
std::vector<std::string> take_restarted_operations(const RestartedParts& parts,
                                                   const std::vector<PendingRow>& rows);

}  // namespace domspool
