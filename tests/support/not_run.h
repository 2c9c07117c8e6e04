// For tests that need what not every machine has.
#pragma once

#include <string>

namespace domspool::test {

// To be called by a test that then returns. A program all of whose tests were not run ends with
// kAllNotRun, which ctest calls "Skipped"; where some were, each says so.
void not_run(const std::string& why);

constexpr int kAllNotRun = 77;

}  // namespace domspool::test
