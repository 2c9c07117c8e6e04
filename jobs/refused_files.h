// EPP codes in files that lie in refused/. They are somebody's to mend, and of use with their codes
// only; but nobody's secrets lie about for ever.
#pragma once

#include "spool/spool_layout.h"
#include "util/clock.h"

#include <functional>
#include <string>

namespace domspool {

struct RefusedWiping {
    UtcTime untouched_since;       // put there, or last changed, at that time or before
    std::size_t largest_file = 0;  // bytes; a larger one is not read
    std::function<void(const std::string& name)> wiped;
    std::function<void(const std::string& name, const std::string& cause)> failed;
};

// In files of orders that were not touched since, codes are overwritten with `(wiped)`, and the
// problems beside them say so. A file so damaged that its codes cannot be found one by one is given
// up for two lines that say so. Idempotent. To be called under the SpoolLock.
void wipe_codes_of_refused(const SpoolLayout& layout, const RefusedWiping& wiping);

}  // namespace domspool
