// What checks found: printed as it comes, and complained of at the end, once, where it is wrong.
#pragma once

#include "report/terminal/console.h"
#include "report/terminal/finding.h"

#include <functional>
#include <string>
#include <vector>

namespace domspool {

class Findings {
  public:
    explicit Findings(Console& console) : console_(console) {}

    void tell(const Finding& finding);
    // Whether the check comes to its end. The class and the words of a failure are its own; `next`
    // says where to go on.
    bool holds(const std::string& check, const std::string& next,
               const std::function<void()>& look);
    void end();

  private:
    Console& console_;
    std::vector<ExitCode> codes_;
    std::string wrong_;
};

}  // namespace domspool
