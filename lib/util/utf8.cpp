#include "util/utf8.h"

#include <array>

namespace domspool::utf8 {

namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

bool is_control(char32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

}  // namespace

Character first_character(std::string_view text) {
    const unsigned lead = byte_at(text, 0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
    char32_t code = lead & (0x7fu >> bytes);
    for (std::size_t at = 1; at < bytes; ++at) {
        if ((byte_at(text, at) & 0xc0) != 0x80) return {};
        code = (code << 6) | (byte_at(text, at) & 0x3f);
    }
    constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kLeast[bytes] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
    return {code, bytes};
}

bool is_valid(std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = byte_at(text, 0) < 0x80 ? 1 : first_character(text).bytes;
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

std::size_t length(std::string_view text) {
    std::size_t characters = 0;
    for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    return characters;
}

void append(std::string& text, char32_t code) {
    if (code < 0x80) {
        text += static_cast<char>(code);
        return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    constexpr std::array<unsigned, 4> kLead = {0, 0xc0, 0xe0, 0xf0};
    text += static_cast<char>(kLead[static_cast<std::size_t>(more)] | (code >> (6 * more)));
    for (int left = more - 1; left >= 0; --left) {
        text += static_cast<char>(0x80u | ((code >> (6 * left)) & 0x3f));
    }
}

std::string first_unprintable(std::string_view text) {
    while (!text.empty()) {
        const Character character = first_character(text);
        if (character.bytes == 0) return std::string(text.substr(0, 1));
        const bool is_none = character.code == 0xfffe || character.code == 0xffff;
        if (is_none || is_control(character.code)) {
            return std::string(text.substr(0, character.bytes));
        }
        text.remove_prefix(character.bytes);
    }
    return "";
}

std::string shortened(std::string_view text, std::size_t characters) {
    std::string_view rest = text;
    for (std::size_t taken = 0; !rest.empty(); ++taken) {
        if (taken == characters)
            return std::string(text.substr(0, text.size() - rest.size())) + "…";
        const std::size_t bytes = first_character(rest).bytes;
        rest.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return std::string(text);
}

}  // namespace domspool::utf8
