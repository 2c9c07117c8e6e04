// Orders of a ledger that was put back: sent perhaps, after the ledger was copied, in a run it does
// not know. Each is in doubt until the registrar was looked at (LEDGER, "Copies").
#pragma once

#include "ledger/ledger.h"

#include <optional>
#include <string>

namespace domspool {

struct PerhapsSent {
    OrderId order = 0;
    // Where the order stood, and stands again once it was surely not sent.
    OrderState before = OrderState::accepted;
    HeldFor held_for = HeldFor::nothing;
    std::string reason;
    bool kept_domain = false;
    // The first look that found nothing, and the registrar's Date then.
    std::optional<Moment> first_look;
    std::string first_date;
};

std::vector<PerhapsSent> orders_perhaps_sent(const Ledger& ledger);
// Nothing: what the ledger says of it is all there was.
std::optional<PerhapsSent> perhaps_sent(const Ledger& ledger, OrderId order);
void remember_perhaps_sent(LedgerWrite& w, const PerhapsSent& order, UtcTime now);
// To be called in the write that ends the doubt.
void forget_perhaps_sent(LedgerWrite& w, OrderId order, UtcTime now);

}  // namespace domspool
