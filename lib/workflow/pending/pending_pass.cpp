#include "workflow/pending/pending_pass.h"

#include "util/crash_point.h"
#include "util/failure.h"
#include "workflow/moves/order_moves.h"

#include <iterator>
#include <utility>

namespace domspool {

void PassResult::add(PassResult&& other) {
    still_pending += other.still_pending;
    ended += other.ended;
    adopted += other.adopted;
    settled += other.settled;
    follow_ups += other.follow_ups;
    std::move(other.news.begin(), other.news.end(), std::back_inserter(news));
    std::move(other.warnings.begin(), other.warnings.end(), std::back_inserter(warnings));
}

PendingPass::PendingPass(const PassParts& parts)
    : parts_(parts),
      queries_(parts.queries),
      make_runner_(parts.runner),
      now_(parts.clock.now()),
      seen_(std::make_shared<const Seen>()) {}

PendingPass::PendingPass(const PendingPass& first, const Lane& lane)
    : parts_(first.parts_),
      queries_(*lane.queries),
      make_runner_([&lane]() -> OrderRunner& { return *lane.runner; }),
      now_(first.now_),
      seen_(first.seen_) {}

void PendingPass::ask_for_the_lists() {
    const auto seen = std::make_shared<Seen>();
    seen->list.asked_at = parts_.clock.now();
    try {
        seen->list = queries_.pending();
        parts_.cache.take_pending(seen->list);
        if (!seen->list.whole) seen->trouble = "queryOpePending: not all of its rows can be read";
    } catch (const QueryFailure& failure) {
        if (failure.why() != QueryFailure::Why::unreadable) throw;
        seen->list.whole = seen->is_list_read = false;
        seen->trouble = failure.what();
    }
    for (const PendingRow& row : seen->list.rows) seen->rows.emplace(row.id, &row);
    crash_point("list_read");
    seen->open = parts_.ledger.open_operations();
    for (const OpenOperation& open : seen->open) seen->ids_of_open.insert(open.id);
    seen_ = seen;
}

void PendingPass::disbelieve_empty_list() {
    DOMSPOOL_ASSERT(seen_->rows.empty());
    const auto seen = std::make_shared<Seen>(*seen_);
    seen->list.whole = false;
    seen_ = seen;
}

const PendingRow* PendingPass::row_of(OperationId id) const {
    const auto found = seen_->rows.find(id);
    return found == seen_->rows.end() ? nullptr : found->second;
}

void PendingPass::move(ClaimedOrder& claimed, const OrderMove& next) {
    if (claimed.order.state == next.state && claimed.order.reason == next.reason) return;
    parts_.ledger.write([&](LedgerWrite& w) { w.move_order(claimed.claim, next, now_.utc); });
    apply(next, claimed.order);
}

void PendingPass::go_on_with(ClaimedOrder& claimed) {
    const OrderState before = claimed.order.state;
    const bool may_go_on =
        !is_end(before) && before != OrderState::held && before != OrderState::in_doubt;
    const bool rests =
        !may_go_on || runner().advance(claimed) == OrderRunner::Advance::contact_elsewhere;
    if (rests) orders().release(claimed.claim);  // The next pass goes on.
    const OrderState state = claimed.order.state;
    const bool is_in_doubt_again = state == OrderState::in_doubt && before != state;
    if (is_end(state) || state == OrderState::held || is_in_doubt_again) {
        result_.news.push_back(claimed.order);
    }
    const auto stopped = parts_.rules.reason();
    if (stopped && stopped->is_unreachable) {
        throw QueryFailure(QueryFailure::Why::unreachable, "", stopped->text);
    }
}

void PendingPass::flush() {
    if (has_runner_) runner().flush();
}

void PendingPass::warn(const OpenOperation& open, const std::string& text) {
    const std::string line = "operation " + std::to_string(open.id) + " (" + open.function + " " +
                             open.domain.shown() + "): " + text;
    result_.warnings.push_back(line);
    parts_.ledger.write(
        [&](LedgerWrite& w) { w.event(parts_.run(), "warning", line, now_.utc, open.order); });
}

void PendingPass::note_asked(const OpenOperation& open, const std::string& status,
                             Answered answered) {
    parts_.ledger.write([&](LedgerWrite& w) {
        w.note_asked(open.id, status, answered == Answered::yes, now_.utc);
    });
}

OrderRunner& PendingPass::runner() {
    has_runner_ = true;
    return make_runner_();
}

}  // namespace domspool
