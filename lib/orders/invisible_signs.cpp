#include "orders/invisible_signs.h"

#include "orders/order_values.h"
#include "util/utf8.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace domspool::invisible_signs {

namespace {

using Span = std::pair<char32_t, char32_t>;
// Not the selectors behind emoji: they are part of what is seen.
constexpr std::array<Span, 13> kInvisible = {{{0x00ad, 0x00ad},
                                              {0x034f, 0x034f},
                                              {0x061c, 0x061c},
                                              {0x115f, 0x1160},
                                              {0x17b4, 0x17b5},
                                              {0x180b, 0x180e},
                                              {0x200b, 0x200f},
                                              {0x2028, 0x202e},
                                              {0x2060, 0x206f},
                                              {0x3164, 0x3164},
                                              {0xfeff, 0xfeff},
                                              {0xfff9, 0xfffb},
                                              {0xe0000, 0xe007f}}};

std::string rewritten(std::string_view text,
                      const std::function<std::string(char32_t code)>& of_invisible) {
    std::string result;
    while (!text.empty()) {
        const utf8::Character character = utf8::first_character(text);
        const std::size_t bytes = std::max<std::size_t>(character.bytes, 1);
        if (character.bytes > 0 && is_one(character.code)) {
            result += of_invisible(character.code);
        } else {
            result += text.substr(0, bytes);
        }
        text.remove_prefix(bytes);
    }
    return result;
}

std::string_view last_character(std::string_view text) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) --begin;
    return text.substr(begin);
}

bool is_invisible(std::string_view character) {
    const utf8::Character read = utf8::first_character(character);
    return read.bytes > 0 && is_one(read.code);
}

}  // namespace

bool is_one(char32_t code) {
    return std::any_of(kInvisible.begin(), kInvisible.end(),
                       [&](const Span& span) { return code >= span.first && code <= span.second; });
}

std::optional<char32_t> first_in(std::string_view text) {
    while (!text.empty()) {
        const utf8::Character character = utf8::first_character(text);
        if (character.bytes > 0 && is_one(character.code)) return character.code;
        text.remove_prefix(std::max<std::size_t>(character.bytes, 1));
    }
    return std::nullopt;
}

std::string number_of(char32_t code) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string digits;
    for (char32_t rest = code; rest > 0 || digits.size() < 4; rest /= 16) {
        digits.insert(digits.begin(), kDigits[rest % 16]);
    }
    return "U+" + digits;
}

std::string with_numbers(std::string_view text) {
    return rewritten(text, number_of);
}

std::string without(std::string_view text) {
    return rewritten(text, [](char32_t) { return std::string(); });
}

std::string without_joiners(std::string_view text) {
    return rewritten(text, [](char32_t code) {
        std::string kept;
        if (code != 0x200c && code != 0x200d) utf8::append(kept, code);
        return kept;
    });
}

std::string trimmed(std::string_view text) {
    std::string rest = order_values::trimmed(text);
    while (!rest.empty()) {
        if (is_invisible(rest)) {
            rest = order_values::trimmed(rest.substr(utf8::first_character(rest).bytes));
        } else if (const std::string_view last = last_character(rest); is_invisible(last)) {
            rest =
                order_values::trimmed(std::string_view(rest).substr(0, rest.size() - last.size()));
        } else {
            break;
        }
    }
    return rest;
}

}  // namespace domspool::invisible_signs
