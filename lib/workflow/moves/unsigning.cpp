#include "workflow/moves/unsigning.h"

#include "util/failure.h"
#include "workflow/moves/order_moves.h"

#include <algorithm>

namespace domspool {

namespace {

// The registry takes a DS away within hours. After so long a person must see to it.
constexpr auto kMostPatience = std::chrono::days(7);

std::uint32_t number_in(const std::string& digits) {
    return digits.empty() ? 0 : static_cast<std::uint32_t>(std::stoul(digits));
}

UtcTime since_when(const StepRecord& step, WaitsFor what, UtcTime now) {
    return step.waits_for == what ? step.since.value_or(now) : now;
}

// Whoever asked the parent just before knows the DS for its whole TTL.
OrderMove after_seeing_none(const OrderRecord& order, const StepRecord& step, std::uint32_t ttl,
                            UtcTime now) {
    const UtcTime since = since_when(step, WaitsFor::forgotten_ds, now);
    const UtcTime forgotten = since + std::chrono::seconds(ttl);
    OrderMove over = after_step_ended(order, step, StepState::done, "", "");
    over.reason = "the DS is forgotten; the next run that sends changes the name servers";
    if (forgotten <= now) return over;
    OrderMove move = later_again(order, step, WaitsFor::forgotten_ds, since,
                                 "no DS in the parent since " + to_iso(since), now);
    move.due_at = forgotten;
    move.reason =
        "the DS is gone; the name servers are changed when nobody can remember it, not "
        "before " +
        to_iso(forgotten);
    return move;
}

// Not for ever: an order that hangs in silence is as good as lost. Once a person lets it go on, the
// patience begins anew.
OrderMove still_waiting(const OrderRecord& order, const StepRecord& step,
                        const std::string& what_is_seen, UtcTime now) {
    const UtcTime since = since_when(step, WaitsFor::no_ds, now);
    const bool is_too_long = now - since >= kMostPatience;
    const UtcTime counted_from = is_too_long ? now : since;
    OrderMove move = later_again(order, step, WaitsFor::no_ds, counted_from,
                                 "waits for the parent since " + to_iso(counted_from), now);
    move.reason = "DNSSEC is off; " + what_is_seen;
    if (!is_too_long) return move;
    move.state = OrderState::held;
    move.held_for = HeldFor::unsigned_domain;
    move.due_at = now;
    move.reason += ", since " + to_iso(since) + "; ask the registrar why";
    return move;
}

}  // namespace

OrderMove after_reading_ds(const OrderRecord& order, const StepRecord& step, const ParentDs& seen) {
    const bool is_present = seen.state == ParentDs::State::present;
    return after_step_ended(order, step, StepState::done,
                            std::to_string(is_present ? seen.ttl_seconds : 0),
                            is_present ? "the parent shows a DS" : "the parent shows no DS");
}

// The step's result keeps the longest TTL seen.
OrderMove after_checking_ds(const OrderRecord& order, const StepRecord& step,
                            const FieldMap& arguments, const ParentDs& seen, UtcTime now) {
    std::uint32_t ttl = std::max(number_in(field_of(arguments, "ttl")), number_in(step.result));
    OrderMove move;
    switch (seen.state) {
        case ParentDs::State::absent:
            move = after_seeing_none(order, step, ttl, now);
            break;
        case ParentDs::State::present:
            ttl = std::max(ttl, seen.ttl_seconds);
            move = still_waiting(order, step, "the parent still shows a DS of the domain", now);
            break;
        case ParentDs::State::unreadable:
            move = still_waiting(
                order, step, "whether the parent still shows a DS is not known now: " + seen.reason,
                now);
            // The parent may have said before that it is gone.
            if (step.waits_for == WaitsFor::forgotten_ds) {
                move.step_note = step.note;
                move.waits_for = step.waits_for;
                move.since = step.since;
            }
            break;
    }
    move.step_result = std::to_string(ttl);
    return move;
}

}  // namespace domspool
