// Tells a person how a run's orders go on, and in the end what became of them.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "app/program.h"
#include "ledger/ledger.h"
#include "report/progress_bar.h"

namespace domspool {

class OutcomeTelling {
  public:
    explicit OutcomeTelling(Program& program);

    // So many more orders are to be sent.
    void expect(int orders);
    // After each order, from any lane.
    void note(const OrderRecord& order);

    // All rows of a batch, as they stand in the ledger: a table, JSON lines, or with --quiet
    // nothing. `is_new`: taken by this run, so that its refused rows are news too.
    enum class IsNew { no, yes };
    void tell_batch(const Ledger& ledger, BatchId batch, IsNew is_new,
                    const std::string& result_place);
    // Complains of what went wrong in this run, and of orders that were not sent for a reason of
    // their own. Once, at the end.
    void tell_news();

    // "2 of 5 orders were not sent and stay accepted", "" if there are none.
    std::string left_over() const;

  private:
    void show_progress(const OrderRecord& order);
    void count(const BatchRow& row, IsNew is_new);

    Program& program_;
    std::mutex mutex_;
    const std::chrono::steady_clock::time_point begun_;
    std::chrono::steady_clock::time_point last_shown_{};
    Progress progress_;
    std::set<OrderId> touched_;
    int rows_ = 0, left_over_ = 0;
    std::map<std::string, int> wrong_;
    std::vector<std::string> wrong_lines_;  // the first few
    int postponed_ = 0;                     // of them, for a reason of their own
    std::vector<std::string> postponed_lines_;
};

}  // namespace domspool
