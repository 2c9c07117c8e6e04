#include "interop/foreign_program.h"

#include <utility>

namespace domspool::test {

ProgramCall foreign_call(const std::string& interpreter, const std::string& script,
                         std::vector<std::string> arguments) {
    std::vector<std::string> words = {interpreter,
                                      std::string(SOURCE_DIR) + "/tests/interop/" + script};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return {.program = "/usr/bin/env", .arguments = std::move(words)};
}

bool is_all_well(const ProgramEnd& end) {
    return end.code == 0 && end.err.empty() && end.out.ends_with("\ndone\n");
}

}  // namespace domspool::test
