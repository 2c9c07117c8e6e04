// How many columns of a terminal a text takes, and texts fitted to columns. All of it takes UTF-8
// that went through visible_text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// Wide characters (Chinese, Japanese, Korean, emoji) take two columns, combining marks none.
int text_width(std::string_view text);

enum class Align { left, right };
// Filled up with blanks to `width` columns; a text that is wider stays as it is.
std::string padded(std::string_view text, int width, Align align = Align::left);

// At most `width` columns, the last one "…" where something was cut off.
std::string cut_to_width(std::string_view text, int width);

// Lines of at most `width` columns (at least 1), broken at blanks, else within the word. At least
// one line.
std::vector<std::string> wrapped(std::string_view text, int width);

}  // namespace domspool
