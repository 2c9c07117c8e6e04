#include "orders/domain_name.h"

#include "orders/invisible_signs.h"
#include "util/utf8.h"

#include <idn2.h>

#include <algorithm>
#include <cstdint>
#include <locale.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <wctype.h>

namespace domspool {

namespace {

using Refusal = DomainName::Refusal;

constexpr std::size_t kMostBytes = 253;
constexpr std::size_t kMostBytesInLabel = 63;
// Far above any name in any form; spares libidn2 absurd input.
constexpr std::size_t kMostBytesOfInput = 1024;

struct FreeIdn {
    void operator()(char* text) const { idn2_free(text); }
};
using IdnText = std::unique_ptr<char, FreeIdn>;

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char lower_ascii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_host_character(char c) {
    c = lower_ascii(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Letter case of all scripts, one character to one character, whatever the program's locale.
class LetterCase {
  public:
    LetterCase() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
    ~LetterCase() {
        if (locale_ != nullptr) ::freelocale(locale_);
    }
    LetterCase(const LetterCase&) = delete;
    LetterCase& operator=(const LetterCase&) = delete;

    char32_t lower(char32_t letter) const {
        if (locale_ == nullptr) return letter;  // IDNA then refuses upper case outside ASCII.
        return static_cast<char32_t>(::towlower_l(static_cast<wint_t>(letter), locale_));
    }

  private:
    locale_t locale_;
};

std::string lower_case(std::string_view text) {
    static const LetterCase letter_case;
    std::string lower;
    for (std::string_view rest = text; !rest.empty();) {
        const utf8::Character character = utf8::first_character(rest);
        rest.remove_prefix(character.bytes);
        utf8::append(lower,
                     character.code < 0x80
                         ? static_cast<char32_t>(lower_ascii(static_cast<char>(character.code)))
                         : letter_case.lower(character.code));
    }
    return lower;
}

// Strict IDNA2008, nothing mapped but into normal form C.
std::optional<std::string> to_ascii_unmapped(const std::string& name, int* error = nullptr) {
    std::uint8_t* raw = nullptr;
    const int code = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(name.c_str()), &raw,
                                    IDN2_NFC_INPUT | IDN2_NO_TR46);
    const IdnText ascii(reinterpret_cast<char*>(raw));
    if (error != nullptr) *error = code;
    if (code != IDN2_OK) return std::nullopt;
    return std::string(ascii.get());
}

// What IDNA's mapping for users (TR46) would make of it: only to show it, or to see a difference.
std::optional<std::string> to_ascii_mapped(const std::string& name) {
    char* raw = nullptr;
    const int code = idn2_to_ascii_8z(name.c_str(), &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const IdnText ascii(raw);
    if (code != IDN2_OK) return std::nullopt;
    return std::string(ascii.get());
}

std::optional<std::string> to_unicode(const std::string& ascii) {
    char* raw = nullptr;
    const int code = idn2_to_unicode_8z8z(ascii.c_str(), &raw, 0);
    const IdnText name(raw);
    if (code != IDN2_OK) return std::nullopt;
    return std::string(name.get());
}

bool has_alabel(std::string_view ascii) {
    return ascii.starts_with("xn--") || ascii.find(".xn--") != std::string_view::npos;
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

std::optional<Refusal> refuse_label(std::string_view label) {
    if (label.empty()) return Refusal{"a label is empty (two dots together, or one in front)"};
    if (label.size() > kMostBytesInLabel) {
        return Refusal{"a label is longer than 63 characters"};
    }
    if (label.front() == '-' || label.back() == '-') {
        return Refusal{"a label begins or ends with '-'"};
    }
    return std::nullopt;
}

// The shape every stored name has, A-labels not yet looked into.
std::optional<Refusal> refuse_shape(std::string_view ascii) {
    if (ascii.size() > kMostBytes) return Refusal{"the name is longer than 253 characters"};
    std::size_t labels = 0;
    std::string_view last;
    for (std::string_view rest = ascii; true;) {
        const std::size_t dot = rest.find('.');
        last = rest.substr(0, dot);
        if (auto refusal = refuse_label(last)) return refusal;
        ++labels;
        if (dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
    }
    if (labels < 2) return Refusal{"one label only; a name and its extension are wanted"};
    if (last.find_first_not_of("0123456789") == std::string_view::npos) {
        return Refusal{"that is an address or a number; a name is wanted"};
    }
    return std::nullopt;
}

std::optional<Refusal> refuse_characters(std::string_view text) {
    if (text.empty()) return Refusal{"no name is given"};
    if (text.size() > kMostBytesOfInput) return Refusal{"the name is longer than 253 characters"};
    if (!utf8::is_valid(text)) return Refusal{"the name is not UTF-8"};
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view label = rest.substr(0, rest.find('.'));
        for (const char c : label) {
            if (static_cast<unsigned char>(c) >= 0x80 || is_host_character(c)) continue;
            return Refusal{"a label holds " + quoted({&c, 1}) +
                           "; letters, digits and '-' are allowed"};
        }
        rest.remove_prefix(std::min(rest.size(), label.size() + 1));
    }
    return std::nullopt;
}

// Letters outside ASCII into A-labels.
std::variant<std::string, Refusal> encode(const std::string& lower) {
    int error = IDN2_OK;
    const std::optional<std::string> ascii = to_ascii_unmapped(lower, &error);
    const std::optional<std::string> mapped = to_ascii_mapped(lower);
    if (ascii && mapped == ascii) return *ascii;
    if (mapped) {
        const std::string becomes = to_unicode(*mapped).value_or(*mapped);
        return Refusal{"IDNA would change " + quoted(lower) + " into " + quoted(becomes) +
                       "; write that if it is meant"};
    }
    return Refusal{std::string("not a valid IDNA2008 name: ") + idn2_strerror(error)};
}

// ---- Letters of which nobody knows which others are meant: the customer chooses.

constexpr char32_t kCapitalIWithDot = 0x130, kDotAbove = 0x307, kCapitalSharpS = 0x1e9e,
                   kCapitalSigma = 0x3a3;

struct TwoNames {
    std::string one, other;
    bool are_different = false;

    void append(std::string_view to_one, std::string_view to_other) {
        one += to_one;
        other += to_other;
        are_different = are_different || to_one != to_other;
    }
};

bool is_word_letter(char32_t code) {
    const bool is_ascii_letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    return is_ascii_letter || (code >= 0xc0 && !invisible_signs::is_one(code));
}

// The word ends where no letter follows.
bool ends_word(std::string_view behind) {
    return behind.empty() || !is_word_letter(utf8::first_character(behind).code);
}

TwoNames names_it_could_be(std::string_view text) {
    TwoNames names;
    char32_t before = 0;
    while (!text.empty()) {
        const utf8::Character character = utf8::first_character(text);
        const std::string_view written = text.substr(0, character.bytes);
        text.remove_prefix(character.bytes);
        const bool has_dot =
            character.code == kCapitalIWithDot || (character.code == 'I' && !text.empty() &&
                                                   utf8::first_character(text).code == kDotAbove);
        if (has_dot) {
            if (character.code == 'I') text.remove_prefix(utf8::first_character(text).bytes);
            names.append("i", "i\u0307");
        } else if (character.code == kCapitalSharpS) {
            names.append("ss", "\u00df");
        } else if (character.code == kCapitalSigma && is_word_letter(before) && ends_word(text)) {
            names.append("\u03c3", "\u03c2");
        } else if (invisible_signs::is_one(character.code)) {
            names.append("", written);
        } else {
            const std::string lower = lower_case(written);
            names.append(lower, lower);
        }
        before = character.code;
    }
    return names;
}

// As it can be told apart by eye.
std::string name_shown(const std::string& name) {
    const std::string visible = invisible_signs::with_numbers(name);
    if (visible != name) return quoted(visible);
    const std::optional<std::string> ascii = to_ascii_unmapped(name);
    return quoted(name) + (ascii && *ascii != name ? " (" + *ascii + ")" : "");
}

std::optional<Refusal> refuse_to_choose(std::string_view text) {
    const TwoNames names = names_it_could_be(text);
    if (!names.are_different) return std::nullopt;
    return Refusal{"it could be " + name_shown(names.one) + " or " + name_shown(names.other) +
                   "; write the one that is meant, in lower case and without invisible signs"};
}

// Whether every A-label says a name that gives the same A-label again.
bool goes_there_and_back(const std::string& ascii) {
    const std::optional<std::string> name = to_unicode(ascii);
    return name && to_ascii_unmapped(*name) == ascii && !is_ascii(*name);
}

}  // namespace

std::variant<DomainName, Refusal> DomainName::parse(std::string_view text) {
    if (text.size() > 1 && text.ends_with('.')) text.remove_suffix(1);
    if (auto refusal = refuse_characters(text)) return *refusal;
    std::string ascii = lower_case(text);
    if (!is_ascii(text)) {
        if (auto refusal = refuse_to_choose(text)) return *refusal;
        auto encoded = encode(ascii);
        if (auto* refusal = std::get_if<Refusal>(&encoded)) return *refusal;
        ascii = std::get<std::string>(encoded);
    }
    if (auto refusal = refuse_shape(ascii)) return *refusal;
    if (has_alabel(ascii) && !goes_there_and_back(ascii)) {
        return Refusal{"an 'xn--' label is no valid IDNA2008 A-label"};
    }
    return DomainName(std::move(ascii));
}

DomainName DomainName::from_stored(std::string_view text) {
    auto name = parse(text);
    if (auto* valid = std::get_if<DomainName>(&name); valid != nullptr && valid->ascii_ == text) {
        return *valid;
    }
    throw std::invalid_argument("a stored name is not in its stored form");
}

std::string DomainName::unicode() const {
    if (!has_alabel(ascii_)) return ascii_;
    return to_unicode(ascii_).value_or(ascii_);
}

std::string DomainName::shown() const {
    if (!has_alabel(ascii_)) return ascii_;
    return ascii_ + " (" + unicode() + ")";
}

std::string DomainName::extension() const {
    return ascii_.substr(ascii_.find('.') + 1);
}

}  // namespace domspool
