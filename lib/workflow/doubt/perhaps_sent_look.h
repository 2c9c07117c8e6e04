// One look for an order that was sent perhaps, in a run the ledger does not know: nothing is kept
// of such a sending, no picture from before it and no answer. Asks, changes nothing.
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"

#include <string>

namespace domspool {

struct PerhapsSentLook {
    enum class What {
        nothing_there,  // neither an operation nor what was ordered
        perhaps_there,  // the registrar shows what the order may have brought
        not_known,      // something is pending, or the list could not be read whole
        executed,       // its operation, known from the order's result file, is Done
        failed,         // that operation has ended otherwise
    };
    What what = What::not_known;
    std::string evidence;
};

// At most two questions besides the list. QueryFailure: no look.
PerhapsSentLook look_for_perhaps_sent(const OrderRecord& order, const PendingList& list,
                                      RegistrarQueries& queries, const Ledger& ledger);

}  // namespace domspool
