// What must be right on this machine before the registrar is asked for anything.
#pragma once

#include "report/terminal/finding.h"
#include "util/clock.h"

#include <string>
#include <vector>

namespace domspool {

// For each file system below the folders (or below what there is of them): too little room is
// found before an outcome cannot be noted.
std::vector<Finding> check_disk_space(const std::vector<std::string>& folders);

// A clock before this program was made has not been set since the machine started.
Finding check_clock(UtcTime now);

}  // namespace domspool
