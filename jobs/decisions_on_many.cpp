#include "jobs/decisions_on_many.h"

#include "ledger/sql/sending_hold.h"
#include "util/crash_point.h"
#include "workflow/moves/order_moves.h"
#include "workflow/sending/pausing.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace domspool {

namespace {

// Of a file under work the rest is to be held before a lane comes to it; lanes wait meanwhile.
constexpr std::size_t kAtOnce = 500;

using Decide = std::function<OrderDecision(const OrderRecord&)>;

void decide_one(LedgerWrite& w, const DecisionParts& parts, const OrderRecord& known,
                const Decide& decide, BatchDecided& report) {
    auto claimed = w.claim_order(parts.run, known.id);
    if (!claimed) {
        report.others.push_back({known, ExitCode::try_later, kAtWorkElsewhere});
        return;
    }
    OrderRecord& order = claimed->order;
    const OrderDecision decision = decide(order);
    if (!decision.refusal.empty()) {
        report.others.push_back({order, decision.code, decision.refusal});
    } else {
        const UtcTime now = parts.clock.now().utc;
        w.move_order(claimed->claim, decision.move, now);
        w.event(parts.run, kDecisionEvent, decision.event, now, order.id);
        apply(decision.move, order);
        report.decided.push_back(order);
    }
    w.release(claimed->claim);
}

template <typename Record>
void append(std::vector<Record>& all, std::vector<Record>&& more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

BatchDecided decide_on(const DecisionParts& parts, BatchId batch, const Decide& decide) {
    OrderFilter filter;
    filter.batch = batch;
    filter.oldest_first = true;
    const std::vector<OrderRecord> orders = parts.ledger.orders(filter);
    BatchDecided all;
    for (std::size_t begin = 0; begin < orders.size(); begin += kAtOnce) {
        const std::size_t end = std::min(begin + kAtOnce, orders.size());
        BatchDecided some = parts.ledger.write([&](LedgerWrite& w) {
            BatchDecided report;
            for (std::size_t i = begin; i < end; ++i) {
                decide_one(w, parts, orders[i], decide, report);
            }
            return report;
        });
        append(all.decided, std::move(some.decided));
        append(all.others, std::move(some.others));
        crash_point("decided");
    }
    return all;
}

}  // namespace

BatchDecided hold_batch(const DecisionParts& parts, BatchId batch, const std::string& reason) {
    return decide_on(parts, batch, [&](const OrderRecord& order) {
        return decision_to_hold(order, parts.person, reason);
    });
}

BatchDecided release_batch(const DecisionParts& parts, BatchId batch, const std::string& reason) {
    return decide_on(parts, batch, [&](const OrderRecord& order) {
        return decision_to_release(parts.ledger, order, parts.person, reason);
    });
}

SendingDecided hold_all_sending(const DecisionParts& parts, const std::string& reason) {
    const bool is_held_now = parts.ledger.write([&](LedgerWrite& w) {
        return w.hold_sending(parts.run, parts.person, reason, parts.clock.now().utc);
    });
    crash_point("decided");
    if (is_held_now) {
        return {ExitCode::all_well,
                "all sending is held: calls at hand come to their end, and nothing more goes out "
                "until `domain-orders release --all`"};
    }
    const auto hold = parts.ledger.sending_hold();
    return {ExitCode::some_orders_wrong,
            "cannot hold all sending: " + (hold ? words_of(*hold) : "it was released just now")};
}

SendingDecided release_all_sending(const DecisionParts& parts) {
    const bool is_released = parts.ledger.write([&](LedgerWrite& w) {
        return w.release_sending(parts.run, parts.person, parts.clock.now().utc);
    });
    crash_point("decided");
    if (!is_released) {
        return {ExitCode::some_orders_wrong, "cannot release all sending: it is not held"};
    }
    return {
        ExitCode::all_well,
        "all sending is released: the next spool-run sends what is accepted, pending-check goes "
        "on with what follows"};
}

}  // namespace domspool
