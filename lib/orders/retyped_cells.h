// What a spreadsheet makes of the cells of a file that is only opened in it and saved. Pure.
#pragma once

#include <string>
#include <string_view>

namespace domspool::retyped_cells {

// Whether some spreadsheet takes the text for a formula, a number, a date, a time or a truth value
// and may save it as another text: "=1+1", "+33 1", "0071", "123456789012", "1.50", "3/4", "Mar-1",
// "12:30", "true".
bool may_be_retyped(std::string_view text);

// Such a text with a ' in front, which keeps it a text; all others as they are. Of any text at all,
// unguarded(guarded(text)) is the text.
std::string guarded(std::string_view text);
std::string unguarded(std::string text);

// Whether both may be the same text, one of them or both saved by a spreadsheet: leading zeros, a
// leading +, trailing zeros of a fraction, digits beyond those it keeps, the form of dates and
// times, TRUE, quotes, blanks. Which number of a date is the day is not known, nor the year of a
// date without one.
bool may_be_the_same(std::string_view a, std::string_view b);

}  // namespace domspool::retyped_cells
