#include "orders/csv_rows.h"

#include "orders/order_values.h"

#include <csv.h>

#include <algorithm>
#include <new>

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
    std::vector<std::string> cells;
    int rows_ended = 0;
    std::size_t cells_ended = 0;
    std::size_t longest_cell = 0;

    static void end_cell(void* text, std::size_t length, void* self) noexcept {
        auto& gathered = *static_cast<Gathered*>(self);
        // After a carriage return in mid-line all that follows is refused anyway.
        if (gathered.rows_ended == 0) {
            gathered.cells.emplace_back(static_cast<const char*>(text), length);
        }
        ++gathered.cells_ended;
        gathered.longest_cell = std::max(gathered.longest_cell, length);
    }
    static void end_row(int, void* self) noexcept { ++static_cast<Gathered*>(self)->rows_ended; }
};

class Parser {
  public:
    Parser() {
        if (::csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
        ::csv_set_space_func(&parser_, nothing_is_space);
    }
    // Never csv_fini: after an error it would hand out the half row.
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

// Whether a person sees anything in it.
bool holds_a_character(const std::vector<std::string>& cells) {
    return std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
        return !cell.empty() && !order_values::trimmed(cell).empty();
    });
}

class Reading {
  public:
    Reading(const CsvLimits& limits, const std::function<bool(CsvRow&&)>& take)
        : limits_(limits), take_(take) {}

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

    void stop(const std::string& reason) { trouble_ = CsvTrouble{line_, reason}; }

    // A physical line or a part of one.
    void feed(std::string_view text) {
        const bool is_whole = text.back() == '\n';
        if (!is_separator_known_) {
            first_line_ += text;
            if (!is_whole && first_line_.size() <= limits_.cell_bytes) return;
            if (holds_nothing(first_line_)) return skip_first_line();
            parser_.separate_by(separator_of(first_line_));
            is_separator_known_ = true;
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
        if (!parser_.feed(slice, gathered_)) {
            return stop(
                "has wrong quotes: a quote opens a cell at its beginning and closes it at "
                "its end, and is written twice inside");
        }
        open_bytes_ = gathered_.cells_ended == cells_before ? open_bytes_ + slice.size() : kSlice;
        if (gathered_.longest_cell > limits_.cell_bytes ||
            open_bytes_ > limits_.cell_bytes + 2 * kSlice) {
            return stop("holds a cell of more than " + std::to_string(limits_.cell_bytes) +
                        " bytes" + (row_line_ < line_ ? "; its quote may not be closed" : ""));
        }
        if (gathered_.cells_ended > limits_.columns) {
            stop("has more than " + std::to_string(limits_.columns) + " cells");
        }
    }

    void end_line() {
        if (gathered_.rows_ended > 1) {
            return stop("holds a carriage return inside a row; lines end in CRLF or LF");
        }
        if (gathered_.rows_ended == 1) {
            CsvRow row{row_line_, std::move(gathered_.cells)};
            gathered_ = {};
            row_line_ = 0;
            open_bytes_ = 0;
            if (holds_a_character(row.cells)) is_enough_ = !take_(std::move(row));
        }
        ++line_;
    }

    void look_at_end() {
        if (!is_separator_known_ && !first_line_.empty()) row_line_ = line_;
        if (row_line_ == 0) return;
        line_ = row_line_;
        stop("begins a row that does not end: the file is cut short, or a quote is not closed");
    }

    const CsvLimits& limits_;
    const std::function<bool(CsvRow&&)>& take_;
    Parser parser_;
    Gathered gathered_;
    std::string first_line_;
    bool is_separator_known_ = false, is_enough_ = false;
    bool is_line_begun_ = false;  // part of the line has been fed
    int line_ = 1;
    int row_line_ = 0;  // where the open row began; 0: none is open
    std::size_t open_bytes_ = 0;
    std::optional<CsvTrouble> trouble_;
};

}  // namespace

std::optional<CsvTrouble> read_csv_rows(const std::function<std::string_view()>& next,
                                        const CsvLimits& limits,
                                        const std::function<bool(CsvRow&&)>& take) {
    return Reading(limits, take).run(next);
}

}  // namespace domspool
