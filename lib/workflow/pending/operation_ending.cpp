#include "workflow/pending/operation_ending.h"

#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/doubt/look.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"

#include <algorithm>
#include <optional>

namespace domspool {

namespace {

// The reply tells of the line, not of the order: no person need look. Throws what ends a pass.
bool can_be_asked_again(const QueryFailure& failure) {
    if (!is_about_one_question(failure)) throw failure;
    return failure.why() == QueryFailure::Why::unreadable;
}

// Ends one operation, under its order's claim.
class Ending {
  public:
    Ending(PendingPass& pass, const OperationInHand& hand)
        : pass_(pass), hand_(hand), order_(hand.claimed.order) {}

    bool by_status(const OperationRecord& record) {
        const FinalStatus status = final_status_of(record.status);
        settle_cancelling(status, "queryOpe says " + record.status);
        const auto move =
            status == FinalStatus::done ? move_when_done(record) : move_when_failed(record);
        if (!move) {
            pass_.note_asked(hand_.open, record.status, PendingPass::Answered::yes);
            pass_.orders().release(hand_.claimed.claim);
            return false;
        }
        end(record, *move);
        return true;
    }

    void by_observation(const std::string& trouble) {
        const auto seen = look();
        if (!seen) return pass_.orders().release(hand_.claimed.claim);
        const std::string words = trouble + "; " + seen->evidence;
        OperationRecord shown;
        shown.id = hand_.open.id;
        shown.message = words;
        switch (seen->what) {
            case Observation::What::executed:
                settle_cancelling(FinalStatus::done, words);
                return end(shown, after_operation_done(order_, hand_.step, shown.id, words, now()));
            case Observation::What::failed:
                settle_cancelling(FinalStatus::failed, words);
                return end(shown, after_operation_failed(order_, hand_.step, {"", words, shown.id},
                                                         FinalStatus::failed, now()));
            case Observation::What::under_way:
                return pass_.orders().release(hand_.claimed.claim);
            case Observation::What::nothing_there:
            case Observation::What::not_shown:
            case Observation::What::inconclusive:
                pass_.move(hand_.claimed, held(order_, HeldFor::no_answer,
                                               "queryOpe gives no answer about operation " +
                                                   std::to_string(shown.id) + " (" + words + ")"));
                return pass_.go_on_with(hand_.claimed);
        }
    }

  private:
    UtcTime now() const { return pass_.now().utc; }

    // An operation that has ended tells whether its cancelling had an effect.
    void settle_cancelling(FinalStatus status, const std::string& how) {
        for (const AttemptRecord& doubt : pass_.ledger().open_doubts()) {
            if (doubt.order != order_.id || doubt.function != kCancelling) continue;
            const StepRecord& step = order_.steps.at(static_cast<std::size_t>(doubt.position) - 1);
            if (field_of(step.arguments, "operation") != std::to_string(hand_.open.id)) continue;
            const Outcome outcome = status == FinalStatus::cancelled
                                        ? Outcome(Done{std::nullopt, how, ""})
                                        : Outcome(Refused{"", how, std::nullopt});
            const OrderMove move = after_answer(order_, step, outcome, now());
            const AttemptEnd end = end_of(outcome, pass_.now());
            pass_.ledger().write([&](LedgerWrite& w) {
                w.settle_doubt(hand_.claimed.claim, doubt.id, end, how, move);
            });
            note_settled(order_, doubt.id, end, how);
            apply(move, order_);
        }
    }

    // The Done of an adopted operation counts only if what was ordered is shown. For the main step
    // the read-back sees to it. Nothing: no look was possible now.
    std::optional<OrderMove> move_when_done(const OperationRecord& record) {
        const OrderMove move =
            after_operation_done(order_, hand_.step, hand_.open.id, record.message, now());
        if (hand_.step.evidence != Evidence::adopted || hand_.step.phase == StepPhase::main)
            return move;
        const auto seen = look();
        if (!seen) return std::nullopt;
        if (seen->what == Observation::What::executed ||
            seen->what == Observation::What::not_shown) {
            return move;
        }
        OrderMove hold = move;
        hold.state = OrderState::held;
        hold.held_for = HeldFor::not_shown;
        hold.keeps_domain = true;
        hold.reason = "the adopted operation " + std::to_string(hand_.open.id) +
                      " is Done, but what was ordered is not shown: " + seen->evidence;
        return hold;
    }

