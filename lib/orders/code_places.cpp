#include "orders/code_places.h"

#include "orders/csv_rows.h"
#include "orders/invisible_signs.h"
#include "orders/order_fields.h"
#include "orders/order_values.h"
#include "util/utf8.h"

#include <algorithm>
#include <cctype>

namespace domspool {

using namespace order_values;

namespace {

constexpr std::string_view kField = "auth_code";
constexpr std::size_t kNone = std::string::npos;

// ---- CSV: the readers' quoting, but with the place of each cell.

class CsvCodes : public CodePlaces {
  public:
    explicit CsvCodes(std::string_view text)
        : text_(text),
          at_(text.starts_with(utf8::kByteOrderMark) ? utf8::kByteOrderMark.size() : 0) {
        find_separator();
        find_column();
    }

    std::optional<CodePlace> next() override {
        while (column_ != kNone && at_ < text_.size()) {
            const std::size_t column = column_here_;
            const CodePlace cell = take_cell();
            if (column == 0) is_end_row_ = folded(trimmed(value(cell, kEnd.size()))) == kEnd;
            const bool is_code = column == column_ && !is_end_row_;
            if (is_code && !is_harmless_code(value(cell, kWipedCode.size()))) return cell;
        }
        return std::nullopt;
    }

  private:
    static constexpr std::string_view kEnd = "#end";

    // Up to the header, as the readers do.
    void find_separator() {
        while (at_ < text_.size()) {
            const std::size_t end = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
            const auto separator = separator_in(text_.substr(at_, end - at_));
            if (separator) separator_ = separator->sign;
            if (separator && !separator->is_named) return;
            at_ = end;
            if (separator) return;
        }
    }

    // Of the header, the first row that holds a character.
    void find_column() {
        bool has_character = false;
        while (at_ < text_.size()) {
            if (column_here_ == 0 && has_character) return;
            const std::size_t column = column_here_;
            const std::string name = value(take_cell(), kNone);
            has_character = has_character || !invisible_signs::trimmed(name).empty();
            if (column_ == kNone && is_code_field(name)) column_ = column;
        }
    }

    // Quotes resolved; of a cell that is longer only the beginning, which is not the shorter
    // cell's.
    std::string value(const CodePlace& cell, std::size_t longest) const {
        constexpr std::size_t kBlanks = 64;  // around a short word
        std::string value;
        const bool is_quoted = cell.end > cell.begin && text_[cell.begin] == '"';
        const std::size_t last = is_quoted ? cell.end - 1 : cell.end;
        const std::size_t most = longest == kNone ? kNone : longest + kBlanks;
        for (std::size_t i = cell.begin + (is_quoted ? 1 : 0); i < last; ++i) {
            if (value.size() == most) break;
            value += text_[i];
            if (is_quoted && text_[i] == '"') ++i;
        }
        return value;
    }

    CodePlace take_cell() {
        CodePlace cell{at_, at_};
        if (text_[at_] == '"') skip_quoted();
        while (at_ < text_.size() && text_[at_] != separator_ && !is_line_break()) ++at_;
        cell.end = at_;
        const bool is_row_over = at_ >= text_.size() || text_[at_] != separator_;
        column_here_ = is_row_over ? 0 : column_here_ + 1;
        if (at_ < text_.size()) at_ += text_[at_] == '\r' ? 2 : 1;
        return cell;
    }

    void skip_quoted() {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] != '"') continue;
            const bool is_doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '"';
            at_ += 1;
            if (!is_doubled) return;
        }
    }

    bool is_line_break() const { return text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n"; }

    std::string_view text_;
    std::size_t at_;
    std::size_t column_here_ = 0;
    std::size_t column_ = kNone;  // of the codes
    bool is_end_row_ = false;
    char separator_ = ',';
};

// ---- YAML: no event tells where a scalar ends, so its writing is followed.

bool is_part_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class YamlCodes : public CodePlaces {
  public:
    explicit YamlCodes(std::string_view text) : text_(text) {}

    // Behind a value is looked on: what stands within it goes with it.
    std::optional<CodePlace> next() override {
        for (std::size_t key = next_key(); key != kNone; key = next_key()) {
            at_ = key + 1;
            const std::size_t colon = behind_colon(key);
            if (colon == kNone) continue;
            const CodePlace value = value_at(key, colon);
            at_ = std::max(at_, value.end);
            const std::string_view written = text_.substr(value.begin, value.end - value.begin);
            const bool is_empty = written == "\"\"" || written == "''";
            if (!is_empty && !is_harmless_code(written)) return value;
        }
        return std::nullopt;
    }

  private:
    std::size_t next_key() const {
        const auto is_same = [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
        };
        for (std::size_t from = at_; from < text_.size();) {
            const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(from);
            const auto found =
                std::search(begin, text_.end(), kField.begin(), kField.end(), is_same);
            if (found == text_.end()) break;
            const auto key = static_cast<std::size_t>(found - text_.begin());
            if (key == 0 || !is_part_of_name(text_[key - 1])) return key;
            from = key + 1;
        }
        return kNone;
    }

    // kNone if it is no key.
    std::size_t behind_colon(std::size_t key) const {
        std::size_t end = key + kField.size();
        if (end < text_.size() && (text_[end] == '"' || text_[end] == '\'')) ++end;
        while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t')) ++end;
        return end < text_.size() && text_[end] == ':' ? end + 1 : kNone;
    }

    CodePlace value_at(std::size_t key, std::size_t colon) const {
        std::size_t begin = colon;
        while (begin < text_.size() && is_blank(text_[begin])) ++begin;
        if (begin == text_.size()) return {begin, begin};
        const bool is_quoted = text_[begin] == '"' || text_[begin] == '\'';
        return {begin, is_quoted ? end_of_quoted(begin) : end_of_plain(begin, is_in_braces(key))};
    }

    // Whether the key stands inside braces: there a comma or a brace ends its value.
    bool is_in_braces(std::size_t key) const {
        while (key > 0 &&
               (is_blank(text_[key - 1]) || text_[key - 1] == '"' || text_[key - 1] == '\'')) {
            --key;
        }
        return key > 0 && (text_[key - 1] == '{' || text_[key - 1] == ',');
    }

    std::size_t end_of_quoted(std::size_t at) const {
        const char quote = text_[at];
        for (++at; at < text_.size(); ++at) {
            if (quote == '"' && text_[at] == '\\') {
                ++at;
            } else if (text_[at] == quote) {
                const bool is_doubled =
                    quote == '\'' && at + 1 < text_.size() && text_[at + 1] == quote;
                if (!is_doubled) return at + 1;
                ++at;
            }
        }
        return text_.size();
    }

    std::size_t end_of_plain(std::size_t at, bool in_braces) const {
        std::size_t end = at;
        for (; end < text_.size() && text_[end] != '\n'; ++end) {
            if (text_.substr(end, 2) == " #") break;
            if (in_braces && (text_[end] == ',' || text_[end] == '}')) break;
        }
        while (end > at && is_blank(text_[end - 1])) --end;
        return end;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

bool is_code_field(std::string_view name) {
    constexpr std::size_t kLongestName = 1000;  // no field's, blanks around it included
    return name.size() <= kLongestName &&
           order_fields::canonical(invisible_signs::trimmed(name)) == kField;
}

bool is_harmless_code(std::string_view value) {
    return value.empty() || value == kWipedCode;
}

std::unique_ptr<CodePlaces> code_places(std::string_view text, FileFormat format) {
    if (format == FileFormat::csv) return std::make_unique<CsvCodes>(text);
    return std::make_unique<YamlCodes>(text);
}

}  // namespace domspool
