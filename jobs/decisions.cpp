#include "jobs/decisions.h"

#include "jobs/order_kinds.h"
#include "workflow/moves/answer_moves.h"
#include "workflow/moves/decision_moves.h"
#include "workflow/moves/order_steps.h"
#include "workflow/sending/order_runner.h"
#include "workflow/sending/pausing.h"
#include "workflow/steps/step_kinds.h"

namespace domspool {

namespace {

Decided take_cancelled(const DecisionParts& parts, OrderInHand& hand,
                       const OperationRecord& record) {
    const StepRecord& step = *main_step_of(hand.order());
    const OrderMove move =
        after_cancelled(step, Refused{"", record.message, record.id}, CancelledBy::us);
    return hand.write("cancelled for " + parts.person + ": queryOpe says " + record.status,
                      [&](LedgerWrite& w) {
                          w.end_operation(hand.claimed().claim, record.id, record.status,
                                          record.message, move, hand.now());
                          return move;
                      });
}

bool is_of_main_step(const OperationRecord& record, const OrderRecord& order) {
    const StepRecord& step = *main_step_of(order);
    const StepKind* kind = step_kind(step.function);
    return kind != nullptr && operation_fits(record.type, *kind, step.arguments);
}

std::string shown_at_registrar(const OperationRecord& record) {
    return "operation " + std::to_string(record.id) + " is " + record.status + " at the registrar";
}

// What has ended is not asked to be cancelled; a Cancelled ends the order.
Decided take_end(const DecisionParts& parts, OrderInHand& hand, const OperationRecord& record) {
    const bool is_cancelled = final_status_of(record.status) == FinalStatus::cancelled;
    if (is_cancelled && is_of_main_step(record, hand.order())) {
        return take_cancelled(parts, hand, record);
    }
    return hand.refuse(shown_at_registrar(record) +
                       ": pending-check takes it in, nothing is left to cancel");
}

// Why the registrar was not asked, or refused.
std::optional<Decided> not_taken(const OrderInHand& hand) {
    const StepRecord& step = hand.order().steps.back();
    if (step.function != kCancelling) return hand.refuse(hand.order().reason);
    if (step.state == StepState::skipped) {
        return hand.refuse(step.note + "; try again later", ExitCode::try_later);
    }
    if (step.state == StepState::in_doubt) {
        return hand.refuse(hand.order().reason + "; pending-check finds out");
    }
    return std::nullopt;
}

Decided ask_and_read(const DecisionParts& parts, OrderInHand& hand, Lane& lane) {
    const OperationId id = *main_step_of(hand.order())->operation;
    const OperationRecord before = lane.queries->operation(id);
    if (final_status_of(before.status) != FinalStatus::not_final) {
        return take_end(parts, hand, before);
    }
    hand.note(parts.person + " wishes to cancel operation " + std::to_string(id));
    lane.runner->ask_to_cancel(hand.claimed());
    lane.runner->flush();
    if (const auto trouble = not_taken(hand)) return *trouble;
    const OperationRecord after = lane.queries->operation(id);
    if (final_status_of(after.status) != FinalStatus::not_final) {
        return take_end(parts, hand, after);
    }
    const StepRecord& step = hand.order().steps.back();
    if (step.state == StepState::failed) {
        return hand.refuse(step.note + "; " + shown_at_registrar(after));
    }
    return hand.decided("the registrar was asked to cancel; " + shown_at_registrar(after) +
                        ", and pending-check tells when it is cancelled");
}

Decided follow(OrderInHand& hand, const OrderDecision& decision) {
    if (!decision.refusal.empty()) return hand.refuse(decision.refusal);
    return hand.move(decision.move, decision.event);
}

}  // namespace

Decided hold_order(const DecisionParts& parts, OrderId order, const std::string& reason) {
    OrderInHand hand(parts, order);
    if (!hand.is_ours()) return hand.busy();
    return follow(hand, decision_to_hold(hand.order(), parts.person, reason));
}

Decided release_order(const DecisionParts& parts, OrderId order, const std::string& reason) {
    OrderInHand hand(parts, order);
    if (!hand.is_ours()) return hand.busy();
    return follow(hand, decision_to_release(parts.ledger, hand.order(), parts.person, reason));
}

Decided cancel_order(const DecisionParts& parts, OrderId order) {
    OrderInHand hand(parts, order);
    if (!hand.is_ours()) return hand.busy();
    if (parts.ledger.perhaps_sent(order)) {
        return hand.refuse(
            "it may have been sent after the ledger was copied: pending-check looks for it; a "
            "person decides with `domain-orders resolve " +
            std::to_string(order) + "` and --done or --failed");
    }
    const Cancelling cancelling = way_to_cancel(hand.order());
    switch (cancelling.way) {
        case CancelWay::refused:
            return hand.refuse(cancelling.refusal);
        case CancelWay::unsent:
            return hand.move(cancelled_unsent(hand.order(), parts.person),
                             "cancelled by " + parts.person);
        case CancelWay::ask_the_registrar:
            break;
    }
    Lane lane = parts.open_lane();
    try {
        return ask_and_read(parts, hand, lane);
    } catch (const QueryFailure& failure) {
        return hand.refuse(std::string("what became of the operation is not known: ") +
                               failure.what() + "; pending-check asks, or try again later",
                           ExitCode::try_later);
    }
}

std::string what_goes_on(const Ledger& ledger, const OrderRecord& order) {
    const StepRecord* to_send = nullptr;
    for (const StepRecord& step : order.steps) {
        if (step.state == StepState::planned && step.phase != StepPhase::after) to_send = &step;
    }
    const bool is_to_be_sent = order.state == OrderState::accepted ||
                               (order.state == OrderState::in_progress && to_send != nullptr);
    if (is_end(order.state)) return "nothing was left to do";
    if (!is_to_be_sent) return "pending-check goes on with it";
    const auto batch = ledger.batch(order.batch);
    if (order.instead_of && batch && batch->is_retry) {
        return "`domain-orders retry " + std::to_string(*order.instead_of) +
               "` or the next spool-run sends it";
    }
    return "the next spool-run sends it, or `" + std::string(entry_of(order.kind).program) +
           "` when given '" + (batch ? batch->name : "") + "' again";
}

Decided dismiss_order(const DecisionParts& parts, OrderId order, const std::string& reason,
                      std::optional<UtcTime> until) {
    OrderInHand hand(parts, order);
    if (!hand.is_ours()) return hand.busy();
    const std::string number = std::to_string(order);
    const std::string state(to_word(hand.order().state));
    switch (hand.order().state) {
        case OrderState::held:
            return hand.refuse("it is held: `domain-orders release " + number +
                               "`, resolve or "
                               "cancel ends that, dismiss does not");
        case OrderState::in_doubt:
            return hand.refuse("it is in_doubt: `domain-orders resolve " + number +
                               "` ends that, dismiss does not");
        case OrderState::done:
        case OrderState::skipped:
            return hand.refuse("it is " + state + ": nothing of it waits for a person");
        case OrderState::accepted:
        case OrderState::in_progress:
        case OrderState::waiting:
        case OrderState::done_open_ends:
        case OrderState::failed:
        case OrderState::cancelled:
            break;
    }
    const Dismissal dismissal{order, parts.person, reason, hand.now(), until};
    const std::string day = until ? " until " + to_iso(*until).substr(0, 10) : "";
    const std::string words = "dismissed by " + parts.person + day + ": " + reason;
    parts.ledger.write([&](LedgerWrite& w) {
        w.dismiss(dismissal);
        w.event(parts.run, kDismissedEvent, words, hand.now(), order);
    });
    return hand.decided(words);
}

}  // namespace domspool
