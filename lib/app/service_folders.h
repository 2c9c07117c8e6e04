// The folders the service works in: made by `domain-orders init`, looked at by `registrar-check`.
#pragma once

#include "app/settings.h"
#include "spool/spool_layout.h"

#include <vector>

namespace domspool {

// Of the ledger, its backups, the spool, and the log where it is a file.
std::vector<SpoolFolder> folders_of(const Settings& settings);

}  // namespace domspool
