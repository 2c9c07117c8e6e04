#include "report/terminal/csv_line.h"

#include "orders/retyped_cells.h"

namespace domspool {

namespace {

std::string quoted_cell(const std::string& cell) {
    if (cell.find_first_of(",;\"\r\n\t") == std::string::npos &&
        (cell.empty() || (cell.front() != ' ' && cell.back() != ' '))) {
        return cell;
    }
    std::string quoted = "\"";
    for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
}

}  // namespace

std::string neutralised(std::string_view cell) {
    const std::size_t first = cell.find_first_not_of('\'');
    const bool would_run = first != std::string_view::npos &&
                           std::string_view("=+-@\t\r").find(cell[first]) != std::string_view::npos;
    return would_run ? "'" + std::string(cell) : std::string(cell);
}

void CsvLine::add(std::string_view cell) {
    append(neutralised(cell));
}

void CsvLine::add_as_text(std::string_view cell) {
    append(retyped_cells::guarded(cell));
}

void CsvLine::append(const std::string& cell) {
    if (!is_first_) text_ += ',';
    is_first_ = false;
    text_ += quoted_cell(cell);
}

std::string csv_line(const std::vector<std::string>& cells) {
    CsvLine line;
    for (const std::string& cell : cells) line.add(cell);
    return line.ended();
}

}  // namespace domspool
