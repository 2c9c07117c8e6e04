#include "report/terminal/table_columns.h"

#include "orders/domain_name.h"
#include "util/visible_text.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace domspool {

namespace {

constexpr int kGap = 2;
constexpr int kNarrowestRest = 16;
constexpr int kNoteIndent = 7;
constexpr std::string_view kColourEnd = "\x1b[0m";

std::string blanks(int count) {
    return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

void trim_end(std::string& line) {
    line.erase(line.find_last_not_of(' ') + 1);
}

}  // namespace

TableColumns::TableColumns(const Look& look, std::vector<TableColumn> columns)
    : look_(look), columns_(std::move(columns)) {
    int used = kGap * (static_cast<int>(columns_.size()) - 1);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (columns_[i].takes_the_rest) {
            flexible_ = i;
        } else {
            used += columns_[i].width;
        }
    }
    if (look_.is_terminal()) {
        columns_[flexible_].width = std::max(kNarrowestRest, look_.width - used);
    }
}

std::string TableColumns::joined(const std::vector<TableCell>& cells, std::size_t begin,
                                 std::size_t end) const {
    std::string line;
    for (std::size_t i = begin; i < end; ++i) {
        // The blanks stay outside of the colour, so that the line's end can be trimmed.
        const std::string missing = blanks(columns_[i].width - text_width(cells[i].text));
        const std::string cell = coloured(cells[i].text, cells[i].colour, look_);
        line += columns_[i].align == Align::left ? cell + missing : missing + cell;
        if (i + 1 < columns_.size()) line += blanks(kGap);
    }
    return line;
}

std::string TableColumns::header() const {
    std::vector<TableCell> titles;
    for (const TableColumn& column : columns_) titles.push_back({column.title});
    std::string line = joined(titles, 0, titles.size());
    trim_end(line);
    return coloured(line, kBold, look_) + "\n";
}

std::string TableColumns::line(const std::vector<TableCell>& cells) const {
    const bool fits = text_width(cells[flexible_].text) <= columns_[flexible_].width;
    std::string line;
    if (fits || !look_.is_terminal()) {
        line = joined(cells, 0, cells.size());
    } else {
        std::string first = joined(cells, 0, flexible_);
        int width = 0;
        for (std::size_t i = 0; i < flexible_; ++i) width += columns_[i].width + kGap;
        const std::vector<std::string> parts = wrapped(cells[flexible_].text, look_.width - width);
        for (const std::string& part : parts) {
            line += std::exchange(first, blanks(width)) + part + "\n";
        }
        line += blanks(width + columns_[flexible_].width + kGap);
        line += joined(cells, flexible_ + 1, cells.size());
    }
    trim_end(line);
    return line + "\n";
}

std::string TableColumns::note(std::string_view words) const {
    std::string text;
    for (const std::string& line : wrapped(words, look_.width - kNoteIndent)) {
        text += blanks(kNoteIndent) + line + "\n";
    }
    return text;
}

std::string coloured(std::string_view text, std::string_view colour, const Look& look) {
    if (!look.colours || colour.empty() || text.empty()) return std::string(text);
    return std::string(colour) + std::string(text) + std::string(kColourEnd);
}

std::string_view colour_of_state(std::string_view state) {
    if (state == "done") return "\x1b[32m";
    if (state == "failed" || state == "refused") return "\x1b[31m";
    if (state == "held" || state == "in_doubt" || state == "done_open_ends") return "\x1b[35m";
    if (state == "skipped" || state == "cancelled") return "\x1b[2m";
    return "";
}

std::string shown_domain(std::string_view domain) {
    const auto parsed = DomainName::parse(domain);
    const auto* name = std::get_if<DomainName>(&parsed);
    return visible_text(name != nullptr && name->ascii() == domain ? name->shown()
                                                                   : std::string(domain));
}

}  // namespace domspool
