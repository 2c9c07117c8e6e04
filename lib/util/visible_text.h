// Text of others, made harmless for a terminal or a log line.
#pragma once

#include <string>
#include <string_view>

namespace domspool {

// Control characters (C0, DEL, C1), line and paragraph separators, characters that turn the
// writing direction, and bytes that are not UTF-8 become \n \r \t or \xNN; all else stays.
std::string visible_text(std::string_view text);

// The whole UTF-8 character at `at`: its length in bytes, 0 if the bytes there are none.
std::size_t character_length(std::string_view text, std::size_t at);
// Its number; the bytes must be a whole character.
char32_t character_at(std::string_view text, std::size_t at);

}  // namespace domspool
