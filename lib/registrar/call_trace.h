// Every call to the registrar as a line in the log: function, subject, outcome, duration. Lines
// hold no contact data and no secrets.
#pragma once

#include "registrar/registrar.h"
#include "util/log.h"

#include <chrono>
#include <string_view>

namespace domspool {

// The line of one call, written when it ends.
class CallTrace {
  public:
    // `about`: what it is asked of; "": nothing.
    CallTrace(Log& log, std::string_view function, std::string_view about);
    void add(std::string_view name, std::string_view value);  // nothing where it is empty
    void add(std::string_view name, OperationId number);

    // A question has its answer, or none.
    void answered();
    void failed(const QueryFailure& failure);
    // What came of a call that changes something.
    void ended(const Outcome& outcome);

  private:
    void write(Severity severity, std::string_view outcome);

    Log& log_;
    LogFields fields_;
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace domspool
