#include "orders/order_values.h"

#include <algorithm>

namespace domspool::order_values {

namespace {

constexpr std::string_view kBlanks = " \t\n\r";
constexpr std::size_t kLongestContactId = 12;

bool is_base64(std::string_view text) {
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    text.remove_suffix(padding);
    return !text.empty() && (text.size() + padding) % 4 == 0 &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/';
           });
}

}  // namespace

std::string trimmed(std::string_view text) {
    constexpr std::string_view kNoBreakSpace = "\u00a0";
    while (true) {
        if (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos) {
            text.remove_prefix(1);
        } else if (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos) {
            text.remove_suffix(1);
        } else if (text.starts_with(kNoBreakSpace)) {
            text.remove_prefix(kNoBreakSpace.size());
        } else if (text.ends_with(kNoBreakSpace)) {
            text.remove_suffix(kNoBreakSpace.size());
        } else {
            return std::string(text);
        }
    }
}

std::string folded(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::string raised(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (true) {
        const std::size_t begin = text.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos) return words;
        text.remove_prefix(begin);
        words.emplace_back(text.substr(0, text.find_first_of(kBlanks)));
        text.remove_prefix(words.back().size());
    }
}

std::optional<int> number_of(std::string_view text) {
    if (text.empty() || text.size() > 9) return std::nullopt;
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

bool is_contact_id(std::string_view id) {
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto digit = std::find_if(id.begin(), id.end(), is_digit);
    return id.size() <= kLongestContactId && digit != id.end() && digit - id.begin() >= 2 &&
           std::all_of(id.begin(), digit, is_letter) &&
           std::all_of(digit, id.end(), [&](char c) { return is_letter(c) || is_digit(c); });
}

std::optional<DnssecWish> dnssec_key_of(const std::string& value) {
    const std::vector<std::string> words = words_of(value);
    if (words.size() < 4) return std::nullopt;
    const auto flags = number_of(words[0]), protocol = number_of(words[1]),
               algorithm = number_of(words[2]);
    std::string key;
    for (std::size_t i = 3; i < words.size(); ++i) key += words[i];
    const bool is_zone_key = flags == 256 || flags == 257;
    const bool is_algorithm = algorithm && *algorithm >= 1 && *algorithm <= 254;
    if (!is_zone_key || protocol != 3 || !is_algorithm || !is_base64(key)) return std::nullopt;
    return DnssecWish{DnssecWish::How::key, *flags, *protocol, *algorithm, key};
}

std::string to_value(const DnssecWish& key) {
    return std::to_string(key.flags) + " " + std::to_string(key.protocol) + " " +
           std::to_string(key.algorithm) + " " + key.public_key;
}

std::optional<bool> truth_of(const std::string& word) {
    for (const char* yes : {"on", "yes", "1", "true"}) {
        if (word == yes) return true;
    }
    for (const char* no : {"off", "no", "0", "false"}) {
        if (word == no) return false;
    }
    return std::nullopt;
}

}  // namespace domspool::order_values
