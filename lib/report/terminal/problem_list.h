// The problems of an order file, readable even if there are thousands: like ones together.
#pragma once

#include "orders/order_file.h"
#include "report/terminal/appearance.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

class ProblemList {
  public:
    // On a terminal so many different problems are written out, the others counted.
    static constexpr std::size_t kShown = 40;

    void add(const Problem& problem);
    // One of BatchRow::problems: "orders.csv:12: owner.phone '0033…': must be …".
    void add(int line, std::string_view problem_text);
    // Others, of which only the number is known.
    void add_more(std::size_t count) { more_ += count; }
    bool empty() const { return groups_.empty(); }

    // On a pipe each problem has a line of its own, nothing grouped. Of more than kMostProblems the
    // others are counted.
    // On a terminal:
    //   owner.phone: must be +CC.NUMBER, such as +33.123456789
    //       lines 2, 7, 9-1004 (998 rows), such as '0033…'
    std::string text(const Look& look) const;
    // Whether text() leaves something out.
    bool is_cut(const Look& look) const;

  private:
    struct Group {
        std::string field, reason, first_value;
        std::vector<int> lines;
    };
    void add(int line, std::string field, std::string value, std::string reason, std::string text);

    std::vector<Group> groups_;       // in order of first sight
    std::vector<std::string> texts_;  // as they came
    std::size_t more_ = 0;
    std::map<std::pair<std::string, std::string>, std::size_t> known_;
};

// All of them in such a list, without a line break at the end. `more`: of which only the number is
// known.
std::string problems_text(const std::vector<Problem>& problems, std::size_t more, const Look& look);

}  // namespace domspool
