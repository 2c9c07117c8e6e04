// The order engine without programs and network: a ledger in a scratch folder, a registrar in
// memory, a clock that stands still.
#pragma once

#include "jobs/order_submission.h"
#include "jobs/own_doubts.h"
#include "jobs/pending_check.h"
#include "registrar/retry_budget.h"
#include "support/fake_registrar.h"
#include "support/fixed_clock.h"
#include "support/scratch.h"
#include "workflow/sending/lanes.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace domspool::test {

// Commits are synced; what is tested here does not hang on a disk. Where there is a file system in
// memory, scratch folders are made on it, unless TMPDIR says otherwise.
struct MemoryDisk {
    MemoryDisk();
};

// What a run left behind.
struct RunEnd {
    std::optional<StopReason> stopped;
    int orders = 0;  // there were to send
    std::vector<OrderRecord> told;
};

// The registrar sells .com (all settings, EPP codes) and .plain (no settings) for 10 EUR a year and
// has 10,000 EUR of ours; AE1 is an owner, AT1 is none; AB123 is the reseller.
class Engine {
  public:
    Engine();

    MemoryDisk memory_disk;
    Scratch scratch;
    FixedClock clock;
    FakeRegistrar registrar;
    std::map<std::string, ExtensionRules> sheet;  // extensions.yaml
    RunnerSettings settings;
    SubmissionSettings submission;
    PendingSettings pending;
    int pass_lanes = 1;
    int refusals_in_a_row = 20;
    std::function<bool()> is_called_off = [] { return false; };
    // Pauses of a run: its clock goes on, and they are noted. With none it has no time for any.
    std::vector<std::chrono::milliseconds> pauses;
    void give_time_for_pauses(const RetrySettings& settings = {});

    Ledger& ledger() { return *ledger_; }
    // As a program that starts anew finds it.
    void reopen();
    void close() { ledger_.reset(); }
    // Around each commit, whatever ledger is open.
    std::function<void()> before_commit, after_commit;

    // A batch of one order each. A registration of one year for AE1 unless told otherwise.
    OrderId registration(const std::string& domain, FieldMap more = {});
    OrderId order(OrderKind kind, const FieldMap& given);
    BatchId batch(OrderKind kind, const std::vector<FieldMap>& rows);

    // One run that sends what is accepted, and one pass of pending-check, each with a run of its
    // own. Exceptions pass through; the run is over then.
    RunEnd submit();
    // The same, and the run stays for its own doubts.
    RunEnd submit_and_stay(std::chrono::minutes longest);
    PendingReport pass();
    // Passes, 11 minutes apart, as often as wanted.
    void passes(int number);

    OrderRecord look_at(OrderId order) { return ledger_->order(order); }
    std::string state_of(OrderId order) { return std::string(to_word(look_at(order).state)); }

    // An owner's data as contactCreate takes it, "owner.firstName" and so on.
    static FieldMap inline_owner(const std::string& first_name = "Ada");

  private:
    RunEnd send(std::chrono::minutes stays);
    bool pause(std::chrono::milliseconds time);
    StoppingRules::AfterDoubts after_doubts() const;
    Lane open_lane(Run& run, AnswerCache& cache, StoppingRules& rules, bool with_planner);

    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<RetryBudget> retries_;
    int batches_ = 0;
};

}  // namespace domspool::test
