// The order files that lie in the spool's done/ and active/, for a ledger that may not know them.
#pragma once

#include "ledger/found_files.h"
#include "spool/spool_layout.h"

#include <vector>

namespace domspool {

// By the number of their batch; those of active/, which have none, last. Nothing is changed. No
// files where there is no spool. RunFailure: a folder cannot be read,
// or holds a file of more bytes than `largest_file`.
std::vector<FoundFile> files_in_spool(const SpoolLayout& layout, std::size_t largest_file);

}  // namespace domspool
