// Countries (ISO 3166-1) and their parts (ISO 3166-2), as far as the registrar asks for them.
#pragma once

#include <cstddef>
#include <string_view>

namespace domspool::country_codes {

// A two-letter code, in upper case.
bool is_country(std::string_view code);

// The ten countries whose contacts carry an `area` (API, "Contacts").
bool wants_area(std::string_view country);
// The list of those countries, to be shown.
std::string_view countries_with_area();
// Requires wants_area(country). In Great Britain any three letters: its parts are renamed too often
// for a list to be right.
bool is_area(std::string_view country, std::string_view area);

// How many of the digits after the + are the country's calling code: 1 to 3; 0 if they begin none.
std::size_t calling_code_length(std::string_view digits);

}  // namespace domspool::country_codes
