// Takes one claimed order as far as it goes: plan, then step after step, each as intent, act,
// outcome. The only holder of a RegistrarDesk. Knows no kind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/lane_writes.h"
#include "workflow/plan_builder.h"
#include "workflow/preflight.h"
#include "workflow/step_kinds.h"
#include "workflow/stopping_rules.h"
#include "workflow/view_after_writing.h"

namespace domspool {

// A run in which an order cannot be known is counted; so many and it is held (DESIGN 4).
inline constexpr int kRunsUntilHeld = 3;

// A call goes out only so long after its attempt was begun (SAFETY, "Claims").
inline constexpr auto kFreshAttempt = std::chrono::seconds(5);

// Completes the arguments of domainSetDNSSecExt: DNSKEY (read from the servers or given) and the
// matching DS. An empty map: not possible, the text says why, and whether it can be later.
struct KeyArguments {
    FieldMap arguments;
    std::string trouble;
    bool may_be_later = false;
};
using KeySource = std::function<KeyArguments(const DomainName& domain, const FieldMap& arguments)>;

struct RunnerSettings {
    PreflightSettings preflight;
    std::optional<Money> max_spend_per_day;  // absent: nothing that costs is sent
    bool check_balance = false;              // asked again after a refusal with a new code
    std::optional<Money> balance_floor;
    KeySource zone_keys;  // none: keys are an open end
    // dns/zone_keys with the run's settings; nullptr: not known.
    std::function<ParentDs(const DomainName&)> read_parent_ds;
};

// All one lane works with. Everything outlives the runner.
struct RunnerParts {
    Ledger& ledger;
    Run& run;
    RegistrarView& view;
    RegistrarDesk& desk;
    Knowledge& knowledge;
    StoppingRules& rules;
    const Clock& clock;
    const RunnerSettings& settings;
    // The plan of a kind. nullptr (pending-check): goes on with what was begun, never a first step.
    std::function<std::vector<PlannedStep>(const PlanRequest&)> planner;
    std::function<bool()> is_called_off;  // SIGTERM; nullptr: never
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
    // Not claimed again by this run; held once that happened in too many runs.
    void postpone(ClaimedOrder& claimed, const std::string& reason);

    // Asks the registrar to cancel the main step's pending operation: a step of its own, as intent,
    // act, outcome. No answer ends the order; what queryOpe says of the operation does. The claim
    // is kept, and a held order stays held. QueryFailure: nothing was sent.
    void ask_to_cancel(ClaimedOrder& claimed);

    std::vector<ClaimedOrder> claim_next(std::optional<BatchId> batch, int limit);
    // Whatever its state; nothing if another run has it.
    std::optional<ClaimedOrder> claim_order(OrderId order);
    void release(const Claim& claim);
    // Writes what was put off because losing it is harmless.
    void flush() { writes_.flush(); }

  private:
    enum class Next { go_on, stop, not_sent, main_answered, contact_elsewhere };
    enum class Until { rest, main_answer };
    // What the intent's transaction brought: an attempt, or why there is none.
    struct Begun {
        std::optional<AttemptId> attempt;
        LedgerWrite::ContactKnown contact;  // known already: nothing to send
        std::optional<OrderId> elsewhere;   // makes the same contact
    };

    void write_answer_in_hand();
    RunnerSettings asking_after_writing(RunnerSettings settings);
    Advance go(ClaimedOrder& claimed);
    void leave_unknown(ClaimedOrder& claimed, const QueryFailure& failure);
    bool is_over() const;
    Next go_through(ClaimedOrder& claimed);
    Next go_through_steps(ClaimedOrder& claimed, const Order& order);
    bool may_send(const StepRecord& step) const;

    bool is_ready(ClaimedOrder& claimed, const Order& order);
    bool follow(ClaimedOrder& claimed, const Verdict& verdict);
    void give_up(ClaimedOrder& claimed, const std::string& code, const std::string& reason);
    void plan(ClaimedOrder& claimed, const Order& order, const Verdict& verdict);
    bool is_covered(ClaimedOrder& claimed, const Verdict& verdict);
    bool is_possible(ClaimedOrder& claimed, const Order& order);
    void doubt_photograph(const ClaimedOrder& claimed);

    Next execute(ClaimedOrder& claimed, StepRecord& step, const Order& order);
    Next execute_pictured(ClaimedOrder& claimed, StepRecord& step, const StepKind& kind,
                          const StepContext& context);
    std::optional<FieldMap> arguments_of(ClaimedOrder& claimed, StepRecord& step);
    Next send(ClaimedOrder& claimed, StepRecord& step, const StepKind& kind,
              const StepContext& context, const FieldMap& picture);
    AttemptIntent intent_of(const ClaimedOrder& claimed, const StepRecord& step,
                            const FieldMap& picture);
    Begun begin(ClaimedOrder& claimed, StepRecord& step, const StepContext& context,
                const AttemptIntent& intent);
    Next not_begun(ClaimedOrder& claimed, StepRecord& step, const StepContext& context,
                   const Begun& begun);
    std::string trouble_with_known_contact(const StepContext& context, const std::string& id);
    void forget_contact(const ClaimedOrder& claimed, const StepContext& context,
                        const std::string& id, const std::string& trouble);
    Next domain_is_busy(ClaimedOrder& claimed, const StepRecord& step, OrderId other);
    Outcome call(const StepKind& kind, const StepContext& context, const Moment& begun,
                 OrderId order);
    void finish(ClaimedOrder& claimed, StepRecord& step, AttemptId attempt,
                const StepContext& context, const Outcome& outcome, const std::string& first_word);
    bool may_wait_for_next_intent(const StepRecord& step, const Outcome& outcome) const;
    void note(const ClaimedOrder& claimed, const StepRecord& step, const Outcome& outcome);
    void ask_balance_again(const OrderRecord& order);
    Next after(const StepRecord& step, const Outcome& outcome) const;
    void record_unanswered_question(ClaimedOrder& claimed, StepRecord& step,
                                    const std::string& code, const std::string& words);

    ParentDs parent_ds(const DomainName& domain) const;
    Next ask_only(ClaimedOrder& claimed, StepRecord& step);
    Next read_parent_ds(ClaimedOrder& claimed, const StepRecord& step);
    Next await_no_ds(ClaimedOrder& claimed, const StepRecord& step);

    Next read_back(ClaimedOrder& claimed, StepRecord& step);
    Next read_back_unanswered(ClaimedOrder& claimed, const StepRecord& step,
                              const QueryFailure& failure);
    bool was_in_doubt(const OrderRecord& order, const StepRecord& step) const;
    bool newer_order_has_begun(const OrderRecord& order) const;
    void wait(const ClaimedOrder& claimed, const std::string& reason);
    void move(ClaimedOrder& claimed, const OrderMove& move);
    void move_later(ClaimedOrder& claimed, const OrderMove& move);
    std::optional<SpendCeiling> ceiling(const OrderRecord& order) const;
    std::int64_t cost_of(const OrderRecord& order, const StepRecord& step) const;

    RunnerParts parts_;
    LaneWrites writes_;
    ViewAfterWriting view_;
    const RunnerSettings settings_;
    Until until_ = Until::rest;
};

// The person a contactCreate step makes, as the ledger knows it.
std::string fingerprint_of(FieldMap contact_arguments);

}  // namespace domspool
