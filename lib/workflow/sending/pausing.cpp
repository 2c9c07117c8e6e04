#include "workflow/sending/pausing.h"

#include "workflow/moves/decision_moves.h"

namespace domspool {

namespace {

std::string with_reason(const std::string& words, const std::string& reason) {
    return reason.empty() ? words : words + ": " + reason;
}

}  // namespace

OrderDecision decision_to_hold(const OrderRecord& order, const std::string& person,
                               const std::string& reason) {
    const DecisionMove pausing = pause(order, with_reason(person, reason));
    return {pausing.move, with_reason("held by " + person, reason), pausing.refusal,
            ExitCode::all_well};
}

OrderDecision decision_to_release(const Ledger& ledger, const OrderRecord& order,
                                  const std::string& person, const std::string& reason) {
    const std::string by = "released by " + person;
    const bool is_held = order.state == OrderState::held;
    if (is_held && ledger.perhaps_sent(order.id)) {
        return {looked_for_first(order), with_reason(by + ", to be looked for first", reason), ""};
    }
    const DecisionMove going_on = let_go_on(order);
    return {going_on.move, with_reason(by, reason), going_on.refusal,
            is_held ? ExitCode::some_orders_wrong : ExitCode::all_well};
}

}  // namespace domspool
