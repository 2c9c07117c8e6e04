#include "soap/xml_text.h"

#include <algorithm>
#include <cstdint>

namespace domspool::soap {
namespace {

constexpr char32_t kBroken = 0xffffffff;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// How many bytes the character beginning with this byte has; 0 for no such byte.
std::size_t length_of(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

// Takes one character off the front; kBroken when the bytes are no UTF-8.
char32_t take_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = length_of(first);
    if (length == 0 || text.size() < length) return kBroken;
    char32_t code = length == 1 ? first : first & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0) != 0x80) return kBroken;
        code = (code << 6) | (next & 0x3fu);
    }
    text.remove_prefix(length);
    const char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    return code < smallest[length] ? kBroken : code;
}

bool is_xml_character(char32_t code) {
    if (code == '\t' || code == '\n' || code == '\r') return true;
    return (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) ||
           (code >= 0x10000 && code <= 0x10ffff);
}

}  // namespace

bool is_xml_text(std::string_view text) {
    while (!text.empty()) {
        if (!is_xml_character(take_character(text))) return false;
    }
    return true;
}

bool is_element_name(std::string_view name) {
    if (name.empty() || !(is_letter(name.front()) || name.front() == '_')) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    });
}

std::string escape(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        if (c == '&')
            escaped += "&amp;";
        else if (c == '<')
            escaped += "&lt;";
        else if (c == '>')
            escaped += "&gt;";
        else if (c == '"')
            escaped += "&quot;";
        else if (c == '\r')
            escaped += "&#13;";  // A bare one would be read back as a line feed.
        else
            escaped += c;
    }
    return escaped;
}

std::string_view local_part(std::string_view qualified_name) {
    const auto colon = qualified_name.rfind(':');
    return colon == std::string_view::npos ? qualified_name : qualified_name.substr(colon + 1);
}

bool equal_folded(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace domspool::soap
