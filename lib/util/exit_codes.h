// What the exit codes mean, and which one counts when several apply.
#pragma once

#include "util/failure.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

struct ExitCodeEntry {
    ExitCode code;
    std::string_view meaning;
};

// Every code once, in rising order: for --help and README.
const std::vector<ExitCodeEntry>& exit_code_table();
// The table as lines for --help.
std::string exit_code_lines();

// The gravest of them: 70, 78, 77, 73, 74, 69, 75, 64, 66, 65, 1, and 0 only if all are 0.
ExitCode gravest_of(const std::vector<ExitCode>& codes);

}  // namespace domspool
