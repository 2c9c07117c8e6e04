// What the text of a YAML file may be at all, asked before it is read into memory.
#pragma once

#include <optional>
#include <string>

namespace domspool {

struct YamlFault {
    int line = 0;
    std::string reason;
};

// Why not to read it: a second document, a comma that stands outside any list (the library never
// comes to the end of that), more levels or values than any file of ours has. Nothing: it may be
// read. Broken YAML is told by reading it. In linear time.
std::optional<YamlFault> fault_of_yaml(const std::string& text);

}  // namespace domspool
