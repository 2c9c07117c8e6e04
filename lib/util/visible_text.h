// Text of others, made harmless for a terminal or a log line.
#pragma once

#include <string>
#include <string_view>

namespace domspool {

// Control characters (C0, DEL, C1), line and paragraph separators, characters that turn the
// writing direction, and bytes that are not UTF-8 become \n \r \t or \xNN; all else stays.
std::string visible_text(std::string_view text);

}  // namespace domspool
