// The wait between switching DNSSEC off and giving a domain other name servers: as long as anybody
// can remember the DS of its parent, servers without its keys would make the domain unreachable.
#pragma once

#include "dns/parent_ds.h"
#include "ledger/ledger_records.h"

namespace domspool {

// What the parent shows before: the step's result is the TTL of the DS in seconds, 0 without one.
// Not for what cannot be read.
OrderMove after_reading_ds(const OrderRecord& order, const StepRecord& step, const ParentDs& seen);

// The wait: over once the parent shows no DS and the longest TTL seen has passed since that was
// first seen. `arguments` are the step's, resolved. Else the step is due later and says why; after
// a week in which the DS stayed, or could not be asked about, the order is held.
OrderMove after_checking_ds(const OrderRecord& order, const StepRecord& step,
                            const FieldMap& arguments, const ParentDs& seen, UtcTime now);

}  // namespace domspool
