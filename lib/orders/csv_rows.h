// The rows of a CSV file (RFC 4180), comma or semicolon, one after the other.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

struct CsvRow {
    int line = 0;  // its first one
    char separator = ',';
    std::vector<std::string> cells;
};

struct CsvLimits {
    std::size_t cell_bytes = 64u << 10;
    std::size_t columns = 1000;
};

struct CsvTrouble {
    int line = 0;
    std::string reason;
};

// What the lines before the first row say of the separator. Lines of separators and blanks say
// nothing, a line "sep=;" (which spreadsheets read and write) all; else it is the sign that the
// header has more of.
struct CsvSeparator {
    char sign = ',';
    bool is_named = false;  // by a line that is no row
};
std::optional<CsvSeparator> separator_in(std::string_view line);

// `next` gives the text piece by piece, nothing at its end. Cells come as they stand, quotes
// resolved, nothing trimmed. Lines and rows without a character (blanks and invisible signs are
// none) are no rows, however many there are; nor do empty cells beyond the limit count.
// A row is handed out only when its line break has been read: never half of one. Reading ends at
// the first trouble (wrong quotes, a limit, a text that ends inside a row), or when `take` says
// false.
std::optional<CsvTrouble> read_csv_rows(const std::function<std::string_view()>& next,
                                        const CsvLimits& limits,
                                        const std::function<bool(CsvRow&&)>& take);

}  // namespace domspool
