// Domains and references that stand twice in one file, with the same kind of order: which of the
// rows was meant is not to be guessed. Memory is a few bytes for each row, whatever stands in it.
#pragma once

#include "orders/order_file.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace domspool {

class RepeatedRows {
  public:
    // All rows of the file, refused ones too.
    void note(const OrderRow& row);
    // Whether some seem to stand twice, by their digests: then the file is to be read again.
    bool is_second_look_needed();

    // All rows once more, then what is wrong: of each domain and reference one problem, at its
    // first row. What such a problem refuses besides rows that are refused anyway is counted.
    void look_again(const OrderRow& row);
    std::vector<Problem> problems(const std::string& file) const;
    int newly_bad_rows() const;

  private:
    // A row that names its order is that order, and not refused here.
    enum class RowIs { good, bad, named };
    struct Mark {
        std::uint64_t digest;
        int line;
        RowIs is;
    };
    struct Repeated {
        std::string value;
        std::vector<int> lines;
    };
    using ByText = std::map<std::string, Repeated>;  // kind and text

    static void keep_repeated(std::vector<Mark>& marks);
    static void look_at(const std::vector<Mark>& marks, ByText& found, const OrderRow& row,
                        const std::string& text);

    std::vector<Mark> domains_, references_;
    ByText found_domains_, found_references_;
};

}  // namespace domspool
