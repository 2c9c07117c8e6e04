#include "workflow/sending/order_preparation.h"

#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/checks/resembled_order.h"
#include "workflow/moves/executed.h"
#include "workflow/moves/order_moves.h"
#include "workflow/moves/order_steps.h"

namespace domspool {

namespace {

bool keeps_old_servers(const Order& order, const StepRecord& main_step, const Verdict& verdict) {
    if (entry_of(order.kind).servers != Servers::keep || !order.nameservers.empty()) return false;
    std::vector<std::string> planned;
    for (int i = 1; i <= 5; ++i) {
        const std::string& server = field_of(main_step.arguments, "ns" + std::to_string(i));
        if (!server.empty()) planned.push_back(server);
    }
    return planned != verdict.nameservers_in_place;
}

}  // namespace

bool OrderPreparation::is_ready(ClaimedOrder& claimed, const Order& order) {
    const StepRecord* main_step = main_step_of(claimed.order);
    const bool is_to_come = main_step == nullptr || main_step->state == StepState::planned;
    if (!is_to_come) return true;
    if (!planner_) return main_step != nullptr;
    const bool is_only_waiting =
        main_step != nullptr && next_step(claimed.order, lane_.clock.now().utc) == nullptr;
    if (is_only_waiting) return true;
    if (lane_.ledger.is_domain_blocked_by_foreign(order.domain)) {
        lane_.orders.put_aside(claimed,
                               "an operation that was not started here is pending for the domain");
        return false;
    }
    if (!is_one_of_its_own(claimed)) return false;
    doubt_snapshot(claimed);
    const Secret auth_code =
        claimed.order.has_auth_code ? lane_.ledger.auth_code(claimed.order.id) : Secret();
    const Verdict verdict =
        preflight(order, lane_.settings.preflight, lane_.cache, lane_.queries, auth_code);
    if (!follow(claimed, verdict) || !is_plan_current(claimed, order, verdict) ||
        !is_covered(claimed, verdict)) {
        return false;
    }
    plan(claimed, order, verdict);
    return is_possible(claimed, order);
}

// Asked before all else: an order that was done already fails the checks of a new one. Begun, it
// was found to be one of its own.
bool OrderPreparation::is_one_of_its_own(ClaimedOrder& claimed) {
    const OrderRecord& order = claimed.order;
    if (!order.resembles || order.state != OrderState::accepted) return true;
    const Resemblance found =
        resemblance_to(*order.resembles, order.id, {lane_.ledger, lane_.cache, lane_.queries});
    switch (found.what) {
        case Resemblance::What::none:
            return true;
        case Resemblance::What::same:
            lane_.orders.move(claimed, skipped(found.reason));
            return false;
        case Resemblance::What::not_known:
            lane_.orders.postpone(claimed, found.reason);
            return false;
    }
    our_bug("a resemblance without a name", __FILE__, __LINE__);
}

// The snapshot of the account's domains is as old as the run; an order that ended since may have
// brought the domain into the account.
void OrderPreparation::doubt_snapshot(const ClaimedOrder& claimed) {
    if (!lane_.cache.is_listed(claimed.order.domain)) return;
    OrderFilter same_domain;
    same_domain.domain = claimed.order.domain.ascii();
    for (const OrderRecord& other : lane_.ledger.orders(same_domain)) {
        if (other.id == claimed.order.id || other.state == OrderState::accepted) continue;
        return lane_.cache.doubt_snapshot_of(claimed.order.domain);
    }
}

bool OrderPreparation::follow(ClaimedOrder& claimed, const Verdict& verdict) {
    switch (verdict.what) {
        case Verdict::What::go:
            return true;
        case Verdict::What::not_possible:
            give_up(claimed, verdict.code, verdict.reason);
            return false;
        case Verdict::What::not_now:
            lane_.orders.postpone(claimed, verdict.reason);
            return false;
        case Verdict::What::waits:
            lane_.orders.put_aside(claimed, verdict.reason);
            return false;
        case Verdict::What::to_be_held:
            lane_.orders.move(claimed, held(claimed.order, HeldFor::checks, verdict.reason));
            return false;
        case Verdict::What::so_already: {
            // Begun already: its steps find out one by one, and end it.
            if (claimed.order.state != OrderState::accepted) return true;
            OrderMove skip = skipped(verdict.reason);
            skip.code = verdict.code;
            lane_.orders.move(claimed, skip);
            return false;
        }
    }
    our_bug("a verdict without a name", __FILE__, __LINE__);
}

// Where its main step may have been executed, or DNSSEC was switched off for it, a person must see
// to it.
void OrderPreparation::give_up(ClaimedOrder& claimed, const std::string& code,
                               const std::string& reason) {
    if (!may_have_changed_domain(claimed.order)) {
        return lane_.orders.move(claimed, failed_before_sending(code, reason));
    }
    const bool is_sent = may_have_cost(claimed.order);
    const std::string begun =
        is_sent ? main_step_of(claimed.order)->function + " was to be sent a second time, but "
                : "DNSSEC was switched off for it, but now: ";
    OrderMove hold =
        held(claimed.order, is_sent ? HeldFor::doubt : HeldFor::unsigned_domain, begun + reason);
    hold.code = code;
    lane_.orders.move(claimed, hold);
}

// A plan is frozen; the delegation it keeps may have changed since.
bool OrderPreparation::is_plan_current(ClaimedOrder& claimed, const Order& order,
                                       const Verdict& verdict) {
    const StepRecord* main_step = main_step_of(claimed.order);
    if (main_step == nullptr || !keeps_old_servers(order, *main_step, verdict)) return true;
    lane_.orders.move(claimed,
                      held(claimed.order, HeldFor::checks,
                           "the domain has other name servers today than when its transfer was "
                           "planned, and would lose them; cancel the order and give it anew"));
    return false;
}

bool OrderPreparation::is_covered(ClaimedOrder& claimed, const Verdict& verdict) {
    if (!verdict.price) return true;
    const auto shortage = lane_.rules.short_of_funds(claimed.order, *verdict.price);
    if (!shortage) return true;
    lane_.orders.move(claimed, still(claimed.order, *shortage));
    return false;
}

void OrderPreparation::plan(ClaimedOrder& claimed, const Order& order, const Verdict& verdict) {
    std::vector<PlannedStep> planned;
    if (claimed.order.steps.empty()) {
        const PreflightSettings& checks = lane_.settings.preflight;
        planned = planner_({order, verdict.rules, checks.contacts, checks.reseller_id,
                            verdict.nameservers_in_place});
        for (const PlannedStep& step : planned) add_planned(claimed.order.steps, step);
    }
    claimed.order.price = verdict.price;
    lane_.writes.put_off([claim = claimed.claim, planned, price = verdict.price,
                          notes = verdict.notes, now = lane_.clock.now().utc,
                          run = lane_.run.id()](LedgerWrite& w) {
        if (!planned.empty()) w.store_plan(claim, planned);
        if (price) w.set_price(claim, *price);
        for (const std::string& note : notes) w.event(run, "note", note, now, claim.order);
    });
    crash_point("planned");
}

// Contacts are made before the domain's turn comes: whether it is ours is asked before them.
bool OrderPreparation::is_possible(ClaimedOrder& claimed, const Order& order) {
    if (claimed.order.steps.front().phase != StepPhase::before) return true;
    const StepRecord* main_step = main_step_of(claimed.order);
    DOMSPOOL_ASSERT(main_step != nullptr);
    if (main_step->tries > 0) return true;
    const StepKind* kind = step_kind(main_step->function);
    DOMSPOOL_ASSERT(kind != nullptr);
    const BeforePicture picture =
        kind->picture(lane_.context(order, *main_step, main_step->arguments));
    if (!picture.impossible.empty()) {
        give_up(claimed, "", picture.impossible);
        return false;
    }
    if (!picture.is_so_already) return true;
    const OrderMove skip =
        after_step_ended(claimed.order, *main_step, StepState::skipped, "", "is so already");
    if (skip.state != OrderState::skipped) return true;
    lane_.orders.move(claimed, skip);
    return false;
}

}  // namespace domspool
