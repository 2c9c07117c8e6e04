#include "workflow/sending/order_runner.h"

#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"
#include "workflow/sending/made_contacts.h"

namespace domspool {

namespace {

// A question to others than the registrar, after `before`; none stays none.
template <typename Result, typename... About>
std::function<Result(About...)> asked_after(std::function<void()> before,
                                            std::function<Result(About...)> question) {
    if (!question) return nullptr;
    return [before = std::move(before), question = std::move(question)](About... about) {
        before();
        return question(std::forward<About>(about)...);
    };
}

// What the registrar showed of a domain is its picture only as long as its order is in hand.
class ShownUnderClaim {
  public:
    ShownUnderClaim(AnswerCache& cache, const DomainName& domain)
        : cache_(cache), domain_(domain) {}
    ~ShownUnderClaim() { cache_.forget_domain(domain_); }
    ShownUnderClaim(const ShownUnderClaim&) = delete;
    ShownUnderClaim& operator=(const ShownUnderClaim&) = delete;

  private:
    AnswerCache& cache_;
    const DomainName domain_;
};

}  // namespace

OrderRunner::AskingAfterWriting::AskingAfterWriting(OrderRunner& runner)
    : queries_(runner.parts_.queries) {
    queries_.before_questions([&runner] { runner.write_answer_in_hand(); });
}

OrderRunner::AskingAfterWriting::~AskingAfterWriting() {
    queries_.before_questions(nullptr);
}

OrderRunner::OrderRunner(const RunnerParts& parts)
    : parts_(parts),
      writes_(parts.ledger, parts.run),
      settings_(asking_after_writing(parts.settings)),
      orders_(writes_, parts.run, parts.clock,
              parts.planner ? OrderWrites::Counts::runs : OrderWrites::Counts::nothing),
      lane_{parts.ledger, parts.run, parts.queries, parts.cache, parts.rules,
            parts.clock,  settings_, writes_,       orders_},
      order_preparation_(lane_, parts_.planner),
      intents_(lane_),
      step_preparation_(lane_),
      outcomes_(lane_),
      asking_steps_(lane_) {}

void OrderRunner::write_answer_in_hand() {
    if (writes_.has_answer()) writes_.flush();
}

// A server of the DNS that is silent takes as long as the registrar.
RunnerSettings OrderRunner::asking_after_writing(RunnerSettings settings) {
    const auto first = [this] { write_answer_in_hand(); };
    settings.zone_keys = asked_after(first, settings.zone_keys);
    settings.read_parent_ds = asked_after(first, settings.read_parent_ds);
    PreflightSettings& checks = settings.preflight;
    checks.test_name_servers = asked_after(first, checks.test_name_servers);
    checks.read_delegation = asked_after(first, checks.read_delegation);
    checks.check_chain = asked_after(first, checks.check_chain);
    return settings;
}

// ---- The order's course.

OrderRunner::Advance OrderRunner::advance(ClaimedOrder& claimed) {
    until_ = Until::rest;
    return go(claimed);
}

OrderRunner::Advance OrderRunner::advance_to_answer(ClaimedOrder& claimed) {
    until_ = Until::main_answer;
    return go(claimed);
}

OrderRunner::Advance OrderRunner::go(ClaimedOrder& claimed) {
    const AskingAfterWriting asking(*this);
    const ShownUnderClaim shown(parts_.cache, claimed.order.domain);
    Advance reached = Advance::went_on;
    try {
        reached = go_through(claimed);
    } catch (const QueryFailure& failure) {
        // Nothing was sent; the order stays as it is, with a reason unless the whole run stops.
        parts_.rules.note(failure);
        if (!parts_.rules.is_stopped()) leave_unknown(claimed, failure);
    } catch (const ClaimLost&) {
        return Advance::went_on;  // Another run goes on with it.
    } catch (const std::exception&) {
        write_answer_in_hand();  // Of an order before this one.
        throw;
    }
    if (!may_have_cost(claimed.order)) parts_.rules.give_funds_back(claimed.order.id);
    if (reached == Advance::went_on) orders_.release(claimed.claim);
    return reached;
}

OrderRunner::Advance OrderRunner::go_through(ClaimedOrder& claimed) {
    // By the ledger, when the answer to its main step was written.
    if (claimed.order.state == OrderState::held) return Advance::went_on;
    const ReadOrder read = read_order(claimed.order.kind, claimed.order.fields);
    if (!read.order) {
        orders_.move(claimed, held(claimed.order, HeldFor::unreadable,
                                   "the ledger's fields of this order cannot be read"));
        return Advance::went_on;
    }
    if (!order_preparation_.is_ready(claimed, *read.order)) return Advance::went_on;
    return go_through_steps(claimed, *read.order);
}

OrderRunner::Advance OrderRunner::go_through_steps(ClaimedOrder& claimed, const Order& order) {
    bool is_first = true, was_unsent = false;
    std::optional<Retries> retries;
    while (!is_over()) {
        StepRecord* step = next_step(claimed.order, parts_.clock.now().utc);
        if (step == nullptr || !may_send(*step)) {
            // Nothing to be done now: this run need not claim it again and again.
            if (is_first && parts_.planner) orders_.put_aside(claimed, claimed.order.reason);
            return Advance::went_on;
        }
        is_first = false;
        switch (execute(claimed, *step, order)) {
            case Next::go_on:
                if (until_ == Until::main_answer && step->phase == StepPhase::main)
                    return Advance::main_answered;
                break;
            case Next::stop:
                return Advance::went_on;
            case Next::contact_elsewhere:
                return Advance::contact_elsewhere;
            case Next::not_sent:
                // Once more at once, on a new session; then another run shall try.
                if (was_unsent && !is_over()) orders_.put_aside(claimed, claimed.order.reason);
                if (was_unsent) return Advance::went_on;
                was_unsent = true;
                break;
            case Next::waits_its_turn:
                continue;  // Whatever is asked first waits for it, or ends the run.
            case Next::never_left:
                // All is checked anew, and a new attempt made of it.
                if (!retries) retries.emplace(parts_.retries);
                if (retries->wait()) continue;
                if (!is_over()) parts_.rules.stop_unreachable(claimed.order.reason);
                return Advance::went_on;
        }
        retries.reset();
        crash_point("between_steps");
    }
    return Advance::went_on;
}

// A reply that cannot be read tells of the line, not of the order: nobody need look at the order
// for it, however often it happens.
void OrderRunner::leave_unknown(ClaimedOrder& claimed, const QueryFailure& failure) {
    const std::string reason = std::string("cannot be known now: ") + failure.what();
    if (failure.why() == QueryFailure::Why::refused) return orders_.postpone(claimed, reason);
    orders_.put_aside(claimed, reason);
}

// An order at hand whose funds are kept goes on where another lane has found that no more may be
// ordered.
bool OrderRunner::is_over() const {
    return parts_.rules.is_silent() || (parts_.is_called_off && parts_.is_called_off());
}

bool OrderRunner::may_send(const StepRecord& step) const {
    if (only_asks(step.function)) return true;
    if (parts_.rules.is_sending_held()) return false;
    return parts_.planner || step.phase == StepPhase::after || step.tries > 0;
}

// ---- One step: intent, act, outcome.

Next OrderRunner::execute(ClaimedOrder& claimed, StepRecord& step, const Order& order) {
    if (only_asks(step.function)) return asking_steps_.ask(claimed, step);
    // No question about the step: without an answer nothing is sent, and no try of it is counted.
    std::ignore = parts_.cache.highest_operation(parts_.queries);
    try {
        return prepare_and_send(claimed, step, order);
    } catch (const QueryFailure& failure) {
        if (step.phase != StepPhase::after || !is_about_one_question(failure)) throw;
        intents_.note_unanswered_question(
            claimed, step,
            std::string("the question before it was not answered: ") + failure.what());
        return Next::go_on;
    }
}

Next OrderRunner::prepare_and_send(ClaimedOrder& claimed, StepRecord& step, const Order& order) {
    wait_out_doubts();
    if (is_over()) return Next::stop;
    const StepPreparation::Prepared prepared = step_preparation_.prepare(claimed, step, order);
    if (!prepared.to_send) return prepared.next;
    const StepToSend& what = *prepared.to_send;
    const StepContext context = lane_.context(order, step, what.arguments);
    return send({claimed, step, *what.kind, context}, what.picture);
}

Next OrderRunner::send(const Sending& sending, const FieldMap& picture) {
    make_ready();
    return send_when_ready(sending, picture);
}

// Whether the line carries answers again, a question shows.
void OrderRunner::wait_out_doubts() {
    const auto wait_and_ask = [this](std::chrono::seconds pause) {
        if (parts_.retries != nullptr && parts_.retries->pause(pause)) {
            std::ignore = parts_.queries.account();
        } else if (!is_over()) {
            parts_.rules.stop(ExitCode::try_later,
                              "calls in a row ended in doubt, and the run has no time left to wait "
                              "for a better line");
        }
    };
    parts_.rules.pause_after_doubts([this] { write_answer_in_hand(); }, wait_and_ask);
}

// Whatever can go wrong before a call goes wrong here, where nothing is noted of it yet.
void OrderRunner::make_ready() {
    parts_.commands.make_ready([this] { write_answer_in_hand(); });
}

Next OrderRunner::send_when_ready(const Sending& sending, const FieldMap& picture) {
    const StepIntents::Begun begun = intents_.begin(sending, picture);
    if (!begun.attempt) return begun.next;
    crash_point(sending.step.phase == StepPhase::after ? "follow_up_begun" : "attempt_begun");
    const Outcome outcome = call(sending, *begun.attempt);
    crash_point("call_returned");
    const auto when = until_ == Until::main_answer ? StepOutcomes::Write::with_next_intent
                                                   : StepOutcomes::Write::at_once;
    return outcomes_.take(sending, *begun.attempt, outcome, when);
}

Outcome OrderRunner::call(const Sending& sending, const CommittedAttempt& attempt) {
    const Secret auth_code = sending.kind.function == "domainTransferIn"
                                 ? parts_.ledger.auth_code(sending.claimed.order.id)
                                 : Secret();
    if (gap_between(attempt.begun(), parts_.clock.now()) > kFreshAttempt) {
        return TryLater{TryLater::Why::session_dead, "",
                        "the ledger took too long to note the attempt; nothing was sent"};
    }
    parts_.cache.forget_domain(sending.claimed.order.domain);
    Outcome outcome = sending.kind.send(sending.context, auth_code, parts_.commands);
    const auto* done = std::get_if<Done>(&outcome);
    if (done != nullptr && makes_contact(sending.step) && done->value.empty()) {
        return InDoubt{"contactCreate was answered without a contact id"};
    }
    return outcome;
}

}  // namespace domspool
