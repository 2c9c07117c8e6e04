#include "util/nearest_word.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace domspool {

namespace {

char folded(char c) {
    if (c == '-') return '_';
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Letters to insert, to take away or to change; letter case and the dash do not count.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (folded(a[i - 1]) == folded(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest_word(std::string_view typed, const std::vector<std::string>& known) {
    constexpr std::size_t kLongestWord = 100;
    if (typed.size() > kLongestWord) return "";
    std::string nearest;
    std::size_t fewest = typed.size() / 3 + 2;
    for (const std::string& word : known) {
        const std::size_t edits = edits_between(typed, word);
        if (edits < fewest) {
            fewest = edits;
            nearest = word;
        }
    }
    return nearest;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known,
                         std::string_view prefix) {
    const std::string nearest = nearest_word(typed, known);
    if (nearest.empty()) return "";
    return "; did you mean '" + std::string(prefix) + nearest + "'?";
}

}  // namespace domspool
