#include "orders/encoded_twice.h"

#include "util/utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace domspool {

namespace {

// What Windows-1252 has at 0x80 to 0x9f; 0: one of its holes, read as the control of that number.
constexpr std::array<char32_t, 32> kWindows = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

std::optional<char> byte_of(char32_t code) {
    const auto as_byte = [](char32_t number) {
        return static_cast<char>(static_cast<unsigned char>(number));
    };
    if (code < 0x100) return as_byte(code);
    const auto found = std::find(kWindows.begin(), kWindows.end(), code);
    if (found == kWindows.end()) return std::nullopt;
    return as_byte(static_cast<char32_t>(0x80 + (found - kWindows.begin())));
}

std::optional<std::string> as_windows(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        const utf8::Character character = utf8::first_character(text);
        if (character.bytes == 0) return std::nullopt;
        const std::optional<char> byte = byte_of(character.code);
        if (!byte) return std::nullopt;
        bytes += *byte;
        text.remove_prefix(character.bytes);
    }
    return bytes;
}

bool is_within(char32_t code, char32_t first, char32_t last) {
    return code >= first && code <= last;
}

// What is often made into two or three characters by mistake: letters of Latin names (Vietnamese
// too), Greek, Cyrillic; dashes and quotes.
bool is_common_letter(char32_t code) {
    return is_within(code, 0xa0, 0x17f) || is_within(code, 0x1a0, 0x1a1) ||
           is_within(code, 0x1af, 0x1b0) || is_within(code, 0x218, 0x21b) ||
           is_within(code, 0x386, 0x3ce) || is_within(code, 0x400, 0x45f) ||
           is_within(code, 0x490, 0x491) || is_within(code, 0x1e00, 0x1eff) ||
           is_within(code, 0x2000, 0x206f);
}

// Of the second half of a pair: a letter, a quote, a dash or a mark behind a name may well stand
// behind a capital with an accent.
bool may_follow_a_letter(unsigned char byte) {
    constexpr std::string_view kOthers =
        "\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa9\xaa\xab\xae"
        "\xb0\xb7\xba\xbb";
    constexpr std::string_view kLetters = "\x8a\x8c\x8e\x9a\x9c\x9e\x9f";
    const char sign = static_cast<char>(byte);
    return kOthers.find(sign) != std::string_view::npos ||
           kLetters.find(sign) != std::string_view::npos;
}

// Whether this character of the decoded text can hardly have been two or more characters.
bool is_evidence(std::string_view bytes, char32_t code) {
    if (is_common_letter(code)) return true;
    return std::any_of(bytes.begin() + 1, bytes.end(), [](char byte) {
        return !may_follow_a_letter(static_cast<unsigned char>(byte));
    });
}

bool has_evidence(std::string_view decoded) {
    while (!decoded.empty()) {
        const utf8::Character character = utf8::first_character(decoded);
        const bool is_longer = character.bytes > 1;
        if (is_longer && is_evidence(decoded.substr(0, character.bytes), character.code)) {
            return true;
        }
        decoded.remove_prefix(character.bytes);
    }
    return false;
}

// The no-break space of "à", which is lost at the end of a cell and of a word: "NiccolÃ".
std::string with_lost_blanks(std::string_view bytes) {
    std::string whole;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        whole += bytes[at];
        const bool is_behind_a_letter = at > 0 && bytes[at - 1] >= 'a' && bytes[at - 1] <= 'z';
        const bool is_last = at + 1 == bytes.size() || bytes[at + 1] == ' ';
        if (bytes[at] == '\xc3' && is_behind_a_letter && is_last) whole += '\xa0';
    }
    return whole;
}

std::optional<std::string> decoded_once(std::string_view text) {
    const std::optional<std::string> bytes = as_windows(text);
    if (!bytes) return std::nullopt;
    const std::string decoded = with_lost_blanks(*bytes);
    if (!utf8::is_valid(decoded) || !has_evidence(decoded)) return std::nullopt;
    return decoded;
}

}  // namespace

std::optional<std::string> meant_by_encoded_twice(std::string_view text) {
    std::optional<std::string> meant = decoded_once(text);
    if (!meant) return std::nullopt;
    while (auto once_more = decoded_once(*meant)) meant = std::move(once_more);
    return meant;
}

}  // namespace domspool
