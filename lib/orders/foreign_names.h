// What other people's systems call our fields: only for telling which is meant, never for taking
// one for the other. Pure.
#pragma once

#include <string>
#include <string_view>

namespace domspool::foreign_names {

// "owner.company" is our "owner.bodyName", "authInfo" our "auth_code"; "" if none is known.
std::string ours_for(std::string_view name);

}  // namespace domspool::foreign_names
