// Whether a phone number can exist, by the lengths its country has; whether it does is not asked:
// numbers are given out faster than lists of them are renewed.
#pragma once

#include <string>

namespace domspool::phone_numbers {

// Of "+33 123456789": what is wrong with it and what would be right; "" if it is possible.
std::string reason_against(const std::string& phone);

}  // namespace domspool::phone_numbers
