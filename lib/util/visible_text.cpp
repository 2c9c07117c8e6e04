#include "util/visible_text.h"

#include "util/utf8.h"

#include <algorithm>

namespace domspool {

namespace {

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

std::string visible_text(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const utf8::Character character = utf8::first_character(text);
        const std::string_view bytes = text.substr(0, std::max<std::size_t>(character.bytes, 1));
        if (character.bytes > 0 && may_be_shown(character.code)) {
            shown += bytes;
        } else {
            append_hidden(shown, bytes);
        }
        text.remove_prefix(bytes.size());
    }
    return shown;
}

}  // namespace domspool
