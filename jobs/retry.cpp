#include "jobs/retry.h"

#include "report/orders/outcome_row.h"
#include "util/crash_point.h"
#include "util/failure.h"

#include <algorithm>
#include <memory>

namespace domspool {

namespace {

// The latest order of the kind for the domain, if it is not this one.
std::optional<OrderRecord> later_order(const Ledger& ledger, const OrderRecord& order) {
    OrderFilter same_wish;
    same_wish.kind = order.kind;
    same_wish.domain = order.domain.ascii();
    same_wish.limit = 1;
    const auto orders = ledger.orders(same_wish);
    if (orders.empty() || orders.front().id == order.id) return std::nullopt;
    return orders.front();
}

bool is_still_to_be_sent(const OrderRecord& order) {
    return order.state == OrderState::accepted || order.state == OrderState::in_progress;
}

// An order in its place, still to be sent: nothing is repeated, it is only sent.
bool is_unsent_instead(const OrderRecord& later, const OrderRecord& order) {
    return later.instead_of == order.id && is_still_to_be_sent(later);
}

IntakeRow row_of(const OrderRecord& order, int line) {
    IntakeRow row;
    row.line = line;
    row.kind = order.kind;
    row.given = row.normalised = order.fields;
    row.domain = order.domain.ascii();
    row.reference = order.reference;
    const bool wants_code = row.normalised.contains("auth_code");
    if (wants_code) row.auth_code = Secret("(kept)");  // The ledger puts in the code it has.
    return row;
}

std::string why_not_retried(const OrderRecord& order, const std::optional<OrderRecord>& later) {
    if (later) {
        return "order " + std::to_string(later->id) + " is newer for the same wish, and " +
               std::string(to_word(later->state)) + ": decide on that one";
    }
    if (order.state == OrderState::failed) return "";
    const bool is_over = is_end(order.state);
    return "it is " + std::string(to_word(order.state)) + ", not failed: " +
           (is_over ? "order anew with its file and --again"
                    : "it has not ended; `domain-orders release`, `resolve` or `cancel` may help");
}

std::vector<std::string> columns_of(const std::vector<IntakeRow>& rows) {
    std::vector<std::string> columns;
    for (const IntakeRow& row : rows) {
        for (const auto& [field, value] : row.given) {
            const bool is_known = std::find(columns.begin(), columns.end(), field) != columns.end();
            if (!is_known) columns.push_back(field);
        }
    }
    return columns;
}

// So many orders the name of a batch names.
constexpr std::size_t kNamed = 10;

// Failed orders in hand, and the rows that repeat them.
class Repeating {
  public:
    explicit Repeating(const DecisionParts& parts) : parts_(parts) {}

    void take(OrderId id) {
        auto hand = std::make_unique<OrderInHand>(parts_, id);
        if (!hand->is_ours()) return tell(hand->busy());
        const auto later = later_order(parts_.ledger, hand->order());
        if (later && is_unsent_instead(*later, hand->order())) {
            retried_.unsent.push_back(later->batch);
            return tell(hand->decided("order " + std::to_string(later->id) + " is in its place"));
        }
        const std::string why_not = why_not_retried(hand->order(), later);
        if (!why_not.empty()) return tell(hand->refuse(why_not));
        rows_.push_back(row_of(hand->order(), static_cast<int>(rows_.size()) + 1));
        numbers_.push_back(std::to_string(id));
        hands_.push_back(std::move(hand));
    }

    Retried enter() {
        if (rows_.empty()) return std::move(retried_);
        retried_.batch = enter_batch();
        crash_point("retry_entered");
        parts_.ledger.rows_of_batch(*retried_.batch, [&](BatchRow&& row) { tell_entered(row); });
        return std::move(retried_);
    }

  private:
    void tell(Decided decided) { retried_.decided.push_back(std::move(decided)); }

    // "retry of 4 7 9": mails and lists show it, so of hundreds it names the first.
    std::string name_of(std::size_t most) const {
        std::string name = "retry of";
        const std::size_t named = std::min(most, numbers_.size());
        for (std::size_t i = 0; i < named; ++i) name += " " + numbers_[i];
        const std::size_t others = numbers_.size() - named;
        return name + (others > 0 ? " and " + std::to_string(others) + " more" : "");
    }

    BatchId enter_batch() {
        const UtcTime now = parts_.clock.now().utc;
        return parts_.ledger.write([&](LedgerWrite& w) {
            const std::string content = name_of(numbers_.size()) + " " + to_iso(now);
            const BatchId batch = w.begin_batch({name_of(kNamed), content, parts_.run, now, true});
            w.enter_rows(batch, rows_);
            const BatchEnd end{.columns = columns_of(rows_), .judging = Judging::again};
            const bool is_taken = w.complete_batch(batch, end, now);
            DOMSPOOL_ASSERT(is_taken);
            return batch;
        });
    }

    void tell_entered(const BatchRow& row) {
        OrderInHand& hand = *hands_.at(static_cast<std::size_t>(row.line) - 1);
        if (!row.order) {
            const auto& earlier = row.earlier_order;
            return tell(hand.refuse(earlier ? "order " + std::to_string(*earlier) + " says the same"
                                            : in_one_text(row.problems)));
        }
        const std::string words =
            "repeated by " + parts_.person + " as order " + std::to_string(row.order->id);
        hand.note(words);
        tell(hand.decided(words));
    }

    const DecisionParts& parts_;
    Retried retried_;
    std::vector<IntakeRow> rows_;
    std::vector<std::unique_ptr<OrderInHand>> hands_;  // of the rows, in their order
    std::vector<std::string> numbers_;                 // of the orders that are repeated
};

}  // namespace

bool may_be_repeated(const Ledger& ledger, const OrderRecord& order) {
    if (order.state != OrderState::failed) return false;
    const auto later = later_order(ledger, order);
    return !later || is_unsent_instead(*later, order);
}

Retried retry_orders(const DecisionParts& parts, const std::vector<OrderId>& orders) {
    Repeating repeating(parts);
    for (const OrderId order : orders) repeating.take(order);
    return repeating.enter();
}

}  // namespace domspool
