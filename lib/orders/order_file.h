// The text of an order file into rows, streaming. Pure: bytes in, rows and problems out.
#pragma once

#include "orders/line_spans.h"
#include "orders/order.h"
#include "util/secret.h"

#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

enum class FileFormat { csv, yaml };
std::optional<FileFormat> format_of_name(std::string_view file_name);  // .csv .yaml .yml, any case

// A problem of a file: where and what. line 0: the whole file. An auth_code's value is never in it.
struct Problem {
    std::string file;
    int line = 0;
    std::string field;
    std::string value;
    std::string reason;
    LineSpans also = {};      // other lines with the same problem, whatever the value there
    bool is_of_file = false;  // nothing of the file is taken

    LineSpans lines() const;  // all of them
    void join(const Problem& equal);
};
// Of the different problems of one file so many are kept; of the others their number.
inline constexpr std::size_t kMostProblems = 5'000;
// "orders.csv:12: owner.phone '0033…': must be …"; one line, control characters shown as
// visible_text does, invisible signs by their number. Behind it stand the other lines.
std::string to_text(const Problem& problem);

// The order that a row of a result file stands for.
struct NamedOrder {
    std::optional<OrderId> order;
    std::string ledger;  // the id of the ledger that has it; "": not told
};

struct OrderRow {
    int line = 0;  // first line of the row in the file
    OrderKind kind;
    FieldMap given;              // cells as they came, flat, without auth_code (for result files)
    FieldMap normalised;         // filled when faults is empty
    std::optional<Order> order;  // the same
    Secret auth_code;            // or "(kept)"
    std::vector<FieldFault> faults;  // of very many the first, and how many more there are
    NamedOrder named = {};
};

enum class OnError { accept_good_rows, refuse_file };

struct FileLimits {
    std::size_t bytes = 64u << 20;
    std::size_t cell_bytes = 64u << 10;
    std::size_t columns = 1000;
    int yaml_depth = 8;
    bool require_count = false;
};

struct FileRequest {
    std::string name;  // shown in problems; also routes the kind (transfer-*.csv)
    FileFormat format;
    std::optional<OrderKind> program_kind;  // the kind of the program, if it has one
    FileLimits limits;
};

struct FileReading {
    std::vector<Problem> file_problems;  // not empty: the whole file is refused
    std::vector<std::string> columns;  // CSV: header as it came; YAML: fields in order of first use
    OnError on_error = OnError::accept_good_rows;
    int rows = 0;
    int bad_rows = 0;
    bool states_count = false;  // in a last row '#end,N', or as `count:`
    std::string content_hash;   // sha256, hex, over all bytes
};

// Rows are handed out as they are read, good and bad; a file problem may still turn up later, so
// nothing may be sent before this returns. Memory does not grow with the file.
FileReading read_order_file(std::istream& in, const FileRequest& request,
                            const std::function<void(OrderRow&&)>& take);

}  // namespace domspool
