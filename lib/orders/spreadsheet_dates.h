// Texts that a spreadsheet takes for a date or a time of day, in the languages it may be set to.
// Pure.
#pragma once

#include <string_view>

namespace domspool::spreadsheet_dates {

// Two or three numbers, or a month's name and one or two: "1/2", "2026-03-01", "01.03.26", "Mar-1",
// "1 mai 2026", "SEPT2".
bool is_date(std::string_view text);
// "12:30", "0:05:00", "5 pm".
bool is_time(std::string_view text);

// Whether they may be forms of one date. The order of day and month is not known, a year may have
// two digits or four, and where one of them has no year, any will do.
bool is_same_date(std::string_view a, std::string_view b);
// Seconds that are nought may be left out.
bool is_same_time(std::string_view a, std::string_view b);

}  // namespace domspool::spreadsheet_dates
