#include "mail/mail_address.h"

#include "util/utf8.h"
#include "util/visible_text.h"

#include <algorithm>

namespace domspool {

namespace {

constexpr std::size_t kLongestAddress = 254;
constexpr std::size_t kLongestName = 200;
// Of an encoded word (75), less "=?UTF-8?Q?" and "?=".
constexpr std::size_t kWordRoom = 63;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool is_graphic(char c) {
    return c > ' ' && c < 0x7F;
}

// Enough to keep a header, an envelope and a command line whole; the mail server judges the rest.
bool is_bare_address(std::string_view text) {
    const std::size_t at = text.rfind('@');
    return at != text.npos && at > 0 && at + 1 < text.size() && text.size() <= kLongestAddress &&
           text.front() != '-' && std::ranges::all_of(text, is_graphic) &&
           text.find_first_of("<>,;:\"()[]\\") == text.npos && text.find('@') == at;
}

bool is_clean(std::string_view text) {
    return utf8::is_valid(text) && visible_text(text) == text;
}

// The text between the quotes of `"..."`, with \" and \\ resolved.
std::optional<std::string> unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
    std::string plain;
    text = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') return std::nullopt;
        if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
        plain += text[i];
    }
    return plain;
}

std::optional<std::string> name_in(std::string_view text) {
    text = trimmed(text);
    if (text.size() > kLongestName || !is_clean(text)) return std::nullopt;
    if (!text.empty() && text.front() == '"') return unquoted(text);
    if (text.find_first_of("\"<>@") != text.npos) return std::nullopt;
    return std::string(text);
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

// RFC 2047, 5 (3): what may stand for itself also inside of a name.
std::string q_encoded(std::string_view character) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : character) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = byte < 0x80 && (std::isalnum(byte) != 0 || byte == '-');
        if (is_plain) {
            encoded += c;
        } else if (c == ' ') {
            encoded += '_';
        } else {
            encoded += {'=', kDigits[byte >> 4], kDigits[byte & 15]};
        }
    }
    return encoded;
}

std::string encoded_words(std::string_view text) {
    std::string words, word;
    const auto end_word = [&] {
        words += (words.empty() ? "" : "\r\n ") + ("=?UTF-8?Q?" + word + "?=");
        word.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = utf8::first_character(text.substr(at)).bytes;
        const std::string encoded = q_encoded(text.substr(at, bytes));
        if (word.size() + encoded.size() > kWordRoom) end_word();
        word += encoded;
        at += bytes;
    }
    end_word();
    return words;
}

}  // namespace

std::optional<MailAddress> MailAddress::parse(std::string_view text) {
    MailAddress parsed;
    const std::size_t open = text.rfind('<');
    std::string_view address = text;
    if (open != text.npos) {
        if (!text.ends_with('>')) return std::nullopt;
        const auto name = name_in(text.substr(0, open));
        if (!name) return std::nullopt;
        parsed.name_ = *name;
        address = text.substr(open + 1, text.size() - open - 2);
    }
    if (!is_bare_address(address)) return std::nullopt;
    parsed.address_ = address;
    return parsed;
}

std::string MailAddress::header_form() const {
    if (name_.empty()) return address_;
    const std::string name = is_ascii(name_) ? quoted(name_) : encoded_words(name_);
    return name + " <" + address_ + ">";
}

std::string header_text(std::string_view text) {
    const std::string visible = visible_text(text);
    // What looks like an encoded word would be taken for one.
    const bool is_plain = is_ascii(visible) && visible.find("=?") == std::string::npos;
    return is_plain ? visible : encoded_words(visible);
}

}  // namespace domspool
