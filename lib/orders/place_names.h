// Names of countries and their parts as people write them, to their codes: only for telling what
// is probably meant, never for choosing. Pure.
#pragma once

#include <string>
#include <string_view>

namespace domspool::place_names {

// The code of a country that is named, in English or by what its own people call it, or by another
// code in use for it: "France", "Deutschland", "UK", "FRA"; "" if none is known.
std::string country_named(std::string_view name);

// The code of a country's part that is named: "California" in US. "" if none is known.
std::string area_named(std::string_view country, std::string_view name);

}  // namespace domspool::place_names
