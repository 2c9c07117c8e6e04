// One pass of pending-check as all its parts see it: what the registrar listed as pending, the
// orders taken in hand one after the other, and what the pass has brought so far.
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/sending/order_runner.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace domspool {

// Everything outlives the pass.
struct PassParts {
    Ledger& ledger;
    const Clock& clock;
    AnswerCache& cache;
    StoppingRules& rules;
    RegistrarQueries& queries;
    // A runner without a planner, for this run; made once there is something to do.
    std::function<OrderRunner&()> runner;
    std::function<RunId()> run;
    std::function<bool()> is_called_off;
};

// As far as the pass came, whatever ended it.
struct PassResult {
    int still_pending = 0, ended = 0, adopted = 0, settled = 0, follow_ups = 0;
    // Orders that this pass brought to an end, to held or back into doubt, as they now stand.
    std::vector<OrderRecord> news;
    std::vector<std::string> warnings;
};

class PendingPass {
  public:
    explicit PendingPass(const PassParts& parts) : parts_(parts), now_(parts.clock.now()) {}
    PendingPass(const PendingPass&) = delete;
    PendingPass& operator=(const PendingPass&) = delete;
    // Nothing is left unwritten: call flush() before letting go.
    ~PendingPass() = default;

    Ledger& ledger() const { return parts_.ledger; }
    RegistrarQueries& queries() const { return parts_.queries; }
    AnswerCache& cache() const { return parts_.cache; }
    StoppingRules& rules() const { return parts_.rules; }
    const Clock& clock() const { return parts_.clock; }
    RunId run() const { return parts_.run(); }
    bool is_called_off() const { return parts_.is_called_off(); }
    const Moment& now() const { return now_; }  // when the pass began
    PassResult& result() { return result_; }    // each part adds what it brought
    // What a look at the step may use. The arguments must live as long as the context.
    StepContext context(const Order& order, const StepRecord& step,
                        const FieldMap& arguments) const {
        return {order, step, arguments, parts_.queries, parts_.cache, parts_.ledger};
    }

    // Both lists of the tutorial, the registrar's first. QueryFailure: no pass is possible.
    void ask_for_the_lists();
    const PendingList& list() const { return list_; }
    // nullptr: not in the registrar's list.
    const PendingRow* row_of(OperationId id) const;
    // Those of the ledger when the list was read.
    const std::vector<OpenOperation>& open_operations() const { return open_; }
    bool was_open(OperationId id) const { return ids_of_open_.contains(id); }

    // To claim orders and let go of them. What a live run has the next pass finds again.
    OrderWrites& orders() { return runner().orders(); }
    // Writes nothing where the order stands so and says so already.
    void move(ClaimedOrder& claimed, const OrderMove& next);
    // Read-back, follow-ups, a second sending; then the claim is given back. QueryFailure: the
    // registrar is out of reach, and the pass is over.
    void go_on_with(ClaimedOrder& claimed);
    // What the orders' runner put off, if there was one.
    void flush();

    void warn(const OpenOperation& open, const std::string& text);
    // That queryOpe was asked about it. Answered::no in a row are counted: see kFaultsUntilLook.
    enum class Answered { no, yes };
    void note_asked(const OpenOperation& open, const std::string& status, Answered answered);

  private:
    OrderRunner& runner();

    const PassParts& parts_;
    const Moment now_;
    PendingList list_;
    std::map<OperationId, const PendingRow*> rows_;
    std::vector<OpenOperation> open_;
    std::set<OperationId> ids_of_open_;
    PassResult result_;
    bool has_runner_ = false;
};

}  // namespace domspool
