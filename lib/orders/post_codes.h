// Postcodes as spreadsheets and forms damage them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace domspool::post_codes {

// The code with the zeros in front that a spreadsheet took away, where the country's codes have a
// fixed number of digits: "1000" in FR is "01000". Nothing if none is missing.
std::optional<std::string> with_lost_zeros(std::string_view country, std::string_view code);

// Whether it stands in place of a code that the country certainly has: "-", "000".
bool is_placeholder(std::string_view country, std::string_view code);

}  // namespace domspool::post_codes
