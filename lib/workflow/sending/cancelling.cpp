// The wish to cancel a pending operation, as a step behind the others of its order.
#include "util/failure.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"
#include "workflow/sending/order_runner.h"
#include "workflow/steps/step_kind_tables.h"

namespace domspool {

namespace {

using What = Observation::What;

BeforePicture picture_of_operation(const StepContext& context) {
    BeforePicture picture;
    const std::string& id = field_of(context.arguments, "operation");
    picture.fields["status"] = context.queries.operation(std::stoll(id)).status;
    return picture;
}

Outcome send_cancel(const StepContext& context, const Secret&, RegistrarCommands& commands) {
    return commands.cancel_operation(std::stoll(field_of(context.arguments, "operation")));
}

// A cancelling that had no effect is not sent again by itself.
Observation look_at_operation(const StepContext& context, const FieldMap&) {
    const std::string& id = field_of(context.arguments, "operation");
    const OperationRecord record = context.queries.operation(std::stoll(id));
    const std::string evidence = "queryOpe says " + record.status + " of operation " + id;
    const bool is_cancelled = final_status_of(record.status) == FinalStatus::cancelled;
    return {is_cancelled ? What::executed : What::failed, evidence, ""};
}

constexpr StepKind kCancellingStep[] = {
    {"cancelOpe", "", 1, picture_of_operation, send_cancel, look_at_operation},
};

}  // namespace

std::span<const StepKind> cancelling_step_kinds() {
    return kCancellingStep;
}

// The step comes into the ledger together with its attempt: without one it would be sent when the
// order's follow-ups are.
void OrderRunner::ask_to_cancel(ClaimedOrder& claimed) {
    const AskingAfterWriting asking(*this);
    const StepRecord* main_step = main_step_of(claimed.order);
    DOMSPOOL_ASSERT(main_step != nullptr && main_step->operation.has_value());
    const StepKind* kind = step_kind(kCancelling);
    DOMSPOOL_ASSERT(kind != nullptr);
    const ReadOrder read = read_order(claimed.order.kind, claimed.order.fields);
    if (!read.order) {
        return orders_.move(claimed, held(claimed.order, HeldFor::unreadable,
                                          "the ledger's fields of this order cannot be read"));
    }

    PlannedStep planned;
    planned.phase = StepPhase::after;
    planned.function = kCancelling;
    planned.arguments = {{"operation", std::to_string(*main_step->operation)}};
    if (claimed.order.state == OrderState::held) {
        planned.arguments[kHeldForArgument] = to_word(claimed.order.held_for);
        planned.arguments[kHeldReasonArgument] = claimed.order.reason;
    }
    StepRecord& step = add_planned(claimed.order.steps, planned);

    const StepContext context = lane_.context(*read.order, step, step.arguments);
    const BeforePicture picture = kind->picture(context);
    std::ignore = parts_.cache.highest_operation(parts_.queries);  // Asked before it is put off.
    make_ready();
    writes_.put_off(
        [claim = claimed.claim, planned](LedgerWrite& w) { w.add_step(claim, planned); });
    std::ignore = send_when_ready({claimed, step, *kind, context}, picture.fields);
}

}  // namespace domspool
