#include "orders/code_wiping.h"

#include "orders/csv_rows.h"
#include "orders/order_fields.h"
#include "orders/order_values.h"
#include "orders/yaml_rows.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace domspool {

using namespace order_values;

namespace {

constexpr std::string_view kField = "auth_code";
constexpr std::string_view kWiped = "(wiped)";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kNone = std::string::npos;
constexpr std::string_view kGivenUp =
    "# (wiped) The EPP codes of this file could not be taken out one by one.\n"
    "# Its rows, and what became of each, stand in its result file.\n";

bool is_code_field(std::string_view name) {
    return order_fields::canonical(trimmed(std::string(name))) == kField;
}

bool is_harmless(std::string_view value) {
    return value.empty() || value == kWiped;
}

// ---- CSV: the readers' quoting, but with the place of each cell.

struct Cell {
    std::size_t begin = 0, end = 0;  // with its quotes
};

class CsvPlaces {
  public:
    explicit CsvPlaces(const std::string& text)
        : text_(text), at_(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0) {
        const std::string_view header =
            std::string_view(text).substr(0, std::min(text.find('\n'), text.size()));
        const auto count = [&](char sign) {
            return std::count(header.begin(), header.end(), sign);
        };
        separator_ = count(';') > count(',') ? ';' : ',';
    }

    // The cells of the next row; none at the end.
    std::vector<Cell> next_row() {
        std::vector<Cell> cells;
        while (at_ < text_.size()) {
            cells.push_back(next_cell());
            const bool is_row_over = at_ >= text_.size() || text_[at_] != separator_;
            skip_separator();
            if (is_row_over) break;
        }
        return cells;
    }

    // Quotes resolved.
    std::string value(const Cell& cell) const {
        std::string value;
        const bool is_quoted = cell.end > cell.begin && text_[cell.begin] == '"';
        const std::size_t last = is_quoted ? cell.end - 1 : cell.end;
        for (std::size_t i = cell.begin + (is_quoted ? 1 : 0); i < last; ++i) {
            value += text_[i];
            if (is_quoted && text_[i] == '"') ++i;
        }
        return value;
    }

