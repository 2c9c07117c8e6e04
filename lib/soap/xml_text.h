// Text inside XML: what may stand there, how it is escaped, names without their prefix. Pure.
#pragma once

#include <string>
#include <string_view>

namespace domspool::soap {

// Valid UTF-8 of characters XML 1.0 can carry (no control characters but tab, CR and LF).
bool is_xml_text(std::string_view text);

// A name that may stand as an element: ASCII letters, digits, '_', '-', '.'.
bool is_element_name(std::string_view name);

// Escaped for an element or a double-quoted attribute. `text` must be XML text.
std::string escape(std::string_view text);

// "ns1:StructContact" -> "StructContact".
std::string_view local_part(std::string_view qualified_name);

// Equal, ASCII letter case ignored.
bool equal_folded(std::string_view a, std::string_view b);

}  // namespace domspool::soap
