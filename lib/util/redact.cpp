#include "util/redact.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>

namespace domspool::redact {

namespace {

constexpr std::size_t kIndexedLength = 4;
constexpr std::string_view kReplacement = "(secret)";

std::uint32_t first_bytes(std::string_view text) {
    std::uint32_t key = 0;
    std::memcpy(&key, text.data(), kIndexedLength);
    return key;
}

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Whether a percent escape ("%20") ends just before: its digits belong to no number.
bool ends_escape(std::string_view before) {
    const auto is_hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    const std::size_t size = before.size();
    return size >= 3 && before[size - 3] == '%' && is_hex(before[size - 2]) &&
           is_hex(before[size - 1]);
}

bool is_part_of_longer_number(std::string_view text, std::size_t at, std::size_t length) {
    if (!std::ranges::all_of(text.substr(at, length), is_digit)) return false;
    const bool goes_on = at + length < text.size() && is_digit(text[at + length]);
    const bool began_before = at > 0 && is_digit(text[at - 1]) && !ends_escape(text.substr(0, at));
    return goes_on || began_before;
}

// The secrets, found by their first four bytes. Kept until the process ends: a late log line may
// still carry one.
class KnownSecrets {
  public:
    void add(const std::string& text) {
        if (text.empty()) return;
        const std::unique_lock lock(mutex_);
        if (text.size() < kIndexedLength) {
            short_.insert(text);
            return;
        }
        long_[first_bytes(text)].insert(text);
    }

    std::string clean(std::string_view text) const {
        const std::shared_lock lock(mutex_);
        std::string cleaned;
        cleaned.reserve(text.size());
        std::size_t at = 0;
        while (at < text.size()) {
            const std::size_t length = longest_secret_at(text, at);
            if (length == 0) {
                cleaned += text[at++];
            } else {
                cleaned += kReplacement;
                at += length;
            }
        }
        return cleaned;
    }

  private:
    using Sorted = std::set<std::string, std::less<>>;

    std::size_t longest_secret_at(std::string_view text, std::size_t at) const {
        const std::string_view rest = text.substr(at);
        if (rest.size() >= kIndexedLength) {
            const auto same_beginning = long_.find(first_bytes(rest));
            if (same_beginning != long_.end()) {
                const std::size_t length = longest_prefix(same_beginning->second, rest);
                if (length > 0 && !is_part_of_longer_number(text, at, length)) return length;
            }
        }
        return short_secret_at(text, at);
    }

    // Between a secret that begins the text and the text itself, in order, stand only words that
    // begin with that secret: so the search may shrink the text to what it shares with the word
    // before it, and misses none.
    static std::size_t longest_prefix(const Sorted& secrets, std::string_view text) {
        while (text.size() >= kIndexedLength) {
            auto word = secrets.upper_bound(text);
            if (word == secrets.begin()) return 0;
            --word;
            if (text.starts_with(*word)) return word->size();
            const auto differ = std::ranges::mismatch(text, *word);
            text = text.substr(0, static_cast<std::size_t>(differ.in1 - text.begin()));
        }
        return 0;
    }

    std::size_t short_secret_at(std::string_view text, std::size_t at) const {
        if (short_.empty() || (at > 0 && is_word_character(text[at - 1]))) return 0;
        for (std::size_t length = kIndexedLength - 1; length > 0; --length) {
            if (at + length > text.size()) continue;
            const bool ends_there =
                at + length == text.size() || !is_word_character(text[at + length]);
            if (ends_there && short_.contains(text.substr(at, length))) return length;
        }
        return 0;
    }

    mutable std::shared_mutex mutex_;
    std::unordered_map<std::uint32_t, Sorted> long_;
    Sorted short_;
};

KnownSecrets& known_secrets() {
    static KnownSecrets& secrets = *new KnownSecrets;  // Never destroyed: the log outlives all.
    return secrets;
}

std::string replaced(std::string_view text, const std::map<char, std::string_view>& names) {
    std::string result;
    for (const char c : text) {
        const auto name = names.find(c);
        if (name == names.end()) {
            result += c;
        } else {
            result += name->second;
        }
    }
    return result;
}

std::string url_form(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        if (is_word_character(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return result;
}

}  // namespace

void remember(const Secret& secret) {
    const std::string& text = secret.reveal();
    known_secrets().add(text);
    known_secrets().add(replaced(
        text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}}));
    known_secrets().add(replaced(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}}));
    known_secrets().add(replaced(text, {{'"', "\\\""}, {'\\', "\\\\"}}));
    known_secrets().add(replaced(text, {{'"', "\\\""}, {'\\', "\\\\"}, {'/', "\\/"}}));
    known_secrets().add(url_form(text));
}

std::string clean(std::string_view text) {
    return known_secrets().clean(text);
}

}  // namespace domspool::redact