  private:
    Cell next_cell() {
        Cell cell{at_, at_};
        if (at_ < text_.size() && text_[at_] == '"') skip_quoted();
        while (at_ < text_.size() && text_[at_] != separator_ && !is_line_break()) ++at_;
        cell.end = at_;
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

    bool is_line_break() const { return text_[at_] == '\n' || text_.compare(at_, 2, "\r\n") == 0; }

    void skip_separator() {
        if (at_ >= text_.size()) return;
        at_ += text_[at_] == '\r' ? 2 : 1;
    }

    const std::string& text_;
    std::size_t at_;
    char separator_;
};

using Places = std::vector<Cell>;

Places codes_in_csv(const std::string& text) {
    CsvPlaces places(text);
    const std::vector<Cell> header = places.next_row();
    std::size_t column = 0;
    while (column < header.size() && !is_code_field(places.value(header[column]))) ++column;
    Places codes;
    if (column == header.size()) return codes;
    for (auto row = places.next_row(); !row.empty(); row = places.next_row()) {
        const bool is_end = folded(trimmed(places.value(row.front()))) == "#end";
        if (is_end || row.size() <= column) continue;
        if (!is_harmless(places.value(row[column]))) codes.push_back(row[column]);
    }
    return codes;
}

// ---- YAML: no event tells where a scalar ends, so its writing is followed.

bool is_part_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skip_blanks(const std::string& text, std::size_t at) {
    while (at < text.size() && is_blank(text[at])) ++at;
    return at;
}

// Behind the colon of the key that begins at `at`; kNone if it is no key.
std::size_t behind_colon(const std::string& text, std::size_t at) {
    std::size_t end = at + kField.size();
    if (end < text.size() && (text[end] == '"' || text[end] == '\'')) ++end;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    return end < text.size() && text[end] == ':' ? end + 1 : kNone;
}

// Whether the key stands inside braces: there a comma or a brace ends its value.
bool is_in_braces(const std::string& text, std::size_t key) {
    while (key > 0 && (is_blank(text[key - 1]) || text[key - 1] == '"' || text[key - 1] == '\'')) {
        --key;
    }
    return key > 0 && (text[key - 1] == '{' || text[key - 1] == ',');
}

std::size_t end_of_quoted(const std::string& text, std::size_t at) {
    const char quote = text[at];
    for (++at; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
        } else if (text[at] == quote) {
            const bool is_doubled = quote == '\'' && at + 1 < text.size() && text[at + 1] == quote;
            if (!is_doubled) return at + 1;
            ++at;
        }
    }
    return text.size();
}

std::size_t end_of_plain(const std::string& text, std::size_t at, bool in_braces) {
    const std::size_t line = std::min(text.find('\n', at), text.size());
    std::size_t end = std::min(text.find(" #", at), line);
    if (in_braces) end = std::min(text.find_first_of(",}", at), end);
    while (end > at && is_blank(text[end - 1])) --end;
    return end;
}

Cell value_at(const std::string& text, std::size_t key, std::size_t colon) {
    const std::size_t begin = skip_blanks(text, colon);
    if (begin == text.size()) return {begin, begin};
    const bool is_quoted = text[begin] == '"' || text[begin] == '\'';
    return {begin, is_quoted ? end_of_quoted(text, begin)
                             : end_of_plain(text, begin, is_in_braces(text, key))};
}

Places codes_in_yaml(const std::string& text) {
    const std::string lower = folded(text);
    Places codes;
    for (std::size_t at = lower.find(kField); at != kNone; at = lower.find(kField, at + 1)) {
        if (at > 0 && is_part_of_name(lower[at - 1])) continue;
        const std::size_t colon = behind_colon(lower, at);
        if (colon == kNone) continue;
        const Cell value = value_at(text, at, colon);
        const std::string_view written(text.data() + value.begin, value.end - value.begin);
        const bool is_empty = written.empty() || written == "\"\"" || written == "''";
        if (!is_empty) codes.push_back(value);
    }
    return codes;
}

// ---- Put together, and looked at with the readers' own eyes.

std::string replaced(const std::string& text, const Places& places) {
    std::string result;
    std::size_t kept_to = 0;
    for (const Cell& place : places) {
        if (place.begin < kept_to) continue;  // Within a value that is gone already.
        result.append(text, kept_to, place.begin - kept_to).append(kWiped);
        kept_to = place.end;
    }
    return result.append(text, kept_to);
}

// Line by line, as the readers want it.
auto lines_of(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    return [rest = text]() mutable {
        const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size()) + 1);
        rest.remove_prefix(line.size());
        return line;
    };
}

bool is_csv_wiped(const std::string& text) {
    std::size_t column = kNone;
    bool has_header = false, is_wiped = true;
    const auto trouble = read_csv_rows(lines_of(text), {}, [&](CsvRow&& row) {
        if (!std::exchange(has_header, true)) {
            const auto found = std::find_if(row.cells.begin(), row.cells.end(), is_code_field);
            if (found != row.cells.end()) {
                column = static_cast<std::size_t>(found - row.cells.begin());
            }
        } else if (column < row.cells.size() && folded(trimmed(row.cells.front())) != "#end") {
            is_wiped = is_wiped && is_harmless(row.cells[column]);
        }
        return true;
    });
    return is_wiped && !trouble;
}

bool is_node_wiped(std::string_view name, const YamlNode& node) {
    if (node.form == YamlNode::Form::scalar) return !is_code_field(name) || is_harmless(node.text);
    return std::all_of(node.members.begin(), node.members.end(), [](const auto& member) {
        return is_node_wiped(member.first, member.second);
    });
}

bool is_yaml_wiped(const std::string& text) {
    bool is_wiped = true;
    read_yaml_parts(
        lines_of(text), {},
        [&](YamlPart&& part) {
            is_wiped = is_wiped && is_node_wiped(part.name, part.node) &&
                       is_node_wiped(part.section, part.node);
        },
        [&](YamlTrouble&& trouble) { is_wiped = is_wiped && !trouble.ends_reading; });
    return is_wiped;
}

}  // namespace

std::optional<std::string> with_codes_wiped(const std::string& text, FileFormat format) {
    if (text == kGivenUp) return std::nullopt;
    const bool is_csv = format == FileFormat::csv;
    std::string wiped = replaced(text, is_csv ? codes_in_csv(text) : codes_in_yaml(text));
    if (!(is_csv ? is_csv_wiped(wiped) : is_yaml_wiped(wiped))) return std::string(kGivenUp);
    if (wiped == text) return std::nullopt;
    return wiped;
}

}  // namespace domspool
