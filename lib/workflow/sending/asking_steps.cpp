#include "workflow/sending/asking_steps.h"

#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/moves/coming_by_itself.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"
#include "workflow/moves/plan_builder.h"
#include "workflow/moves/unsigning.h"

namespace domspool {

Next AskingSteps::ask(ClaimedOrder& claimed, const StepRecord& step) {
    if (step.function == kReadParentDs) return read_parent_ds(claimed, step);
    if (step.function == kAwaitNoDs) return await_no_ds(claimed, step);
    return read_back(claimed, step);
}

Next AskingSteps::read_back(ClaimedOrder& claimed, const StepRecord& step) {
    const StepRecord* main_step = main_step_of(claimed.order);
    DOMSPOOL_ASSERT(main_step != nullptr);
    std::optional<DomainRecord> record;
    try {
        record = lane_.cache.domain_now(claimed.order.domain, lane_.queries);
    } catch (const QueryFailure& failure) {
        if (!is_about_one_question(failure)) throw;
        return read_back_unanswered(claimed, step, failure);
    }
    const UtcTime now = lane_.clock.now().utc;
    if (!record && may_yet_be_shown(step, now)) {
        lane_.orders.move(claimed, after_not_shown(claimed.order, step, now));
        return Next::stop;
    }
    const Differences seen =
        record
            ? differences(*main_step, resolved(main_step->arguments, claimed.order.steps), *record)
            : Differences{kNotInAccount, "the domain is not in the account (E15-M1502)"};
    if (!seen.words.empty() && main_step->evidence == Evidence::adopted) {
        lane_.orders.move(
            claimed, held(claimed.order, HeldFor::not_shown,
                          "the adopted operation ended, but the domain differs: " + seen.words));
        return Next::stop;
    }
    lane_.orders.move_later(claimed, after_reading_back(claimed.order, step, seen));
    crash_point("read_back");
    return Next::go_on;
}

// Twice, then it is an open end; an adopted operation must be seen to count, so that a reply that
// cannot be read is asked for again as long as it takes.
Next AskingSteps::read_back_unanswered(ClaimedOrder& claimed, const StepRecord& step,
                                       const QueryFailure& failure) {
    const std::string words = "could not be read back: " + std::string(failure.what());
    const bool is_second = step.waits_for == WaitsFor::answer;
    const bool must_be_seen = main_step_of(claimed.order)->evidence == Evidence::adopted;
    const UtcTime now = lane_.clock.now().utc;
    const bool is_unreadable = failure.why() == QueryFailure::Why::unreadable;
    if (!is_second || (must_be_seen && is_unreadable)) {
        lane_.orders.move(claimed,
                          later_again(claimed.order, step, WaitsFor::answer, now, words, now));
    } else if (must_be_seen) {
        lane_.orders.move(claimed, held(claimed.order, HeldFor::not_shown,
                                        "the adopted operation ended, but the domain " + words));
    } else {
        lane_.orders.move(claimed, after_open_end(claimed.order, step, words));
    }
    return must_be_seen ? Next::stop : Next::go_on;
}

// Before DNSSEC is switched off: afterwards the parent does not say any more how long its DS lives.
Next AskingSteps::read_parent_ds(ClaimedOrder& claimed, const StepRecord& step) {
    const ParentDs seen = parent_ds(claimed.order.domain);
    if (seen.state == ParentDs::State::unreadable) {
        lane_.orders.postpone(
            claimed, "whether the parent has a DS of the domain is not known now: " + seen.reason);
        return Next::stop;
    }
    lane_.orders.move(claimed, after_reading_ds(claimed.order, step, seen));
    return Next::go_on;
}

Next AskingSteps::await_no_ds(ClaimedOrder& claimed, const StepRecord& step) {
    const OrderMove next =
        after_checking_ds(claimed.order, step, resolved(step.arguments, claimed.order.steps),
                          parent_ds(claimed.order.domain), lane_.clock.now().utc);
    lane_.orders.move(claimed, next);
    return next.step_state == StepState::done ? Next::go_on : Next::stop;
}

ParentDs AskingSteps::parent_ds(const DomainName& domain) const {
    if (!lane_.settings.read_parent_ds) return {};
    ParentDs seen = lane_.settings.read_parent_ds(domain);
    if (seen.ttl_seconds > 0) lane_.cache.note_ds(domain, seen.ttl_seconds);
    return seen;
}

}  // namespace domspool
