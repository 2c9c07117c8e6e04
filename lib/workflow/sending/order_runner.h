// Takes one claimed order as far as it goes: step after step, each as intent, act, outcome. The
// only holder of a RegistrarCommands: no call that changes anything goes out but by call(), behind
// an attempt that stands in the ledger. Knows no kind.
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "registrar/retry_budget.h"
#include "workflow/sending/asking_steps.h"
#include "workflow/sending/lane_parts.h"
#include "workflow/sending/lane_writes.h"
#include "workflow/sending/order_preparation.h"
#include "workflow/sending/order_writes.h"
#include "workflow/sending/runner_settings.h"
#include "workflow/sending/step_intents.h"
#include "workflow/sending/step_outcomes.h"
#include "workflow/sending/step_preparation.h"
#include "workflow/sending/stopping_rules.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

// A call goes out only so long after its attempt was begun (SAFETY, "One try").
inline constexpr auto kFreshAttempt = std::chrono::seconds(5);

// All one lane works with. Everything outlives the runner.
struct RunnerParts {
    Ledger& ledger;
    Run& run;
    RegistrarQueries& queries;
    RegistrarCommands& commands;
    AnswerCache& cache;
    StoppingRules& rules;
    const Clock& clock;
    const RunnerSettings& settings;
    PlanSource planner;                   // nullptr: never a first step
    std::function<bool()> is_called_off;  // SIGTERM; nullptr: never
    // For calls that surely never left; nullptr: none is tried again in this run.
    RetryBudget* retries = nullptr;
};

class OrderRunner {
  public:
    explicit OrderRunner(const RunnerParts& parts);
    OrderRunner(const OrderRunner&) = delete;
    OrderRunner& operator=(const OrderRunner&) = delete;
    // Nothing is left unwritten: call flush() before letting go.
    ~OrderRunner() = default;

    // went_on: as far as it goes now. contact_elsewhere: another order is just making the same
    // contact, and the claim is kept; ask again soon. Releases the claim otherwise. Throws
    // RunFailure cannot_write when an outcome could not be written: it stands in the spill file.
    enum class Advance { went_on, main_answered, contact_elsewhere };
    Advance advance(ClaimedOrder& claimed);
    // The same, but stops with main_answered, the claim kept, where the main step is over and
    // follow-ups may be due: call flush() and advance() then. The answer to the main step may wait
    // for the next intent or question of this runner; the order stays where it is until then.
    Advance advance_to_answer(ClaimedOrder& claimed);

    // Asks the registrar to cancel the main step's pending operation: a step of its own, as intent,
    // act, outcome. No answer ends the order; what queryOpe says of the operation does. The claim
    // is kept, and a held order stays held. QueryFailure: nothing was sent.
    void ask_to_cancel(ClaimedOrder& claimed);

    // To claim orders and let go of them.
    OrderWrites& orders() { return orders_; }
    // Writes what was put off because losing it is harmless.
    void flush() { writes_.flush(); }

  private:
    enum class Until { rest, main_answer };

    // While it lives, the registrar is asked only when nothing of the lane is left unwritten: the
    // answer to an attempt does not wait for a question that may take a minute.
    class AskingAfterWriting {
      public:
        explicit AskingAfterWriting(OrderRunner& runner);
        ~AskingAfterWriting();
        AskingAfterWriting(const AskingAfterWriting&) = delete;
        AskingAfterWriting& operator=(const AskingAfterWriting&) = delete;

      private:
        RegistrarQueries& queries_;
    };

    void write_answer_in_hand();
    RunnerSettings asking_after_writing(RunnerSettings settings);

    Advance go(ClaimedOrder& claimed);
    Advance go_through(ClaimedOrder& claimed);
    Advance go_through_steps(ClaimedOrder& claimed, const Order& order);
    void leave_unknown(ClaimedOrder& claimed, const QueryFailure& failure);
    bool is_over() const;
    bool may_send(const StepRecord& step) const;

    Next execute(ClaimedOrder& claimed, StepRecord& step, const Order& order);
    Next prepare_and_send(ClaimedOrder& claimed, StepRecord& step, const Order& order);
    Next send(const Sending& sending, const FieldMap& picture);
    void wait_out_doubts();
    void make_ready();
    Next send_when_ready(const Sending& sending, const FieldMap& picture);
    Outcome call(const Sending& sending, const CommittedAttempt& attempt);

    RunnerParts parts_;
    LaneWrites writes_;
    const RunnerSettings settings_;
    OrderWrites orders_;
    const LaneParts lane_;
    OrderPreparation order_preparation_;
    StepIntents intents_;
    StepPreparation step_preparation_;
    StepOutcomes outcomes_;
    AskingSteps asking_steps_;
    Until until_ = Until::rest;
};

}  // namespace domspool
