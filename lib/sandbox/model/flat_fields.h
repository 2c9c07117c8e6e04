// Named texts and their one stored form: lines "name=value", escaped. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace domspool::sandbox {

using Fields = std::map<std::string, std::string>;

// Every text survives the way there and back, line breaks and equal signs included.
std::string encode_fields(const Fields& fields);
Fields decode_fields(std::string_view text);

// The value of that name; "" if there is none.
std::string field_of(const Fields& fields, const std::string& name);

// For one cell of a tab-separated line: tab, line break and backslash are escaped.
std::string escape_cell(std::string_view text);

}  // namespace domspool::sandbox
