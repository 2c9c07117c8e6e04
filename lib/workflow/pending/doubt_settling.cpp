#include "workflow/pending/doubt_settling.h"

#include "util/crash_point.h"
#include "workflow/moves/order_steps.h"

#include <algorithm>
#include <string>
#include <vector>

namespace domspool {

namespace {

// Somebody else may have settled it since the list of doubts was read.
bool is_to_be_settled(const ClaimedOrder& claimed, const AttemptRecord& doubt) {
    const StepRecord* step = step_at(claimed.order, doubt.position);
    return claimed.order.state != OrderState::held && step != nullptr &&
           step->state == StepState::in_doubt;
}

void count(PassResult& result, Settlement settlement) {
    switch (settlement) {
        case Settlement::not_yet:
            return;
        case Settlement::adopted:
            ++result.adopted;
            return;
        case Settlement::done:
        case Settlement::failed:
        case Settlement::may_be_sent:
        case Settlement::held:
            ++result.settled;
            return;
    }
}

void settle(PendingPass& pass, const DoubtParts& parts, ClaimedOrder& claimed,
            const AttemptRecord& doubt, const std::vector<AttemptRecord>& unanswered) {
    try {
        count(pass.result(), settle_doubt(parts, claimed, doubt, pass.list(), unanswered));
    } catch (const QueryFailure& failure) {
        if (!is_about_one_question(failure)) throw;
        // No look. The next pass tries again; the others are settled meanwhile.
        pass.result().warnings.push_back("order " + std::to_string(claimed.order.id) + " (" +
                                         claimed.order.domain.shown() +
                                         ") stays in doubt: " + failure.what());
    }
    crash_point("doubt_looked_at");
    pass.go_on_with(claimed);
}

void settle_all(PendingPass& pass, const DoubtSettings& settings,
                const std::vector<AttemptRecord>& doubts) {
    if (doubts.empty() || !pass.is_list_read()) return;
    const auto unanswered = pass.ledger().attempts_under_way();
    const DoubtParts parts{pass.ledger(), pass.queries(), pass.cache(), pass.clock(), settings};
    for (const AttemptRecord& doubt : doubts) {
        if (pass.is_called_off()) return;
        auto claimed = pass.orders().claim_order(doubt.order);
        if (!claimed) continue;
        if (is_to_be_settled(*claimed, doubt))
            settle(pass, parts, *claimed, doubt, unanswered);
        else
            pass.orders().release(claimed->claim);
    }
}

std::vector<AttemptRecord> doubts_of(const Ledger& ledger, RunId run) {
    std::vector<AttemptRecord> doubts = ledger.open_doubts();
    std::erase_if(doubts, [&](const AttemptRecord& doubt) {
        return doubt.run != run || ledger.order(doubt.order).state != OrderState::in_doubt;
    });
    return doubts;
}

}  // namespace

void settle_doubts(PendingPass& pass, const DoubtSettings& settings) {
    settle_all(pass, settings, pass.ledger().open_doubts());
}

void settle_doubts_of(RunId run, PendingPass& pass, const DoubtSettings& settings) {
    settle_all(pass, settings, doubts_of(pass.ledger(), run));
}

std::optional<std::chrono::milliseconds> time_to_next_look(const Ledger& ledger, RunId run,
                                                           const Moment& now,
                                                           const DoubtSettings& settings) {
    std::optional<std::chrono::milliseconds> least;
    for (const AttemptRecord& doubt : doubts_of(ledger, run)) {
        const auto left = doubt.empty_look ? settings.look_gap - gap_between(*doubt.empty_look, now)
                                           : settings.longest_call - gap_between(doubt.begun, now);
        least = std::min(least.value_or(left), left);
    }
    if (!least) return std::nullopt;
    return std::max(*least, std::chrono::milliseconds(0));
}

}  // namespace domspool
