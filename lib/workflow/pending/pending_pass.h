// One pass of pending-check as all its parts see it: what the registrar listed as pending, the
// orders taken in hand, and what the pass has brought so far. Where there is much to ask it has
// lanes, each a pass of its own over the same list (pending/pass_lanes.h).
#pragma once

#include "ledger/ledger.h"
#include "registrar/registrar.h"
#include "workflow/sending/lanes.h"

#include <functional>
#include <map>
#include <memory>
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
    // At most so many lanes; those behind the first are opened by open_lane, from any thread.
    int lanes = 1;
    std::function<Lane()> open_lane = nullptr;
};

// As far as the pass came, whatever ended it.
struct PassResult {
    int still_pending = 0, ended = 0, adopted = 0, settled = 0, follow_ups = 0;
    // Orders that this pass brought to an end, to held or back into doubt, as they now stand.
    std::vector<OrderRecord> news;
    std::vector<std::string> warnings;

    void add(PassResult&& other);
};

class PendingPass {
  public:
    explicit PendingPass(const PassParts& parts);
    // One more lane of the pass, with a connection of its own; both outlive it. Used by one thread.
    PendingPass(const PendingPass& first, const Lane& lane);
    PendingPass(const PendingPass&) = delete;
    PendingPass& operator=(const PendingPass&) = delete;
    // Nothing is left unwritten: call flush() before letting go.
    ~PendingPass() = default;

    Ledger& ledger() const { return parts_.ledger; }
    RegistrarQueries& queries() const { return queries_; }
    AnswerCache& cache() const { return parts_.cache; }
    StoppingRules& rules() const { return parts_.rules; }
    const Clock& clock() const { return parts_.clock; }
    RunId run() const { return parts_.run(); }
    bool is_called_off() const { return parts_.is_called_off(); }
    int lanes() const { return parts_.lanes; }
    Lane open_lane() const { return parts_.open_lane(); }
    const Moment& now() const { return now_; }  // when the pass began
    PassResult& result() { return result_; }    // each part adds what it brought
    // What a look at the step may use. The arguments must live as long as the context.
    StepContext context(const Order& order, const StepRecord& step,
                        const FieldMap& arguments) const {
        return {order, step, arguments, queries_, parts_.cache, parts_.ledger};
    }

    // Both lists of the tutorial, the registrar's first. QueryFailure: no pass is possible.
    void ask_for_the_lists();
    // False: it cannot be made sense of, and is empty and not whole; what it would tell waits.
    bool is_list_read() const { return seen_->is_list_read; }
    const PendingList& list() const { return seen_->list; }
    // What could not be read of it; "": nothing.
    const std::string& trouble_with_list() const { return seen_->trouble; }
    // An empty list while something is pending: what is missing in it means nothing.
    void disbelieve_empty_list();
    // nullptr: not in the registrar's list.
    const PendingRow* row_of(OperationId id) const;
    // Those of the ledger when the list was read.
    const std::vector<OpenOperation>& open_operations() const { return seen_->open; }
    bool was_open(OperationId id) const { return seen_->ids_of_open.contains(id); }

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
    // Both lists; not changed once they are read, so that lanes share them.
    struct Seen {
        PendingList list;
        bool is_list_read = true;
        std::string trouble;
        std::map<OperationId, const PendingRow*> rows;
        std::vector<OpenOperation> open;
        std::set<OperationId> ids_of_open;
    };

    OrderRunner& runner();

    const PassParts& parts_;
    RegistrarQueries& queries_;
    const std::function<OrderRunner&()> make_runner_;
    const Moment now_;
    std::shared_ptr<const Seen> seen_;
    PassResult result_;
    bool has_runner_ = false;
};

}  // namespace domspool
