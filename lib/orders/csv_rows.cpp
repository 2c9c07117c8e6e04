#include "orders/csv_rows.h"

#include "orders/invisible_signs.h"
#include "orders/order_values.h"

#include <csv.h>

#include <algorithm>
#include <new>
#include <tuple>

namespace domspool {

namespace {

constexpr std::size_t kSlice = 4096;

int nothing_is_space(unsigned char) {
    return 0;
}

// What libcsv says, gathered for one physical line. The callbacks run below C code, so nothing may
// be thrown from them: out of memory ends the program.
class Gathered {
  public:
    explicit Gathered(std::size_t most_cells = 0) : most_cells_(most_cells) {}

    std::vector<std::string> cells;
    bool is_too_wide = false;  // a cell beyond the limit holds something
    int rows_ended = 0;
    std::size_t cells_ended = 0;
    std::size_t longest_cell = 0;

    static void end_cell(void* text, std::size_t length, void* self) noexcept {
        auto& gathered = *static_cast<Gathered*>(self);
        const std::string_view cell(static_cast<const char*>(text), length);
        // After a carriage return in mid-line all that follows is refused anyway.
        if (gathered.rows_ended == 0) gathered.take(cell);
        ++gathered.cells_ended;
        gathered.longest_cell = std::max(gathered.longest_cell, length);
    }
    static void end_row(int, void* self) noexcept { ++static_cast<Gathered*>(self)->rows_ended; }

  private:
    void take(std::string_view cell) {
        if (cells.size() < most_cells_) {
            cells.emplace_back(cell);
        } else if (!invisible_signs::trimmed(cell).empty()) {
            is_too_wide = true;
        }
    }

    std::size_t most_cells_;
};

class Parser {
  public:
    Parser() {
        if (::csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
        ::csv_set_space_func(&parser_, nothing_is_space);
    }
    ~Parser() { ::csv_free(&parser_); }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    void separate_by(char separator) {
        ::csv_set_delim(&parser_, static_cast<unsigned char>(separator));
    }
    // False: the quotes are wrong.
    bool feed(std::string_view text, Gathered& gathered) {
        return ::csv_parse(&parser_, text.data(), text.size(), Gathered::end_cell,
                           Gathered::end_row, &gathered) == text.size();
    }
    // What stands behind the last line break, into `gathered`. False: a quote is open.
    bool finish(Gathered& gathered) {
        return ::csv_fini(&parser_, Gathered::end_cell, Gathered::end_row, &gathered) == 0;
    }

  private:
    csv_parser parser_;
};

char separator_of(std::string_view header) {
    const auto count = [&](char sign) { return std::count(header.begin(), header.end(), sign); };
    return count(';') > count(',') ? ';' : ',';
}

bool holds_nothing(std::string_view line) {
    return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// The sign behind "sep=", whatever a spreadsheet put around it when it saved the line as a row.
std::optional<char> named_separator(std::string_view line) {
    std::string text = invisible_signs::trimmed(line);
    if (text.starts_with('"')) text.erase(0, 1);
    if (order_values::folded(text.substr(0, 4)) != "sep=" || text.size() < 5) return std::nullopt;
    const bool is_all = text.find_first_not_of(" \t\r\n,;\"", 5) == std::string::npos;
    return is_all ? std::optional(text[4]) : std::nullopt;
}

// Whether a person sees anything in it.
bool holds_a_character(const std::vector<std::string>& cells) {
    return std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
        return !cell.empty() && !invisible_signs::trimmed(cell).empty();
    });
}

class Reading {
  public:
    Reading(const CsvLimits& limits, const std::function<bool(CsvRow&&)>& take)
        : limits_(limits), take_(take), gathered_(limits.columns) {}

    std::optional<CsvTrouble> run(const std::function<std::string_view()>& next) {
        for (std::string_view piece = next(); !piece.empty() && goes_on(); piece = next()) {
            while (!piece.empty() && goes_on()) {
                const std::size_t end = std::min(piece.find('\n'), piece.size() - 1) + 1;
                feed(piece.substr(0, end));
                piece.remove_prefix(end);
            }
        }
        if (goes_on()) look_at_end();
        return trouble_;
    }

  private:
    bool goes_on() const { return !trouble_ && !is_enough_; }

    void stop(const std::string& reason) { stop_at(line_, reason); }
    void stop_at(int line, const std::string& reason) { trouble_ = CsvTrouble{line, reason}; }

    // A physical line or a part of one.
    void feed(std::string_view text) {
        const bool is_whole = text.back() == '\n';
        if (!is_separator_known_) {
            first_line_ += text;
            if (!is_whole && first_line_.size() <= limits_.cell_bytes) return;
            const auto separator = separator_in(first_line_);
            if (!separator) return skip_first_line();
            if (separator->sign != ',' && separator->sign != ';') {
                return stop("names a separator that is not taken; commas or semicolons are wanted");
            }
            separator_ = separator->sign;
            parser_.separate_by(separator_);
            is_separator_known_ = true;
            if (separator->is_named) return skip_first_line();
            const std::string line = std::move(first_line_);
            return feed_line(line, is_whole);
        }
        feed_line(text, is_whole);
    }

    void skip_first_line() {
        first_line_.clear();
        ++line_;
    }

