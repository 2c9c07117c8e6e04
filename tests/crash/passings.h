// The crash points that a program passes.
#pragma once

#include <string>
#include <vector>

namespace domspool::test {

// What it wrote to DOMSPOOL_CRASH_LOG, each passing as DOMSPOOL_CRASH_AT wants it: "decided:1".
std::vector<std::string> passings_in(const std::string& log);
std::string point_of(const std::string& passing);

}  // namespace domspool::test
