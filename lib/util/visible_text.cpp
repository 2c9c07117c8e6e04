#include "util/visible_text.h"

#include <array>

namespace domspool {

namespace {

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t length_said_by(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

// Not a character although the bytes look like one: too long a form, a surrogate, too high.
bool is_character(char32_t number, std::size_t length) {
    constexpr std::array<char32_t, 5> kLowest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = number >= 0xD800 && number <= 0xDFFF;
    return number >= kLowest[length] && number <= 0x10FFFF && !surrogate;
}

bool may_be_shown(char32_t number) {
    const bool control = number < 0x20 || (number >= 0x7F && number < 0xA0);
    const bool separator = number == 0x2028 || number == 0x2029;
    const bool turns_direction = number == 0x061C || number == 0x200E || number == 0x200F ||
                                 (number >= 0x202A && number <= 0x202E) ||
                                 (number >= 0x2066 && number <= 0x2069);
    return !control && !separator && !turns_direction;
}

void append_hidden(std::string& shown, std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '\n':
                shown += "\\n";
                break;
            case '\r':
                shown += "\\r";
                break;
            case '\t':
                shown += "\\t";
                break;
            default:
                shown += "\\x";
                shown += {kDigits[byte >> 4], kDigits[byte & 15]};
        }
    }
}

}  // namespace

char32_t character_at(std::string_view text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = length_said_by(first);
    constexpr std::array<unsigned char, 5> kPayload{0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t number = first & kPayload[length];
    for (std::size_t i = 1; i < length; ++i) {
        number = (number << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    }
    return number;
}

std::size_t character_length(std::string_view text, std::size_t at) {
    const std::size_t length = length_said_by(static_cast<unsigned char>(text[at]));
    if (length == 0 || at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text[at + i])) return 0;
    }
    return is_character(character_at(text, at), length) ? length : 0;
}

std::string visible_text(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = character_length(text, at);
        const std::string_view bytes = text.substr(at, length == 0 ? 1 : length);
        if (length > 0 && may_be_shown(character_at(text, at))) {
            shown += bytes;
        } else {
            append_hidden(shown, bytes);
        }
        at += bytes.size();
    }
    return shown;
}

}  // namespace domspool
