// What is said of a person's decisions: words, JSON lines, complaints, the log.
#pragma once

#include "jobs/decisions_on_many.h"
#include "report/terminal/console.h"
#include "util/log.h"

#include <string>

namespace domspool {

class DecisionTelling {
  public:
    // `verb`: hold, release, retry, cancel or resolve; `person`: who decides.
    DecisionTelling(Console& console, Log& log, const Ledger& ledger, std::string verb,
                    std::string person)
        : console_(console),
          log_(log),
          ledger_(ledger),
          verb_(std::move(verb)),
          person_(std::move(person)) {}

    void tell(const Decided& decided);
    void tell(const SendingDecided& decided);
    void tell(BatchId batch, const BatchDecided& decided);

  private:
    std::string unless_held() const;
    void say(ExitCode code, const std::string& words);
    void log_decision(const std::string& about, const std::string& words);

    Console& console_;
    Log& log_;
    const Ledger& ledger_;
    const std::string verb_, person_;
};

}  // namespace domspool
