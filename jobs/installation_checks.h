// What must be right of the installation before the registrar is asked for anything.
#pragma once

#include "jobs/findings.h"
#include "ledger/ledger.h"
#include "spool/spool_layout.h"

#include <functional>
#include <string>
#include <vector>

namespace domspool {

// Folders, room on their disks, the clock.
void check_machine(Findings& findings, const std::vector<SpoolFolder>& folders, UtcTime now);
// `remark`: told of a ledger that can be used.
void check_ledger(Findings& findings, const std::string& place, const LedgerStamp& stamp,
                  const std::string& remark, const std::function<const Ledger&()>& open);
// `read`: how many extensions it has rules of.
void check_sheet(Findings& findings, const std::string& file,
                 const std::function<std::size_t()>& read);

}  // namespace domspool
