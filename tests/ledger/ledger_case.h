// A ledger in a scratch folder and the short ways to bring it where a test wants it.
#pragma once

#include "ledger/ledger.h"
#include "store/connection.h"
#include "support/scratch.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace domspool::test {

inline const LedgerStamp kStamp{"api.registrar.example", "AB123"};

// So many seconds after noon of one day, on one boot.
Moment at(int seconds);
UtcTime utc(int seconds);

IntakeRow row(int line, const std::string& domain, const std::string& reference = "",
              const FieldMap& more = {});
std::vector<PlannedStep> one_step();  // domainCreate
// A contact, the main step, a follow-up.
std::vector<PlannedStep> three_steps();

OrderMove done_move(int position = 1);
OrderMove waiting_move(int position = 1);
OrderMove doubt_move(int position = 1);
OrderMove failed_move(int position = 1);
OrderMove planned_again(int position, OrderState state = OrderState::in_progress);

AttemptEnd end_as(AttemptOutcome outcome, std::optional<OperationId> operation = {},
                  int seconds = 60);

// In a file; in a database of PostgreSQL where DOMSPOOL_TEST_LEDGER says "postgresql".
class LedgerCase {
  public:
    LedgerCase();  // made by init, opened, one run begun

    Ledger& ledger() { return *ledger_; }
    const std::string& path() const { return path_; }
    // For a connection of the test's own, and where the files beside the ledger are.
    std::string database() const;
    std::string files() const;
    const Scratch& scratch() const { return scratch_; }
    RunId run() const { return run_->id(); }
    Run& run_object() { return *run_; }
    // Another program on the same file, with a run of its own.
    void end_run() { run_.reset(); }
    void close();
    void reopen();

    template <typename Verb>
    auto write(Verb verb) {
        return ledger_->write(verb);
    }

    BatchId begin_batch(const std::string& hash);
    // A whole file; its name is the hash with .csv.
    BatchId take(const std::vector<IntakeRow>& rows, const std::string& hash = "",
                 OnError on_error = OnError::accept_good_rows, Judging judging = Judging::as_new);
    OrderId order_for(const std::string& domain, const std::string& reference = "");
    ClaimedOrder claim(OrderId order);
    // Claimed and planned.
    ClaimedOrder planned(const std::string& domain,
                         const std::vector<PlannedStep>& steps = one_step());
    AttemptId begin(const ClaimedOrder& order, int position = 1, std::int64_t cents = 0,
                    int seconds = 10);
    void finish(const ClaimedOrder& order, AttemptId attempt, AttemptOutcome outcome,
                const OrderMove& move, std::optional<OperationId> operation = {});
    // Brought to its end.
    OrderId done_order(const std::string& domain, const std::string& reference = "");
    OrderId failed_order(const std::string& domain, const std::string& reference = "");

    // What the file says, through a connection of the test's own.
    std::int64_t number(const std::string& sql);
    std::string word(const std::string& sql);

  private:
    Scratch scratch_;
    std::string path_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<Run> run_;
    int batches_ = 0;
};

// The failure an act ends with, or nothing.
std::optional<RunFailure> failure_in(const std::function<void()>& act);
std::optional<store::Trouble> trouble_in(const std::function<void()>& act);

// A process that acts and is then killed with SIGKILL while it stands still. Fork before the test
// itself opens the ledger.
void act_in_a_killed_process(const std::function<void()>& act);
// Runs the act in a process of its own; its exit code (0 where the act returns true).
int exit_of(const std::function<bool()>& act);

}  // namespace domspool::test
