// Takes one claimed order as far as it goes: plan, then step after step, each as intent, act,
// outcome. The only holder of a RegistrarDesk. Knows no kind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/plan_builder.h"
#include "workflow/preflight.h"
#include "workflow/step_kinds.h"
#include "workflow/stopping_rules.h"

namespace domspool {

// A run in which an order cannot be known is counted; so many and it is held (DESIGN 4).
inline constexpr int kRunsUntilHeld = 3;

// A call goes out only so long after its attempt was begun (SAFETY, "Claims").
inline constexpr auto kFreshAttempt = std::chrono::seconds(5);

// Completes the arguments of domainSetDNSSecExt: DNSKEY (read from the servers or given) and the
// matching DS. An empty map: not possible, the text says why.
struct KeyArguments {
    FieldMap arguments;
    std::string trouble;
};
using KeySource = std::function<KeyArguments(const DomainName& domain, const FieldMap& arguments)>;

struct RunnerSettings {
    PreflightSettings preflight;
    std::optional<Money> max_spend_per_day;  // absent: nothing that costs is sent
    KeySource zone_keys;
};

// All one lane works with. Everything outlives the runner.
struct RunnerParts {
    Ledger& ledger;
    RunId run;
    RegistrarView& view;
    RegistrarDesk& desk;
    Knowledge& knowledge;
    StoppingRules& rules;
    const Clock& clock;
    const RunnerSettings& settings;
    // The plan of a kind; nullptr (pending-check): orders without stored steps are left alone.
    std::function<std::vector<PlannedStep>(const PlanRequest&)> planner;
};

class OrderRunner {
  public:
    explicit OrderRunner(const RunnerParts& parts) : parts_(parts) {}
    // Nothing is left unwritten: call flush() before letting go.
    ~OrderRunner() = default;

    // went_on: as far as it goes now. contact_elsewhere: another order is just making the same
    // contact; ask again soon. Throws StoreError when the ledger cannot be written.
    enum class Advance { went_on, contact_elsewhere };
    // Releases the claim in any case.
    Advance advance(ClaimedOrder& claimed);
    void postpone(const ClaimedOrder& claimed, const std::string& reason);

    std::vector<ClaimedOrder> claim_next(std::optional<BatchId> batch, int limit);
    void release(const Claim& claim);
    // Writes what was put off because losing it is harmless.
    void flush();

  private:
    enum class Next { go_on, stop, contact_elsewhere };
    struct Begun {
        std::optional<AttemptId> attempt;
        LedgerWrite::ContactKnown contact;  // known already: nothing to send
        bool elsewhere = false;
    };

    bool plan(ClaimedOrder& claimed, const Order& order);
    bool follow(ClaimedOrder& claimed, const Verdict& verdict);
    Next execute(ClaimedOrder& claimed, StepRecord& step, const Order& order);
    Next send(ClaimedOrder& claimed, StepRecord& step, const StepKind& kind,
              const StepContext& context, const FieldMap& picture);
    Begun begin(ClaimedOrder& claimed, StepRecord& step, const StepContext& context,
                const FieldMap& picture);
    Outcome call(const StepKind& kind, const StepContext& context, const Moment& begun,
                 OrderId order);
    Outcome second_thought(const ClaimedOrder& claimed, const StepKind& kind,
                           const StepContext& context, Outcome outcome);
    void finish(ClaimedOrder& claimed, StepRecord& step, AttemptId attempt,
                const StepContext& context, const Outcome& outcome);
    Next read_back(ClaimedOrder& claimed, StepRecord& step);
    void move(ClaimedOrder& claimed, const OrderMove& move);
    std::optional<SpendCeiling> ceiling() const;
    std::int64_t cost_of(const OrderRecord& order, const StepRecord& step) const;

    // Written with the next verb.
    void put_off(std::function<void(LedgerWrite&)> verb);
    template <typename Verb>
    auto write(Verb verb) {
        return parts_.ledger.write([&](LedgerWrite& w) {
            write_put_off(w);
            return verb(w);
        });
    }
    void write_put_off(LedgerWrite& w);

    RunnerParts parts_;
    std::vector<std::function<void(LedgerWrite&)>> put_off_;
};

// The arguments with each "step:N" replaced by that step's result.
FieldMap resolved(const FieldMap& arguments, const std::vector<StepRecord>& steps);

}  // namespace domspool
