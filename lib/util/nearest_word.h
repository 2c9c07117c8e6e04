// The known word a mistyped one was most likely meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// Nothing ("") if none is near: more than a third of the letters would have to change.
std::string nearest_word(std::string_view typed, const std::vector<std::string>& known);

// "; did you mean 'lanes'?" or "".
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known,
                         std::string_view prefix = "");

}  // namespace domspool
