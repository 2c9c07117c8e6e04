// What spool-run says of files: which were refused, and what it left alone.
#pragma once

#include "jobs/spool_intake.h"
#include "ledger/ledger.h"
#include "report/terminal/console.h"
#include "report/terminal/first_lines.h"
#include "spool/incoming.h"
#include "spool/spool_layout.h"

#include <map>
#include <string>
#include <vector>

namespace domspool {

class SpoolTelling {
  public:
    SpoolTelling(Console& console, const SpoolLayout& layout)
        : console_(console), layout_(layout) {}

    // What lies in incoming/ and is not taken. With a ledger each thing is complained of once, as
    // long as it stays as it is; a person hears of all of it.
    void tell_left_alone(const std::vector<LeftAlone>& left);
    // What is new stands in the next report as well.
    void tell_left_alone(const std::vector<LeftAlone>& left, Ledger& ledger, RunId run,
                         const Clock& clock);
    void tell_unknown(const std::vector<std::string>& names_in_active);

    void note(const SpoolOutcome& outcome);
    // Complains of the refused ones and of those that could be neither taken nor put aside, at the
    // end.
    void tell_files();

  private:
    Console& console_;
    const SpoolLayout& layout_;
    FirstLines refused_, too_many_;
    std::map<ExitCode, FirstLines> left_;
};

}  // namespace domspool
