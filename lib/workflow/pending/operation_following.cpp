#include "workflow/pending/operation_following.h"

#include "util/failure.h"
#include "workflow/moves/order_steps.h"
#include "workflow/pending/operation_ending.h"

#include <chrono>
#include <vector>

namespace domspool {

namespace {

// A question about each operation at least so often, whatever the list says.
constexpr auto kAskAgain = std::chrono::hours(24);

using Answered = PendingPass::Answered;

// What a question about one operation told.
enum class Answer { ended, pending, unknown };

void warn_of_age(PendingPass& pass, const OpenOperation& open, const UsualDays& usual_days) {
    if (open.age_warned || !usual_days) return;
    const int days = usual_days(open.kind, open.domain.extension());
    if (pass.now().utc - open.since < std::chrono::days(days)) return;
    pass.ledger().write([&](LedgerWrite& w) { w.note_age_warned(open.id); });
    pass.warn(open, "is pending for more than the usual " + std::to_string(days) + " days");
}

Answer still_pending(PendingPass& pass, const OperationInHand& hand,
                     const OperationRecord& record) {
    const bool is_plain = is_plain_pending(record.status);
    if (!is_plain) {
        pass.warn(hand.open, "status '" + record.status + "' is not known; it stays pending");
    }
    pass.note_asked(hand.open, record.status, Answered::yes);
    pass.orders().release(hand.claimed.claim);
    return is_plain ? Answer::pending : Answer::unknown;
}

Answer take_status(PendingPass& pass, const OperationInHand& hand, const OperationRecord& record) {
    switch (final_status_of(record.status)) {
        case FinalStatus::not_final:
            return still_pending(pass, hand, record);
        case FinalStatus::done:
        case FinalStatus::failed:
        case FinalStatus::cancelled:
            return end_as_told(pass, hand, record) ? Answer::ended : Answer::unknown;
    }
    our_bug("a final status without a name", __FILE__, __LINE__);
}

Answer take(PendingPass& pass, const OpenOperation& open, const OperationRecord& record) {
    auto claimed = pass.orders().claim_order(open.order);
    if (!claimed) return Answer::unknown;
    const StepRecord* step = step_at(claimed->order, open.position);
    const StepKind* kind = step == nullptr ? nullptr : step_kind(step->function);
    if (kind == nullptr || !operation_fits(record.type, *kind, step->arguments)) {
        pass.warn(open, "queryOpe tells of another call ('" + record.type + "'); not believed");
        pass.note_asked(open, record.status, Answered::no);
        pass.orders().release(claimed->claim);
        return Answer::unknown;
    }
    return take_status(pass, {*claimed, *step, *kind, open}, record);
}

Answer ask(PendingPass& pass, const OpenOperation& open) {
    OperationRecord record;
    try {
        record = pass.queries().operation(open.id);
    } catch (const QueryFailure& failure) {
        if (!is_about_one_question(failure)) throw;
        pass.note_asked(open, failure.code(), Answered::no);
        const bool is_enough = open.failed_questions + 1 >= kFaultsUntilLook;
        if (is_enough && pass.row_of(open.id) == nullptr) {
            end_as_shown(pass, open, failure.what());
        }
        return Answer::unknown;
    }
    return take(pass, open, record);
}

void ask_each(PendingPass& pass, const std::vector<OpenOperation>& to_ask) {
    int missing = 0, missing_but_pending = 0;
    for (const OpenOperation& open : to_ask) {
        if (pass.is_called_off()) return;
        const Answer answer = ask(pass, open);
        if (pass.row_of(open.id) == nullptr) {
            ++missing;
            missing_but_pending += answer == Answer::pending ? 1 : 0;
        }
        if (missing == kMissingUntilDisbelief && missing_but_pending == missing) {
            pass.result().warnings.push_back(
                "the first " + std::to_string(missing) +
                " operations that are missing in queryOpePending are all still pending: the "
                "list is not believed, and no more are asked in this pass");
            return;
        }
    }
}

}  // namespace

// Ids in the list are still pending; ids that left it are asked about.
void follow_open_operations(PendingPass& pass, const UsualDays& usual_days) {
    std::vector<OperationId> still_listed;
    std::vector<OpenOperation> to_ask;
    for (const OpenOperation& open : pass.open_operations()) {
        const PendingRow* row = pass.row_of(open.id);
        if (row == nullptr) {
            to_ask.push_back(open);
            continue;
        }
        still_listed.push_back(open.id);
        warn_of_age(pass, open, usual_days);
        const auto last = open.asked_at.value_or(open.since);
        const bool odd = !is_plain_pending(row->status);
        if (odd || pass.now().utc - last >= kAskAgain) to_ask.push_back(open);
    }
    if (!still_listed.empty()) {
        pass.ledger().write([&](LedgerWrite& w) { w.note_listed(still_listed, pass.now().utc); });
    }
    pass.result().still_pending = static_cast<int>(still_listed.size());
    ask_each(pass, to_ask);
}

}  // namespace domspool
