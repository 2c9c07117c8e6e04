// An order that is like one done lately may be that one, its file only saved by a spreadsheet in
// between: it is not sent while the registrar shows what that one brought. Asks, changes nothing.
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/steps/answer_cache.h"

#include <optional>
#include <string>

namespace domspool {

struct ResemblanceParts {
    const Ledger& ledger;
    AnswerCache& cache;
    RegistrarQueries& queries;
};

struct Resemblance {
    enum class What {
        none,       // it is an order of its own
        same,       // it is that order: nothing is to be sent
        not_known,  // the registrar does not tell
    };
    What what = What::none;
    std::string reason{};
};

// `resembled`: OrderRecord::resembles of the order with the number `own` (none: not in the ledger
// yet). Throws QueryFailure.
Resemblance resemblance_to(OrderId resembled, std::optional<OrderId> own,
                           const ResemblanceParts& parts);

}  // namespace domspool
