// The text of a result file: the input's columns, and what became of each row (ORDER-FILES,
// "Result files").
#pragma once

#include "ledger/records.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// A cell a spreadsheet would run as a formula, with a ' in front; all others as they are. Reading
// takes one ' off again: nothing else begins with '= '+ '- '@ or such behind more than one '.
std::string neutralised(std::string_view cell);

// The cells neutralised, quoted where they must be, with commas between; ended by LF.
std::string csv_line(const std::vector<std::string>& cells);

class ResultRows {
  public:
    enum class PreviousNameservers { left_out, shown };
    // Result columns among the input's (of a result file dropped again) are not repeated.
    ResultRows(const std::vector<std::string>& input_columns, PreviousNameservers previous);

    // CSV with commas, UTF-8, each line ended by LF.
    std::string header() const;
    std::string row(const BatchRow& row, std::string_view previous_nameservers = {}) const;

  private:
    std::vector<std::string> columns_;
    PreviousNameservers previous_;
};

// Tells whether a text is an older result of the same rows: the same header, line by line the same
// input, and the same order wherever there was one. Only such a file is written over.
class ResultComparison {
  public:
    // `existing` must outlive this.
    explicit ResultComparison(std::string_view existing) : rest_(existing) {}
    // What would stand there now, line by line: the header, then each row.
    void compare(std::string_view line);
    // After the last line.
    bool is_same_batch() const { return is_same_ && rest_.empty(); }

  private:
    std::string_view rest_;
    std::vector<std::string> header_;
    bool is_same_ = true;
};

}  // namespace domspool
