#include "workflow/sending/step_preparation.h"

#include "util/failure.h"
#include "workflow/checks/chain_guard.h"
#include "workflow/doubt/newer_order.h"
#include "workflow/moves/coming_by_itself.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"
#include "workflow/steps/step_arguments.h"

#include <algorithm>
#include <tuple>

namespace domspool {

StepPreparation::Prepared StepPreparation::prepare(ClaimedOrder& claimed, StepRecord& step,
                                                   const Order& order) {
    const StepKind* kind = step_kind(step.function);
    if (kind == nullptr) {
        lane_.orders.move(claimed, held(claimed.order, HeldFor::unreadable,
                                        "this version knows no step '" + step.function + "'"));
        return {std::nullopt, Next::stop};
    }
    const bool was_tried = step.tries > 0 || step.waits_for == WaitsFor::zone_key;
    const bool is_retried_follow_up = step.phase == StepPhase::after && was_tried;
    if (is_retried_follow_up && newer_order_has_begun(lane_.ledger, claimed.order)) {
        lane_.orders.move(claimed,
                          after_open_end(claimed.order, step,
                                         step.note + "; given up for a newer order of the domain"));
        return {std::nullopt, Next::go_on};
    }
    FieldMap arguments = resolved(step.arguments, claimed.order.steps);
    if (!complete_keys(claimed, step, arguments)) return {std::nullopt, Next::go_on};
    BeforePicture picture = kind->picture(lane_.context(order, step, arguments));
    if (!picture.impossible.empty()) {
        return {std::nullopt, leave_impossible(claimed, step, picture.impossible)};
    }
    if (picture.is_so_already) return {std::nullopt, skip(claimed, step)};
    if (kind->moves_domain && !may_meet_servers(claimed, step, order, arguments)) {
        return {std::nullopt, Next::stop};
    }
    if (picture.completed_arguments) arguments = std::move(*picture.completed_arguments);
    return {StepToSend{kind, std::move(arguments), std::move(picture.fields)}, Next::go_on};
}

// False: the step is tried later, or became an open end.
bool StepPreparation::complete_keys(ClaimedOrder& claimed, StepRecord& step, FieldMap& arguments) {
    if (step.function != "domainSetDNSSecExt") return true;
    KeyArguments keys{{}, "the zone's keys cannot be read by this program"};
    if (lane_.settings.zone_keys) {
        keys = lane_.settings.zone_keys(claimed.order.domain, arguments);
    }
    if (keys.trouble.empty()) {
        arguments = std::move(keys.arguments);
        return true;
    }
    lane_.orders.move(
        claimed, keys.may_be_later
                     ? after_missing_key(claimed.order, step, keys.trouble, lane_.clock.now().utc)
                     : after_open_end(claimed.order, step, keys.trouble));
    return false;
}

Next StepPreparation::leave_impossible(ClaimedOrder& claimed, const StepRecord& step,
                                       const std::string& why) {
    if (step.phase == StepPhase::after) {
        lane_.orders.move(claimed, after_open_end(claimed.order, step, why));
        return Next::go_on;
    }
    if (executed(claimed.order, step) != Executed::no) {
        // Perhaps the first sending's doing, so late that no look saw it.
        lane_.orders.move(claimed,
                          held(claimed.order, HeldFor::doubt,
                               step.function + " was to be sent a second time, but " + why));
    } else if (may_have_changed_domain(claimed.order)) {
        lane_.orders.move(claimed, held(claimed.order, HeldFor::unsigned_domain,
                                        "DNSSEC was switched off for it, but now: " + why));
    } else {
        lane_.orders.move(claimed, failed_before_sending("", why));
    }
    return Next::stop;
}

// Days may lie between the checks of the whole order and this sending, or a lost answer.
bool StepPreparation::may_meet_servers(ClaimedOrder& claimed, const StepRecord& step,
                                       const Order& order, const FieldMap& arguments) {
    const ChainVerdict verdict =
        hold_against_ds(order, nameservers_in(arguments), lane_.settings.preflight, lane_.cache);
    switch (verdict.what) {
        case ChainVerdict::What::may_be_sent:
            return true;
        case ChainVerdict::What::would_break:
            std::ignore = leave_impossible(claimed, step, verdict.reason);
            return false;
        case ChainVerdict::What::not_known:
            lane_.orders.postpone(claimed, verdict.reason);
            return false;
    }
    our_bug("a verdict on the chain of trust without a name", __FILE__, __LINE__);
}

Next StepPreparation::skip(ClaimedOrder& claimed, const StepRecord& step) {
    if (executed(claimed.order, step) != Executed::no) return take_as_done(claimed, step);
    const OrderMove skipped =
        after_step_ended(claimed.order, step, StepState::skipped, "", "is so already");
    if (skipped.state != OrderState::skipped) {
        lane_.orders.move_later(claimed, skipped);
        return Next::go_on;
    }
    lane_.orders.move(claimed, skipped);
    return Next::stop;
}

// It was not so before the first sending, whose effect came so late that no look saw it.
Next StepPreparation::take_as_done(ClaimedOrder& claimed, const StepRecord& step) {
    const std::string words = "is so since an earlier sending";
    const bool is_main = step.phase == StepPhase::main;
    lane_.orders.move(claimed, after_step_ended(claimed.order, step, StepState::done, "",
                                                is_main ? kIdUnknown + ": " + words : words,
                                                is_main ? Evidence::id_unknown : Evidence::reply));
    return Next::go_on;
}

}  // namespace domspool
