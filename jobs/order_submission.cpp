#include "jobs/order_submission.h"

#include "ledger/sql/sending_hold.h"
#include "workflow/checks/order_price.h"
#include "workflow/moves/order_moves.h"

namespace domspool {

namespace {

struct Estimate {
    int orders = 0;
    int arrivals = 0;  // registrations and transfers
    std::int64_t cents = 0;
    std::string currency;
};

bool is_to_be_sent(const OrderRecord& order) {
    return order.state == OrderState::accepted || order.state == OrderState::in_progress;
}

void add_to_bill(const OrderRecord& record, const SubmissionParts& parts, RegistrarQueries& queries,
                 bool with_fees, Estimate& bill) {
    ++bill.orders;
    bill.arrivals += is_arrival(record.kind) ? 1 : 0;
    if (!with_fees || record.state != OrderState::accepted) return;
    const ReadOrder read = read_order(record.kind, record.fields);
    if (!read.order) return;  // The runner holds it and says so.
    const auto rules = parts.cache.rules(record.domain.extension(), queries);
    const auto* known = std::get_if<ExtensionRules>(&rules);
    if (known == nullptr) return;
    bill.cents += listed_fee(*read.order, *known).value_or(0);
    bill.currency = known->fee_currency;
}

Estimate make_bill(const SubmissionSettings& settings, const SubmissionParts& parts,
                   RegistrarQueries& queries) {
    Estimate bill;
    const auto add = [&](const OrderRecord& order) {
        if (is_to_be_sent(order)) add_to_bill(order, parts, queries, settings.check_balance, bill);
    };
    if (settings.batch) {
        parts.ledger.rows_of_batch(*settings.batch, [&](BatchRow&& row) {
            if (row.order) add(*row.order);
        });
        return bill;
    }
    for (const OrderState state : {OrderState::accepted, OrderState::in_progress}) {
        OrderFilter filter;
        filter.state = state;
        for (const OrderRecord& order : parts.ledger.orders(filter)) add(order);
    }
    return bill;
}

std::int64_t floor_of(const SubmissionSettings& settings) {
    return settings.balance_floor ? settings.balance_floor->cents : 0;
}

bool has_one_currency(const Estimate& bill, const SubmissionSettings& settings,
                      const SubmissionParts& parts) {
    const auto& floor = settings.balance_floor;
    if (!floor || floor->cents == 0 || floor->currency == bill.currency) return true;
    parts.rules.stop(ExitCode::service_refused, "limits.balance_floor is " + to_text(*floor) +
                                                    ", but the account pays in " + bill.currency +
                                                    "; nothing was sent");
    return false;
}

// Asked once a run: what it has spent since is subtracted.
std::optional<Money> funds_left(const Estimate& bill, const SubmissionSettings& settings,
                                const SubmissionParts& parts, RegistrarQueries& queries) {
    if (!parts.rules.funds_left()) {
        const auto balance = parts.cache.account(queries).balance_cents;
        if (!balance) return std::nullopt;
        parts.rules.set_funds({*balance - floor_of(settings), bill.currency});
    }
    return parts.rules.funds_left();
}

// Above the balance nothing of the batch is sent; or as far as it goes, which the runner watches.
bool is_within_balance(const Estimate& bill, const SubmissionSettings& settings,
                       const SubmissionParts& parts, RegistrarQueries& queries) {
    if (!settings.check_balance || bill.cents == 0) return true;
    if (!has_one_currency(bill, settings, parts)) return false;
    const auto left = funds_left(bill, settings, parts, queries);
    if (!left) {
        parts.rules.stop(ExitCode::service_refused,
                         "the account's balance cannot be read; nothing was sent. "
                         "`checks: { balance: false }` orders without this check");
        return false;
    }
    if (bill.cents <= left->cents || settings.as_far_as_funds_go) return true;
    const std::int64_t floor = floor_of(settings);
    parts.rules.stop(ExitCode::service_refused,
                     "the orders cost " + to_text(Money{bill.cents, bill.currency}) +
                         " at listed prices, the balance left is " +
                         to_text(Money{left->cents + floor, bill.currency}) +
                         " and must not fall below " + to_text(Money{floor, bill.currency}) +
                         "; nothing was sent. Add funds, or use --as-far-as-funds-go");
    return false;
}

// Not those that were refused for a moment only. The domain stays theirs: a person decides whether
// they are sent again.
OrderMove hold_of(const OrderRecord& order) {
    OrderMove move =
        held(order, HeldFor::refusals, "one of a row of refusals with one code: " + order.reason);
    move.keeps_domain = true;
    return move;
}

void hold_row_of_refusals(const SubmissionParts& parts) {
    for (const OrderId id : parts.rules.orders_to_hold()) {
        try {
            parts.ledger.write([&](LedgerWrite& w) {
                const auto claimed = w.claim_order(parts.run, id);
                if (!claimed) return;
                const bool is_accepted = claimed->order.state == OrderState::accepted;
                if (!is_accepted && may_move(claimed->order.state, OrderState::held)) {
                    w.move_order(claimed->claim, hold_of(claimed->order), parts.clock.now().utc);
                }
                w.release(claimed->claim);
            });
        } catch (const DomainBusy&) {
            // A newer order has begun for the domain: this one stays failed.
        }
    }
}

}  // namespace

int orders_to_send(const Ledger& ledger, std::optional<BatchId> batch) {
    int orders = 0;
    for (const auto& [word, count] : ledger.count_by_state(batch)) {
        const bool is_open =
            word == to_word(OrderState::accepted) || word == to_word(OrderState::in_progress);
        orders += is_open ? count : 0;
    }
    return orders;
}

std::set<BatchId> batches_to_send(const Ledger& ledger) {
    OrderFilter filter;
    filter.state = OrderState::accepted;
    std::set<BatchId> batches;
    for (const OrderRecord& order : ledger.orders(filter)) batches.insert(order.batch);
    return batches;
}

std::int64_t cents_to_send(const SubmissionParts& parts, RegistrarQueries& queries) {
    return make_bill({}, parts, queries).cents;
}

int submit_orders(const SubmissionSettings& settings, const SubmissionParts& parts) {
    parts.ledger.recover_dead_runs(parts.clock.now());  // Frees what a dead run had claimed.
    if (const auto hold = parts.ledger.sending_hold()) {
        parts.rules.stop_for_hold(words_of(*hold));
        return orders_to_send(parts.ledger, settings.batch);
    }
    Estimate bill;
    try {
        const Lane lane = parts.open_lane();
        bill = make_bill(settings, parts, *lane.queries);
        if (bill.orders == 0) return 0;
        if (!is_within_balance(bill, settings, parts, *lane.queries)) return bill.orders;
        if (bill.arrivals >= kSnapshotFrom) parts.cache.snapshot_domains(*lane.queries);
    } catch (const QueryFailure& failure) {
        parts.rules.note(failure);
        if (!parts.rules.is_stopped()) {
            parts.rules.stop(ExitCode::try_later,
                             std::string("the registrar did not answer: ") + failure.what());
        }
        return bill.orders;
    }
    work_in_lanes({settings.batch, settings.lanes, settings.most_orders, settings.most_claimed,
                   parts.open_lane, parts.is_called_off, parts.tell},
                  parts.rules);
    hold_row_of_refusals(parts);
    return bill.orders;
}

}  // namespace domspool
