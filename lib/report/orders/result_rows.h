// The text of a result file: the input's columns, and what became of each row (ORDER-FILES,
// "Result files").
#pragma once

#include "ledger/ledger_records.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

class ResultRows {
  public:
    enum class PreviousNameservers { left_out, shown };
    // Result columns among the input's (of a result file dropped again) are not repeated.
    // `ledger`: the id of the ledger that has the orders.
    ResultRows(const std::vector<std::string>& input_columns, PreviousNameservers previous,
               std::string ledger);

    // CSV with commas, UTF-8, each line ended by LF; a byte order mark first, so that spreadsheets
    // read it as UTF-8. Cells they would make another text of are guarded.
    std::string header() const;
    std::string row(const BatchRow& row, std::string_view previous_nameservers = {}) const;
    // For an input that said how many rows it has.
    static std::string end(int rows);

  private:
    std::vector<std::string> columns_;
    PreviousNameservers previous_;
    std::string ledger_;
};

// Tells whether a text is an older result of the same rows: the same header, line by line the same
// input, and the same order wherever there was one. Only such a file is written over. Results from
// before there was a column `ledger` are known as well.
class ResultComparison {
  public:
    // `existing` must outlive this.
    explicit ResultComparison(std::string_view existing);
    // What would stand there now, line by line: the header, then each row, then the end if any.
    void compare(std::string_view line);
    // After the last line.
    bool is_same_batch() const { return is_same_ && rest_.empty(); }

  private:
    using Cells = std::vector<std::string>;
    void compare_header(Cells now, const Cells& old);
    void compare_row(const Cells& now, const Cells& old);

    std::string_view rest_;
    Cells header_;  // of the older one
    // Where `ledger` stands in what would stand there now, of a result that has no such column:
    // then its cells are not guarded either.
    std::optional<std::size_t> missing_ledger_;
    bool is_same_ = true;
};

}  // namespace domspool
