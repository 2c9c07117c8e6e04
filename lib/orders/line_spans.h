// Line numbers, thousands of them, as "2, 7, 9-1004".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace domspool {

class LineSpans {
  public:
    // In any order; of very many spans the last ones are only counted. A number twice counts twice.
    void add(int line);
    void add(const LineSpans& others);
    int count() const { return count_; }
    // Of more than `most` spans the first, and "…".
    std::string text(std::size_t most = 12) const;
    friend bool operator==(const LineSpans&, const LineSpans&) = default;

  private:
    struct Span {
        int first = 0, last = 0;
        friend bool operator==(const Span&, const Span&) = default;
    };
    std::vector<Span> spans_;
    int count_ = 0;
    bool is_cut_ = false;
};

}  // namespace domspool
