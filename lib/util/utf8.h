// UTF-8: whether a text is it, its characters, and a text cut to a length without tearing one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace domspool::utf8 {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Character {
    char32_t code = 0;
    std::size_t bytes = 0;  // 0: what stands there is not UTF-8
};

// Strict: no overlong forms, no surrogates, nothing above U+10FFFF. The text must not be empty.
Character first_character(std::string_view text);
bool is_valid(std::string_view text);
// Requires valid UTF-8.
std::size_t length(std::string_view text);
void append(std::string& text, char32_t code);
// The first character that is a control character (line breaks too) or none that XML can carry, or
// the first byte that is no UTF-8; "" if there is none.
std::string first_unprintable(std::string_view text);
// At most so many characters, "…" in place of the rest. Bytes that are no UTF-8 count as one each.
std::string shortened(std::string_view text, std::size_t characters = 60);

}  // namespace domspool::utf8
