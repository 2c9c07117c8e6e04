// Lines of one sort below a complaint: all are counted, the first few are told, so that a file of
// which every row is wrong does not fill a mailbox.
#pragma once

#include <string>
#include <vector>

namespace domspool {

class FirstLines {
  public:
    static constexpr int kTold = 20;

    void add(const std::string& line);
    int count() const { return count_; }
    // Each on a line of its own, indented, no line break at the end; then how many more there are.
    // "" without lines.
    std::string text() const;

  private:
    std::vector<std::string> told_;
    int count_ = 0;
};

}  // namespace domspool
