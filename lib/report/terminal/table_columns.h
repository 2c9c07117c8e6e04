// Columns of a table for people: one of them, the domain's, takes what the terminal leaves.
#pragma once

#include "report/terminal/appearance.h"
#include "report/terminal/text_width.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

struct TableColumn {
    std::string title;
    int width = 0;  // at least
    Align align = Align::left;
    bool takes_the_rest = false;
};

struct TableCell {
    std::string text;  // harmless already
    std::string_view colour = {};
};

class TableColumns {
  public:
    TableColumns(const Look& look, std::vector<TableColumn> columns);

    std::string header() const;
    // A line, ended. On a terminal a domain too wide for its column gets a line of its own.
    std::string line(const std::vector<TableCell>& cells) const;
    // Words that belong to the line above: indented and wrapped. Only for a terminal.
    std::string note(std::string_view words) const;

  private:
    std::string joined(const std::vector<TableCell>& cells, std::size_t begin,
                       std::size_t end) const;

    Look look_;
    std::vector<TableColumn> columns_;
    std::size_t flexible_ = 0;
};

// "" or the text between the colour's begin and end, as the look allows.
std::string coloured(std::string_view text, std::string_view colour, const Look& look);
// By the word: done green, failed and refused red, held and in doubt magenta, others plain or dim.
std::string_view colour_of_state(std::string_view state);
inline constexpr std::string_view kBold = "\x1b[1m";

// An A-label name with its Unicode form behind it where they differ, else made harmless.
std::string shown_domain(std::string_view domain);

}  // namespace domspool
