// A line of a CSV text (RFC 4180, comma) that a spreadsheet may open.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// A cell a spreadsheet would run as a formula, with a ' in front; all others as they are.
std::string neutralised(std::string_view cell);

// Cells are quoted where they must be.
class CsvLine {
  public:
    void add(std::string_view cell);  // neutralised
    // Guarded against all that a spreadsheet would make another text of, for what is read again
    // (orders/retyped_cells).
    void add_as_text(std::string_view cell);
    std::string ended() const { return text_ + "\n"; }

  private:
    void append(const std::string& cell);

    std::string text_;
    bool is_first_ = true;
};

// All of them in one line, ended by LF.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace domspool
