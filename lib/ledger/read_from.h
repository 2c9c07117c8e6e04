// Which batch was read from a file of the spool's active/, so that the file of a dead run is known.
#pragma once

#include "ledger/ledger.h"

#include <string>

namespace domspool {

inline constexpr const char* kReadFrom = "spool_file";
inline constexpr const char* kReadAsBatch = "batch";

// A file whose EPP codes were overwritten before its bytes could be known: the batch, by the hash
// of what is left of it.
inline constexpr const char* kWipedFile = "wiped_file";

}  // namespace domspool
