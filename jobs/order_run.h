// One run over accepted orders, for every program that sends: expects them, submits them, logs and
// tells each, stays for its own doubts, says why it stopped.
#pragma once

#include "jobs/order_submission.h"
#include "jobs/outcome_telling.h"
#include "jobs/own_doubts.h"
#include "util/log.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct OrderRunSettings {
    SubmissionSettings submission;  // of which batch the run says
    StaySettings stay;
    std::string currency;  // of the limits
    // The command line that lets pass what stopped the run, with this option set.
    std::function<std::string(const std::string& option, const std::string& value)> command_with;
};

struct OrderRunParts {
    SubmissionParts submission;  // whom to tell the run says
    RegistrarQueries& queries;
    Log& log;
    std::function<bool(std::chrono::milliseconds)> wait;  // true: the run is called off
};

class OrderRun {
  public:
    OrderRun(Console& console, const OrderRunSettings& settings, const OrderRunParts& parts,
             OutcomeTelling::Tables tables = OutcomeTelling::Tables::unless_quiet);
    OrderRun(const OrderRun&) = delete;
    OrderRun& operator=(const OrderRun&) = delete;

    // What is accepted of these files, one after the other; or of all there are.
    void send(const std::vector<BatchId>& batches);
    void send_all();
    // What became of the orders is told by files, before the end.
    OutcomeTelling& telling() { return telling_; }
    // Complains of what went wrong, of what was not sent, and why.
    void tell_end();

  private:
    void run();
    void submit();
    void stay();
    void say_waiting(int doubts, UtcTime until);
    std::string way_to_keep() const;
    std::string way_past(Limit limit);
    std::string ceiling_that_lets_all_pass();

    Console& console_;
    OrderRunSettings settings_;
    OrderRunParts parts_;
    Ledger& ledger_;
    OutcomeTelling telling_;
    std::vector<std::optional<BatchId>> files_;  // one without a number: of all
};

}  // namespace domspool
