// Tells a person how a run's orders go on, and in the end what became of them.
#pragma once

#include "jobs/grouped_rows.h"
#include "ledger/ledger.h"
#include "report/orders/outcome_row.h"
#include "report/terminal/console.h"
#include "report/terminal/progress_bar.h"

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace domspool {

class OutcomeTelling {
  public:
    // left_out: for cron, which hears of what is wrong only.
    enum class Tables { unless_quiet, left_out };
    explicit OutcomeTelling(Console& console, Tables tables = Tables::unless_quiet);

    // So many more orders are to be sent.
    void expect(int orders);
    // After each order, from any lane.
    void note(const OrderRecord& order);

    // All rows of a batch, as they stand in the ledger: a table, JSON lines, or with --quiet
    // nothing. `is_new`: taken by this run, so that its refused rows are news too. Rows::touched:
    // only those this run has worked on.
    enum class IsNew { no, yes };
    enum class Rows { all, touched };
    void tell_batch(const Ledger& ledger, BatchId batch, IsNew is_new,
                    const std::string& result_place, Rows rows = Rows::all);
    // Those whose orders this run has worked on.
    std::set<BatchId> touched_batches() const;
    // Complains of what went wrong in this run, and of orders that were not sent for a reason of
    // their own. Once, at the end.
    void tell_news();

    // "2 of 5 orders were not sent and stay accepted", "" if there are none.
    std::string left_over() const;
    // The files they came from.
    const std::set<BatchId>& batches_left_over() const { return batches_left_over_; }

  private:
    void show_progress(const OrderRecord& order);
    void count(const BatchRow& row, IsNew is_new);

    Console& console_;
    const bool shows_tables_;
    std::string source_;  // the file of the batch that is told
    mutable std::mutex mutex_;
    const std::chrono::steady_clock::time_point begun_;
    std::chrono::steady_clock::time_point last_shown_{};
    Progress progress_;
    std::set<OrderId> touched_;
    std::set<BatchId> touched_batches_;
    int rows_ = 0, left_over_ = 0;
    std::set<BatchId> batches_left_over_;
    std::map<std::string, int> wrong_;
    GroupedRows wrong_rows_;
    GroupedRows postponed_;  // of those left over, for a reason of their own
};

}  // namespace domspool
