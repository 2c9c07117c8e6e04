// What becomes of the rows of a file that is being taken.
#pragma once

#include "ledger/ledger_records.h"
#include "store/connection.h"

#include <string>
#include <vector>

namespace domspool {

struct RowVerdict {
    enum class What {
        refused,     // for the reason in `text`: "FIELD 'VALUE': REASON"
        skipped,     // it is `order`
        linked,      // a new order in place of `order`
        resembling,  // it is `order`, if the registrar still shows what that one brought
    };
    int line = 0;
    What what = What::refused;
    OrderId order = 0;
    SameBy how = SameBy::likeness;  // of a skipped row
    std::string text{};
};

// Into batch_rows, in their order. A row can have several problems; all else holds for rows that
// are still good. Of two orders it could be in place of the first one named counts.
void enter_verdicts(store::Connection& connection, BatchId batch, const std::string& file_name,
                    const std::vector<RowVerdict>& verdicts);

}  // namespace domspool
