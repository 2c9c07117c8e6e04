// The folders that the programs need, made with their rights: the first half of `domain-orders
// init`.
#pragma once

#include "report/terminal/finding.h"
#include "spool/spool_layout.h"

#include <string>
#include <vector>

namespace domspool {

struct FolderReport {
    std::vector<std::string> made;
    // Folders that were there and are open to more than they should be, each with the command that
    // mends it. They are left as they are: who made them may have had a reason.
    std::vector<std::string> unsafe;
};

// Idempotent. Missing upper folders are made with 0755. As root the folders made go to `owner` (""
// or "root": nobody else). RunFailure cannot_create, settings_or_ledger (no such user).
FolderReport make_folders(const std::vector<SpoolFolder>& folders, const std::string& owner);

// Looks only: there, used by us, closed to others. One finding for all if all is well.
std::vector<Finding> check_folders(const std::vector<SpoolFolder>& folders);

}  // namespace domspool
