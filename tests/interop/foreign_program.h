// Programs in PHP and Perl, found by name; one that is missing fails the test that wants it.
#pragma once

#include "support/running_program.h"

namespace domspool::test {

// "php" or "perl" with a script of tests/interop.
ProgramCall foreign_call(const std::string& interpreter, const std::string& script,
                         std::vector<std::string> arguments);

// Whether the script found all as it should be: its last line is "done".
bool is_all_well(const ProgramEnd& end);

}  // namespace domspool::test
