// What became of the rows of a batch, for a person: a line for each, the refused rows' problems,
// totals, money, and the next command where a person is needed.
#pragma once

#include "report/orders/outcome_row.h"
#include "report/terminal/appearance.h"
#include "report/terminal/problem_list.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// Rows and money by state.
struct OutcomeTally {
    std::map<std::string, int> rows;              // by the word of the state, "refused" among them
    std::map<std::string, std::int64_t> ordered;  // cents by currency: done
    std::map<std::string, std::int64_t> pending;  // begun and not ended: may still be spent

    void add(const BatchRow& row);
    int total() const;
    int of(std::string_view state) const;
};

// "5 rows: 3 done, 1 failed, 1 refused", and the money's line if there is any. No line break.
std::string rows_in_words(const OutcomeTally& tally);
std::string money_in_words(const OutcomeTally& tally);

// Rows come in input order and are written as they come; what is kept does not grow with them, but
// for the problems of the refused. On a terminal rows that need nobody are only counted after the
// first kQuietShown, refused ones after the first kRefusedShown.
class OutcomeTable {
  public:
    static constexpr int kQuietShown = 200;
    static constexpr int kRefusedShown = 20;
    using Write = std::function<void(std::string_view)>;

    OutcomeTable(const Look& look, Write write);
    void add(const BatchRow& row);
    // Problems, totals, money, next commands, and where every row is to be found: the path of the
    // result file, or why there is none and the command that prints it; "" says nothing of it.
    void finish(const std::string& result_place);
    const OutcomeTally& tally() const { return tally_; }

  private:
    bool is_enough(const OutcomeRow& row);
    void write_row(const OutcomeRow& row, const std::string& words);
    void write_words(const std::string& words, const std::string& state = {});
    void write_next_commands();

    Look look_;
    Write write_;
    OutcomeTally tally_;
    ProblemList problems_;
    int quiet_ = 0, refused_ = 0, left_out_ = 0;
    std::map<std::string, std::vector<OrderId>> needing_a_person_;  // by state, the first few
    BatchId batch_ = 0;
    bool is_headed_ = false;
};

}  // namespace domspool
