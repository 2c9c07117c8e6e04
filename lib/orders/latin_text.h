// Text in Latin letters as the registrar takes it (API, "Letters"): tidied without guessing, and
// looked through for characters that are refused.
#pragma once

#include <string>
#include <string_view>

namespace domspool::latin_text {

// A letter and its accent become one character; typographic apostrophes, ` and ´ become '; blanks
// of all kinds (also tabs, not line breaks) become one space each run, none at the ends. What is
// not UTF-8 stays as it is.
std::string tidied(std::string_view text);

// The first character that is neither a Latin letter (ISO 8859-1, Latin Extended-A, ș ț) nor one of
// `also` (ASCII); "" if there is none.
std::string first_stranger(std::string_view text, std::string_view also);

// Letters for letters with an accent: "Île" is "Ile".
std::string without_accents(std::string_view text);

}  // namespace domspool::latin_text
