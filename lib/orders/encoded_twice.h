// Text whose UTF-8 was taken for Windows-1252 and written as UTF-8 once more: "StraÃŸe". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace domspool {

// What was probably meant: the text that is valid UTF-8 once more when it is written as
// Windows-1252, its five holes included. Nothing where the text is what it seems to be; names that
// only look odd are: "KNÍŽEK", "CAFÉ’S".
std::optional<std::string> meant_by_encoded_twice(std::string_view text);

}  // namespace domspool
