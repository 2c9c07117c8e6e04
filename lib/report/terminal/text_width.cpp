#include "report/terminal/text_width.h"

#include "util/utf8.h"

#include <algorithm>
#include <cwchar>
#include <locale.h>

namespace domspool {

namespace {

// The C library knows the widths, but only through the locale in use: UTF-8's is put in for the
// length of a question, in this thread alone.
class Utf8Widths {
  public:
    Utf8Widths() : before_(::uselocale(utf8())) {}
    ~Utf8Widths() { ::uselocale(before_); }
    Utf8Widths(const Utf8Widths&) = delete;
    Utf8Widths& operator=(const Utf8Widths&) = delete;

    int of(char32_t character) const {
        const int columns = ::wcwidth(static_cast<wchar_t>(character));
        return columns < 0 ? 1 : columns;  // Not known, or not to be printed: a box, or a blank.
    }

  private:
    static locale_t utf8() {
        static const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return made;
    }
    locale_t before_;
};

struct Piece {
    std::string_view bytes;
    int columns = 0;
};

Piece piece_at(std::string_view text, std::size_t at, const Utf8Widths& widths) {
    const utf8::Character character = utf8::first_character(text.substr(at));
    if (character.bytes == 0) return {text.substr(at, 1), 1};
    return {text.substr(at, character.bytes), widths.of(character.code)};
}

// How many bytes of the text fit into `width` columns.
std::size_t bytes_within(std::string_view text, int width, const Utf8Widths& widths) {
    std::size_t at = 0;
    for (int used = 0; at < text.size();) {
        const Piece piece = piece_at(text, at, widths);
        used += piece.columns;
        if (used > width) break;
        at += piece.bytes.size();
    }
    return at;
}

// The first line's bytes: up to the last blank that fits, else within the word, but never none.
std::size_t line_within(std::string_view text, int width, const Utf8Widths& widths) {
    const std::size_t most = bytes_within(text, width, widths);
    if (most == text.size() || text[most] == ' ') return most;
    const std::size_t blank = text.substr(0, most).rfind(' ');
    if (blank != std::string_view::npos && blank > 0) return blank;
    return most > 0 ? most : piece_at(text, 0, widths).bytes.size();
}

}  // namespace

int text_width(std::string_view text) {
    const Utf8Widths widths;
    int columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Piece piece = piece_at(text, at, widths);
        columns += piece.columns;
        at += piece.bytes.size();
    }
    return columns;
}

std::string padded(std::string_view text, int width, Align align) {
    const int missing = std::max(0, width - text_width(text));
    const std::string blanks(static_cast<std::size_t>(missing), ' ');
    return align == Align::left ? std::string(text) + blanks : blanks + std::string(text);
}

std::string cut_to_width(std::string_view text, int width) {
    if (width < 1) return "";
    const Utf8Widths widths;
    if (bytes_within(text, width, widths) == text.size()) return std::string(text);
    return std::string(text.substr(0, bytes_within(text, width - 1, widths))) + "…";
}

std::vector<std::string> wrapped(std::string_view text, int width) {
    const Utf8Widths widths;
    std::vector<std::string> lines;
    do {
        const std::size_t length = line_within(text, std::max(width, 1), widths);
        std::string_view line = text.substr(0, length);
        text.remove_prefix(length);
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
        line = line.substr(0, line.find_last_not_of(' ') + 1);
        lines.emplace_back(line);
    } while (!text.empty());
    return lines;
}

}  // namespace domspool
