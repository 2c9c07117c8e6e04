// The problems of an order file, readable even if there are thousands: equal ones together, the
// worst first.
#pragma once

#include "orders/order_file.h"
#include "report/terminal/appearance.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace domspool {

// One of BatchRow::problems: "orders.csv:12: owner.phone '0033…': must be …". What looks otherwise
// is a reason as a whole.
Problem problem_in(int line, std::string_view text);

class ProblemList {
  public:
    // On a terminal so many different problems are written out, the others counted.
    static constexpr std::size_t kShown = 40;

    // Of more than kMostProblems different ones the others are counted.
    void add(Problem problem);
    void add(int line, std::string_view problem_text) { add(problem_in(line, problem_text)); }
    // Others, of which only the number is known.
    void add_more(std::size_t count) { more_ += count; }
    bool empty() const { return groups_.empty(); }

    // What refuses the whole file first, then what is wrong with most rows; each with the first
    // value and the other lines.
    std::vector<Problem> worst_first() const;
    std::size_t more() const { return more_; }

    // On a pipe each has a line of its own, as to_text() puts it.
    // On a terminal:
    //   owner.phone: must be +CC.NUMBER, such as +33.123456789
    //       lines 2, 7, 9-1004 (998 rows), such as '0033…'
    // `most`: of more the others are counted.
    std::string text(const Look& look, std::size_t most = kMostProblems) const;
    // Whether text() leaves something out.
    bool is_cut(const Look& look) const;

  private:
    std::vector<Problem> groups_;  // in order of first sight
    std::size_t more_ = 0;
    std::map<std::pair<std::string, std::string>, std::size_t> known_;
};

// All of them in such a list, without a line break at the end. `more`: of which only the number is
// known.
std::string problems_text(const std::vector<Problem>& problems, std::size_t more, const Look& look,
                          std::size_t most = kMostProblems);

}  // namespace domspool
