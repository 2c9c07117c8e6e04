#include "report/terminal/first_lines.h"

namespace domspool {

void FirstLines::add(const std::string& line) {
    ++count_;
    if (count_ <= kTold) told_.push_back(line);
}

std::string FirstLines::text() const {
    std::string text;
    for (const std::string& line : told_) text += "\n  " + line;
    const int more = count_ - static_cast<int>(told_.size());
    if (more > 0) text += "\n  and " + std::to_string(more) + " more";
    return text;
}

}  // namespace domspool
