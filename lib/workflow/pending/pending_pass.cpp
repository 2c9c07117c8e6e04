#include "workflow/pending/pending_pass.h"

#include "util/crash_point.h"
#include "workflow/moves/order_moves.h"

namespace domspool {

void PendingPass::ask_for_the_lists() {
    list_ = parts_.queries.pending();
    parts_.cache.take_pending(list_);
    for (const PendingRow& row : list_.rows) rows_.emplace(row.id, &row);
    crash_point("list_read");
    open_ = parts_.ledger.open_operations();
    for (const OpenOperation& open : open_) ids_of_open_.insert(open.id);
}

const PendingRow* PendingPass::row_of(OperationId id) const {
    const auto found = rows_.find(id);
    return found == rows_.end() ? nullptr : found->second;
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
    return parts_.runner();
}

}  // namespace domspool
