#include "jobs/pending_check.h"

#include "ledger/sql/sending_hold.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/doubt/watched_word.h"
#include "workflow/moves/order_steps.h"
#include "workflow/moves/plan_builder.h"
#include "workflow/pending/doubt_settling.h"
#include "workflow/pending/foreign_operations.h"
#include "workflow/pending/pass_lanes.h"
#include "workflow/pending/perhaps_sent_settling.h"
#include "workflow/pending/refused_logins.h"
#include "workflow/pending/registrar_outage.h"
#include "workflow/pending/restarted_operations.h"
#include "workflow/pending/word_watch.h"

namespace domspool {

namespace {

bool is_too_soon(PendingPass& pass, std::chrono::seconds min_interval) {
    const auto last = pass.ledger().last_pass_begun();
    if (!last) return false;
    const Moment& now = pass.now();
    if (last->utc > now.utc && last->boot_id != now.boot_id) {
        pass.result().warnings.push_back("the last pass began in the future (" + to_iso(last->utc) +
                                         "): is the clock right?");
        return false;
    }
    return gap_between(*last, now) < min_interval;
}

// While all sending is held only what asks goes on: read-backs, and the waiting for a DS to go.
bool may_go_on(PendingPass& pass, OrderId id) {
    if (!pass.rules().is_sending_held()) return true;
    OrderRecord order = pass.ledger().order(id);
    const StepRecord* next = next_step(order, pass.now().utc);
    return next != nullptr && only_asks(next->function);
}

void run_due_follow_ups(PendingPass& pass) {
    const auto due = pass.ledger().orders_with_due_follow_ups(pass.now().utc);
    share_among_lanes(pass, due.size(), [&](PendingPass& lane, std::size_t index) {
        const StoppingRules& rules = lane.rules();
        const bool is_over = rules.is_silent() || (rules.is_stopped() && !rules.is_sending_held());
        if (lane.is_called_off() || is_over || !may_go_on(lane, due[index])) return;
        auto claimed = lane.orders().claim_order(due[index]);
        if (!claimed) return;
        ++lane.result().follow_ups;
        lane.go_on_with(*claimed);
    });
}

// Said at the end: what does not need the list has gone on.
void tell_of_list(PendingPass& pass) {
    if (pass.trouble_with_list().empty()) return;
    pass.rules().stop(ExitCode::try_later,
                      pass.trouble_with_list() + "; what was sent without an answer waits for it");
}

void go_through(PendingPass& pass, const PendingSettings& settings) {
    // "Create the list of pending operations ... from your own system ... from our API with the
    // queryOpePending function": both, held against each other.
    pass.ask_for_the_lists();
    note_recovery(pass.ledger());
    // "For each operation, get the current status with queryOpe function": of those only that the
    // list does not show as pending. DONE goes on to the follow-ups, ERROR ends the order, PENDING
    // is left for the next pass.
    follow_open_operations(pass, settings.usual_days);
    take_restarted_operations(pass);
    settle_doubts(pass, settings.doubts);
    settle_perhaps_sent(pass, settings.doubts.look_gap);
    watch_words(pass);
    run_due_follow_ups(pass);
    record_foreign_operations(pass);
    tell_of_list(pass);
}

// The run stops; an outage is told by the report alone.
PendingReport broken_off(PendingPass& pass, const PendingSettings& settings,
                         const QueryFailure& failure) {
    PendingReport report;
    pass.rules().note(failure);
    if (failure.why() != QueryFailure::Why::unreachable) {
        pass.rules().stop(ExitCode::try_later,
                          std::string("the registrar did not answer: ") + failure.what());
        report.what = PendingReport::What::passed;
        return report;
    }
    const Outage outage =
        note_outage(pass.ledger(), pass.now().utc, settings.outage, failure.what());
    report.what = PendingReport::What::unreachable;
    report.tell_outage = outage.is_to_be_told;
    report.outage = outage.words;
    return report;
}

PendingReport make(PendingPass& pass, const PendingSettings& settings) {
    PendingReport report;
    // "Not ... in less than 5 minutes ... 10 minutes is best".
    if (is_too_soon(pass, settings.min_interval)) {
        report.what = PendingReport::What::too_soon;
        return report;
    }
    pass.ledger().write([&](LedgerWrite& w) { w.note_pass_begun(pass.now()); });
    try {
        go_through(pass, settings);
        report.what = PendingReport::What::passed;
    } catch (const QueryFailure& failure) {
        report = broken_off(pass, settings, failure);
    }
    pass.flush();
    crash_point("pass_over");
    const auto reason = pass.rules().reason();
    if (reason && reason->is_login_refused) {
        report.what = PendingReport::What::login_refused;
        report.tell_login =
            note_refused_login(pass.ledger(), settings.login_mark, pass.now().utc, reason->text);
    }
    static_cast<PassResult&>(report) = pass.result();
    return report;
}

// Costs no call.
bool is_anything_open(const Ledger& ledger, UtcTime now) {
    return !ledger.open_operations().empty() || !ledger.open_doubts().empty() ||
           !ledger.orders_with_due_follow_ups(now).empty() ||
           !ledger.orders_perhaps_sent().empty() || is_word_to_be_looked_at(ledger, now);
}

}  // namespace

PendingReport check_pending(const PendingSettings& settings, Ledger& ledger, const Clock& clock,
                            const std::function<PassParts()>& make_parts) {
    ledger.recover_dead_runs(clock.now());  // What they left open is in doubt from now on.
    if (!settings.watch_foreign && !is_anything_open(ledger, clock.now().utc)) return {};
    if (!settings.is_asked && is_login_to_be_left(ledger, settings.login_mark, clock.now().utc)) {
        PendingReport report;
        report.what = PendingReport::What::login_refused;
        return report;
    }
    const PassParts parts = make_parts();
    const auto lock = ledger.try_pass_lock();
    if (lock == nullptr) {
        PendingReport report;
        report.what = PendingReport::What::too_soon;
        return report;
    }
    if (const auto hold = ledger.sending_hold()) parts.rules.stop_for_hold(words_of(*hold));
    PendingPass pass(parts);
    return make(pass, settings);
}

}  // namespace domspool
