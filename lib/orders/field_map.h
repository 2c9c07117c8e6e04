// Field names to values in a fixed order: how an order, a step's arguments and a before-picture
// are stored. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace domspool {

using FieldMap = std::map<std::string, std::string>;

// One line per field, "name=value", with \\ \n \r and = (in names) escaped; sorted, so equal maps
// give equal text. Reading is strict: anything write_fields would not write gives nothing.
std::string write_fields(const FieldMap& fields);
std::optional<FieldMap> read_fields(std::string_view text);

// The value, or "" where the field is absent.
const std::string& field_of(const FieldMap& fields, const std::string& name);
// The fields whose name begins with prefix, with the prefix taken off.
FieldMap fields_under(const FieldMap& fields, std::string_view prefix);

}  // namespace domspool
