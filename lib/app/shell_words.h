// A command line as a person may paste it into a shell.
#pragma once

#include <string>
#include <vector>

namespace domspool {

// Words with blanks between them, in single quotes where the shell would take them otherwise.
std::string shell_line(const std::vector<std::string>& words);

// The command line `words` (program first) with this option and value in place of what it said of
// the option before.
std::vector<std::string> with_option(const std::vector<std::string>& words,
                                     const std::string& option, const std::string& value);

}  // namespace domspool