    // The operation of a second sending may have failed because the first one was executed.
    // Nothing: no look was possible now.
    std::optional<OrderMove> move_when_failed(const OperationRecord& record) {
        const Refused words{"", record.message, hand_.open.id};
        const FinalStatus status = final_status_of(record.status);
        OrderMove move = after_operation_failed(order_, hand_.step, words, status, now());
        const ReadOrder read = read_order(order_.kind, order_.fields);
        if (!read.order) return move;
        const FieldMap arguments = resolved(hand_.step.arguments, order_.steps);
        const SecondThought second = second_thought(
            order_, hand_.kind, pass_.context(*read.order, hand_.step, arguments), words);
        if (second.no_look && can_be_asked_again(*second.no_look)) return std::nullopt;
        if (const auto* done = std::get_if<Done>(&second.outcome)) {
            return after_answer(order_, hand_.step, *done, now());
        }
        if (const auto* doubt = std::get_if<InDoubt>(&second.outcome)) {
            move.state = OrderState::held;
            move.held_for = HeldFor::doubt;
            if (hand_.step.phase == StepPhase::main) move.step_state = StepState::failed;
            move.keeps_domain = true;
            move.reason = doubt->evidence;
        } else if (!second.first_word.empty()) {
            move.reason += "; " + second.first_word;
        }
        return move;
    }

    // What the registrar shows of the domain, compared with the picture before the operation.
    // Nothing: its reply could not be read.
    std::optional<Observation> look() {
        const auto attempt =
            std::find_if(order_.attempts.begin(), order_.attempts.end(),
                         [&](const AttemptRecord& each) { return each.id == hand_.open.attempt; });
        const ReadOrder read = read_order(order_.kind, order_.fields);
        const FieldMap arguments = resolved(hand_.step.arguments, order_.steps);
        if (!read.order || attempt == order_.attempts.end()) {
            return Observation{Observation::What::inconclusive, "nothing can be looked at", ""};
        }
        try {
            return hand_.kind.look(pass_.context(*read.order, hand_.step, arguments),
                                   attempt->picture);
        } catch (const QueryFailure& failure) {
            if (can_be_asked_again(failure)) return std::nullopt;
            return Observation{Observation::What::inconclusive, failure.what(), ""};
        }
    }

    void end(const OperationRecord& record, const OrderMove& move) {
        pass_.ledger().write([&](LedgerWrite& w) {
            w.end_operation(hand_.claimed.claim, hand_.open.id, record.status, record.message, move,
                            now());
        });
        apply(move, order_);
        crash_point("operation_ended");
        ++pass_.result().ended;
        pass_.go_on_with(hand_.claimed);
    }

    PendingPass& pass_;
    const OperationInHand& hand_;
    OrderRecord& order_;
};

}  // namespace

bool end_as_told(PendingPass& pass, const OperationInHand& hand, const OperationRecord& record) {
    return Ending(pass, hand).by_status(record);
}

void end_as_shown(PendingPass& pass, const OpenOperation& open, const std::string& trouble) {
    auto claimed = pass.orders().claim_order(open.order);
    if (!claimed) return;
    const StepRecord* step = step_at(claimed->order, open.position);
    const StepKind* kind = step == nullptr ? nullptr : step_kind(step->function);
    if (kind == nullptr || claimed->order.state == OrderState::held) {
        return pass.orders().release(claimed->claim);
    }
    const OperationInHand hand{*claimed, *step, *kind, open};
    Ending(pass, hand).by_observation(trouble);
}

}  // namespace domspool
