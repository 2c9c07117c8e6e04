#include "orders/latin_text.h"

#include "util/utf8.h"

#include <array>
#include <optional>

namespace domspool::latin_text {

namespace {

// What a mark makes of a letter: letter and result by turns.
struct Accent {
    char32_t mark;
    std::u32string_view pairs;
};

constexpr std::array<Accent, 14> kAccents = {{
    {0x0300, U"AÀEÈIÌOÒUÙaàeèiìoòuù"},
    {0x0301, U"AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzź"},
    {0x0302, U"AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷ"},
    {0x0303, U"AÃNÑOÕaãnñoõIĨiĩUŨuũ"},
    {0x0304, U"AĀaāEĒeēIĪiīOŌoōUŪuū"},
    {0x0306, U"AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭ"},
    {0x0307, U"CĊcċEĖeėGĠgġIİZŻzż"},
    {0x0308, U"AÄEËIÏOÖUÜYŸaäeëiïoöuüyÿ"},
    {0x030a, U"AÅaåUŮuů"},
    {0x030b, U"OŐoőUŰuű"},
    {0x030c, U"CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzž"},
    {0x0326, U"SȘsșTȚtț"},
    {0x0327, U"CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ"},
    {0x0328, U"AĄaąEĘeęIĮiįUŲuų"},
}};

std::optional<char32_t> joined(char32_t letter, char32_t mark) {
    for (const Accent& accent : kAccents) {
        if (accent.mark != mark) continue;
        for (std::size_t at = 0; at < accent.pairs.size(); at += 2) {
            if (accent.pairs[at] == letter) return accent.pairs[at + 1];
        }
    }
    return std::nullopt;
}

char32_t without_accent(char32_t code) {
    for (const Accent& accent : kAccents) {
        for (std::size_t at = 0; at < accent.pairs.size(); at += 2) {
            if (accent.pairs[at + 1] == code) return accent.pairs[at];
        }
    }
    return code;
}

bool is_blank(char32_t code) {
    return code == ' ' || code == '\t' || code == 0x00a0 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x202f || code == 0x205f || code == 0x3000;
}

bool is_apostrophe(char32_t code) {
    return code == '`' || code == 0x00b4 || (code >= 0x2018 && code <= 0x201b) || code == 0x2032 ||
           code == 0x02bc;
}

bool is_latin_letter(char32_t code) {
    if ((code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z')) return true;
    const bool is_sign = code == 0xd7 || code == 0xf7;  // × and ÷ stand among the letters.
    return (code >= 0xc0 && code <= 0x17f && !is_sign) || (code >= 0x218 && code <= 0x21b);
}

std::u32string characters_of(std::string_view text) {
    std::u32string characters;
    while (!text.empty()) {
        const utf8::Character character = utf8::first_character(text);
        characters += character.code;
        text.remove_prefix(character.bytes);
    }
    return characters;
}

}  // namespace

std::string tidied(std::string_view text) {
    if (!utf8::is_valid(text)) return std::string(text);
    std::u32string tidy;
    for (char32_t code : characters_of(text)) {
        if (is_apostrophe(code)) code = '\'';
        if (is_blank(code)) code = ' ';
        if (code == ' ' && (tidy.empty() || tidy.back() == ' ')) continue;
        const auto one = tidy.empty() ? std::nullopt : joined(tidy.back(), code);
        if (one) {
            tidy.back() = *one;
        } else {
            tidy += code;
        }
    }
    if (!tidy.empty() && tidy.back() == ' ') tidy.pop_back();
    std::string result;
    for (const char32_t code : tidy) utf8::append(result, code);
    return result;
}

std::string without_accents(std::string_view text) {
    if (!utf8::is_valid(text)) return std::string(text);
    std::string plain;
    for (const char32_t code : characters_of(text)) utf8::append(plain, without_accent(code));
    return plain;
}

std::string first_stranger(std::string_view text, std::string_view also) {
    while (!text.empty()) {
        const utf8::Character character = utf8::first_character(text);
        const std::size_t bytes = character.bytes == 0 ? 1 : character.bytes;
        const bool is_ascii = bytes == 1 && character.bytes == 1;
        const bool is_known = character.bytes != 0 && is_latin_letter(character.code);
        if (!is_known && !(is_ascii && also.find(text.front()) != std::string_view::npos)) {
            return std::string(text.substr(0, bytes));
        }
        text.remove_prefix(bytes);
    }
    return "";
}

}  // namespace domspool::latin_text
