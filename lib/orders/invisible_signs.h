// Signs that nobody sees in a text: zero-width ones, joiners, byte order marks, marks of direction.
// They come with what is copied from elsewhere. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace domspool::invisible_signs {

bool is_one(char32_t code);
std::optional<char32_t> first_in(std::string_view text);
// "U+200B": what cannot be seen is named by its number.
std::string number_of(char32_t code);
// The text with every invisible sign named by its number: "shopU+200B.com".
std::string with_numbers(std::string_view text);
std::string without(std::string_view text);
// Without those that join the parts of an emoji or the letters of a word.
std::string without_joiners(std::string_view text);
// Taken off at both ends, with the blanks there.
std::string trimmed(std::string_view text);

}  // namespace domspool::invisible_signs
