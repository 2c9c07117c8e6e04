#include "workflow/pending/operation_following.h"

#include "util/failure.h"
#include "workflow/moves/order_steps.h"
#include "workflow/pending/operation_ending.h"
#include "workflow/pending/pass_lanes.h"

#include <algorithm>
#include <atomic>
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
    const bool is_told =
        kind != nullptr && tells_of(record, *kind, claimed->order.domain,
                                    resolved(step->arguments, claimed->order.steps));
    if (!is_told) {
        const std::string& other = record.type.empty() ? record.target : record.type;
        pass.warn(open, "queryOpe tells of another call ('" + other + "'); not believed");
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
        const bool has_left = pass.is_list_read() && pass.row_of(open.id) == nullptr;
        if (is_enough && has_left) {
            end_as_shown(pass, open, failure.what());
        }
        return Answer::unknown;
    }
    return take(pass, open, record);
}

// How many were answered as still pending.
int ask_each(PendingPass& pass, const std::vector<OpenOperation>& to_ask) {
    std::atomic<int> pending{0};
    share_among_lanes(pass, to_ask.size(), [&](PendingPass& lane, std::size_t index) {
        if (lane.is_called_off()) return;
        if (ask(lane, to_ask[index]) == Answer::pending) ++pending;
    });
    return pending;
}

// A list that does not show what is pending would have every operation asked about, pass by pass.
bool is_list_believed(PendingPass& pass, const std::vector<OpenOperation>& first_missing) {
    const int still_pending = ask_each(pass, first_missing);
    if (still_pending > 0 && pass.list().rows.empty()) pass.disbelieve_empty_list();
    if (still_pending < kMissingUntilDisbelief) return true;
    pass.result().warnings.push_back(
        "the first " + std::to_string(still_pending) +
        " operations that are missing in queryOpePending are all still pending: the "
        "list is not believed, and no more are asked in this pass");
    return false;
}

// Those not asked about for longest first, as long as one of so many has ended.
void follow_without_list(PendingPass& pass) {
    std::vector<OpenOperation> open = pass.open_operations();
    std::ranges::stable_sort(
        open, {}, [](const OpenOperation& each) { return each.asked_at.value_or(each.since); });
    for (auto from = open.begin(); from != open.end();) {
        const auto to = from + std::min<std::ptrdiff_t>(kMissingUntilDisbelief, open.end() - from);
        if (ask_each(pass, {from, to}) == to - from) return;
        from = to;
    }
}

void follow_by_list(PendingPass& pass, const UsualDays& usual_days) {
    std::vector<OperationId> still_listed;
    std::vector<OpenOperation> first_missing, others;
    for (const OpenOperation& open : pass.open_operations()) {
        const PendingRow* row = pass.row_of(open.id);
        if (row == nullptr) {
            const bool is_first = first_missing.size() < kMissingUntilDisbelief;
            (is_first ? first_missing : others).push_back(open);
            continue;
        }
        still_listed.push_back(open.id);
        warn_of_age(pass, open, usual_days);
        const auto last = open.asked_at.value_or(open.since);
        const bool odd = !is_plain_pending(row->status);
        if (odd || pass.now().utc - last >= kAskAgain) others.push_back(open);
    }
    if (!still_listed.empty()) {
        pass.ledger().write([&](LedgerWrite& w) { w.note_listed(still_listed, pass.now().utc); });
    }
    pass.result().still_pending = static_cast<int>(still_listed.size());
    if (is_list_believed(pass, first_missing)) ask_each(pass, others);
}

}  // namespace

void follow_open_operations(PendingPass& pass, const UsualDays& usual_days) {
    if (pass.is_list_read())
        follow_by_list(pass, usual_days);
    else
        follow_without_list(pass);
}

}  // namespace domspool
