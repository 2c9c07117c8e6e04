#include "app/shell_words.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace domspool {

namespace {

bool is_plain(const std::string& word) {
    constexpr std::string_view kHarmless = "/._-+=:,@";
    return !word.empty() && std::ranges::all_of(word, [&](char c) {
        const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
        return is_letter || kHarmless.find(c) != std::string_view::npos;
    });
}

std::string quoted(const std::string& word) {
    if (is_plain(word)) return word;
    std::string text = "'";
    for (const char c : word) {
        if (c == '\'') {
            text += "'\\''";
        } else {
            text += c;
        }
    }
    return text + "'";
}

}  // namespace

std::string shell_line(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + quoted(word);
    return line;
}

std::vector<std::string> with_option(const std::vector<std::string>& words,
                                     const std::string& option, const std::string& value) {
    const std::string name = "--" + option;
    std::vector<std::string> line;
    bool only_arguments = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        only_arguments = only_arguments || words[i] == "--";
        if (only_arguments || (words[i] != name && !words[i].starts_with(name + "="))) {
            line.push_back(words[i]);
        } else if (words[i] == name) {
            ++i;  // Its value.
        }
    }
    const auto behind_program = line.empty() ? line.end() : line.begin() + 1;
    line.insert(behind_program, {name, value});
    return line;
}

}  // namespace domspool
