// Rows of several files that went wrong, equal ones told together (report/terminal/problem_list).
#pragma once

#include "report/terminal/problem_list.h"

#include <map>
#include <string>
#include <vector>

namespace domspool {

// A row, and what is wrong with it.
struct WrongRow {
    std::string file, domain;
    int line = 0;
    std::string why;                         // "failed: the domain is not available"
    std::vector<std::string> problems = {};  // of a refused one, as BatchRow has them: in its place
};

class GroupedRows {
  public:
    // So many different problems are told, of the others there is the number: a mail stays short.
    static constexpr std::size_t kTold = 20;

    void add(const WrongRow& row);
    int count() const { return rows_; }
    // Each on a line of its own, behind a line break; the file with most such rows first, and of
    // its problems the worst.
    std::string text(const Look& look) const;

  private:
    struct OfFile {
        int rows = 0;
        ProblemList list;
    };

    std::map<std::string, OfFile> files_;
    int rows_ = 0;
};

// The same for rows with the same problems, whatever their values.
std::string kind_of_trouble(const WrongRow& row);

}  // namespace domspool
