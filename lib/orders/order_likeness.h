// Whether a row asks for what an order asked for already, although a spreadsheet may have saved it
// in between. Pure.
#pragma once

#include "orders/field_map.h"

#include <string>
#include <vector>

namespace domspool {

// The normalised fields that say another thing, by name; none: the two are alike. Letter case
// counts in names and texts only, not in codes. A code that is not given again is no other wish.
std::vector<std::string> differing_fields(const FieldMap& row, const FieldMap& order);

// Alike, except that either may have no reference.
bool is_alike(const FieldMap& row, const FieldMap& order);

// "owner.zipCode, years"
std::string field_list(const std::vector<std::string>& fields);

}  // namespace domspool