    void feed_line(std::string_view text, bool is_whole) {
        const bool is_nothing = row_line_ == 0 && holds_nothing(text);
        if (is_nothing && is_whole && !is_line_begun_) {
            ++line_;
            return;
        }
        is_line_begun_ = !is_whole;
        if (row_line_ == 0 && !is_nothing) row_line_ = line_;
        while (!text.empty() && !trouble_) {
            const std::string_view slice = text.substr(0, kSlice);
            feed_slice(slice);
            text.remove_prefix(slice.size());
        }
        if (!trouble_ && is_whole) end_line();
    }

    void feed_slice(std::string_view slice) {
        const std::size_t cells_before = gathered_.cells_ended;
        if (!parser_.feed(slice, gathered_)) return stop_at_wrong_quote();
        open_bytes_ = gathered_.cells_ended == cells_before ? open_bytes_ + slice.size() : kSlice;
        if (gathered_.longest_cell > limits_.cell_bytes ||
            open_bytes_ > limits_.cell_bytes + 2 * kSlice) {
            const bool is_opened_before = row_line_ < line_;
            return stop_at(is_opened_before ? quote_line_ : line_,
                           "holds a cell of more than " + std::to_string(limits_.cell_bytes) +
                               " bytes" +
                               (is_opened_before ? "; its quote may not be closed" : ""));
        }
        if (gathered_.is_too_wide) {
            stop("has more than " + std::to_string(limits_.columns) + " cells");
        }
    }

    // A cell that was opened lines before, and closed in the midst of a later row's cell, was left
    // open there.
    void stop_at_wrong_quote() {
        const bool is_opened_before =
            row_line_ < line_ && gathered_.cells_ended == cells_at_line_begin_;
        if (!is_opened_before) {
            return stop(
                "has wrong quotes: a quote opens a cell at its beginning and closes it at "
                "its end, and is written twice inside");
        }
        stop_at(quote_line_, "opens a quote that is not closed in its cell: it goes on to line " +
                                 std::to_string(line_) +
                                 "; close it at the end of the cell, and write quotes inside "
                                 "twice");
    }

    void end_line() {
        if (gathered_.rows_ended > 1) {
            return stop(
                "holds a CR (carriage return) inside a row; save the file with LF or CRLF at the "
                "end of lines");
        }
        if (gathered_.rows_ended == 1) {
            end_row();
        } else if (row_line_ == line_ || gathered_.cells_ended != cells_at_line_begin_) {
            quote_line_ = line_;  // Only within quotes does a row go on behind a line's end.
        }
        cells_at_line_begin_ = gathered_.cells_ended;
        ++line_;
    }

    void end_row() {
        CsvRow row{row_line_, separator_, std::move(gathered_.cells)};
        gathered_ = Gathered(limits_.columns);
        row_line_ = 0;
        open_bytes_ = 0;
        if (holds_a_character(row.cells)) is_enough_ = !take_(std::move(row));
    }

    void look_at_end() {
        if (!is_separator_known_ && !first_line_.empty()) {
            if (!separator_in(first_line_)) return;
            row_line_ = quote_line_ = line_;
            std::ignore = parser_.feed(first_line_, gathered_);
        }
        if (row_line_ == 0) return;
        const bool is_in_this_line =
            row_line_ == line_ || gathered_.cells_ended != cells_at_line_begin_;
        if (!parser_.finish(gathered_)) {
            return stop_at(is_in_this_line ? line_ : quote_line_,
                           "opens a quote that is not closed up to the end of the file; close it "
                           "at the end of its cell");
        }
        if (!holds_a_character(gathered_.cells)) return;
        stop(
            "has no line break at its end: the file may be cut short. If it is whole, end its "
            "last line");
    }

    const CsvLimits& limits_;
    const std::function<bool(CsvRow&&)>& take_;
    Parser parser_;
    char separator_ = ',';
    Gathered gathered_;
    std::string first_line_;
    bool is_separator_known_ = false, is_enough_ = false;
    bool is_line_begun_ = false;  // part of the line has been fed
    int line_ = 1;
    int row_line_ = 0;    // where the open row began; 0: none is open
    int quote_line_ = 0;  // where the cell was opened that goes on behind a line's end
    std::size_t cells_at_line_begin_ = 0;
    std::size_t open_bytes_ = 0;
    std::optional<CsvTrouble> trouble_;
};

}  // namespace

std::optional<CsvSeparator> separator_in(std::string_view line) {
    if (const auto sign = named_separator(line)) return CsvSeparator{*sign, true};
    const bool has_open_quote = std::count(line.begin(), line.end(), '"') % 2 != 0;
    const bool holds_a_sign = !invisible_signs::trimmed(line).empty() &&
                              line.find_first_not_of(" \t\r\n,;\"") != std::string_view::npos;
    if (!holds_a_sign && !has_open_quote) return std::nullopt;
    return CsvSeparator{separator_of(line), false};
}

std::optional<CsvTrouble> read_csv_rows(const std::function<std::string_view()>& next,
                                        const CsvLimits& limits,
                                        const std::function<bool(CsvRow&&)>& take) {
    return Reading(limits, take).run(next);
}

}  // namespace domspool
