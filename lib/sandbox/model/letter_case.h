// ASCII letters in one case; other bytes stay as they are. Pure.
#pragma once

#include <string>
#include <string_view>

namespace domspool::sandbox {

std::string lower(std::string_view text);
std::string upper(std::string_view text);

}  // namespace domspool::sandbox
