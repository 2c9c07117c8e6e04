// The arguments of a step in the words of the registrar. Only for the sources of the step kinds.
#pragma once

#include "registrar/registrar.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// For comparing without letter case.
std::string folded(std::string_view text);
// Contact ids are shown in upper case, whatever case they were sent in.
bool is_same_id(const std::string& a, const std::string& b);

std::vector<std::string> nameservers_in(const FieldMap& arguments);
std::string joined_sorted(std::vector<std::string> names);
Contacts contacts_in(const FieldMap& arguments);

}  // namespace domspool
