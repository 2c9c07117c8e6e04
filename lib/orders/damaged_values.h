// Signs that a value is not what somebody wrote: what programs write for nothing, text encoded
// twice, signs nobody sees, what spreadsheets make of numbers and codes. Asked of files only; what
// the registrar takes is said by order.h and contact_rules.h. Pure.
#pragma once

#include "orders/contact.h"
#include "orders/field_map.h"

#include <string>
#include <vector>

namespace domspool {

// Of a row's fields, flat, by their canonical names and as they came; at most one fault a field.
// Of an auth_code nothing is shown.
std::vector<FieldFault> damage_of(const FieldMap& given);

}  // namespace domspool
