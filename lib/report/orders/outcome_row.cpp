#include "report/orders/outcome_row.h"

#include "util/failure.h"

namespace domspool {

namespace {

// A refusal that a later try overcame explains nothing any more.
bool is_explained_by_code(const OrderRecord& order) {
    return order.state != OrderState::done && order.state != OrderState::skipped;
}

std::string message_of(const OrderRecord& order) {
    if (!order.reason.empty()) return order.reason;
    const bool is_overcome = !order.code.empty() && !is_explained_by_code(order);
    return is_overcome ? "" : order.message;
}

std::string says_the_same(OrderId order) {
    return "order " + std::to_string(order) + " says the same";
}

}  // namespace

std::string in_one_text(const std::vector<std::string>& problems) {
    std::string text;
    for (const std::string& problem : problems) text += (text.empty() ? "" : "; ") + problem;
    return text;
}

bool needs_a_person(const OrderRecord& order) {
    switch (order.state) {
        case OrderState::failed:
        case OrderState::held:
        case OrderState::in_doubt:
        case OrderState::done_open_ends:
            return true;
        case OrderState::cancelled:
            return is_cancelled_by_others(order);
        case OrderState::accepted:
        case OrderState::in_progress:
        case OrderState::waiting:
        case OrderState::done:
        case OrderState::skipped:
            return false;
    }
    our_bug("a state without a name", __FILE__, __LINE__);
}

OutcomeRow outcome_row(const OrderRecord& order) {
    OutcomeRow row;
    row.line = order.line;
    row.kind = order.kind;
    row.domain = order.domain.ascii();
    row.reference = order.reference;
    row.order_id = order.id;
    row.state = to_word(order.state);
    row.operation_id = order.operation;
    if (is_explained_by_code(order)) row.code = order.code;
    row.message = message_of(order);
    row.price = order.price;
    row.needs_a_person = needs_a_person(order);
    return row;
}

OutcomeRow outcome_row(const BatchRow& batch_row) {
    if (batch_row.order) return outcome_row(*batch_row.order);
    OutcomeRow row;
    row.line = batch_row.line;
    row.kind = batch_row.kind;
    row.domain = batch_row.domain;
    row.reference = batch_row.reference;
    if (batch_row.earlier_order) {
        row.order_id = batch_row.earlier_order;
        row.state = to_word(OrderState::skipped);
        row.message = batch_row.earlier ? words_of_earlier(*batch_row.earlier, batch_row.same_by,
                                                           batch_row.reference)
                                        : says_the_same(*batch_row.earlier_order);
    } else if (!batch_row.problems.empty()) {
        row.state = kRefused;
        row.message = in_one_text(batch_row.problems);
        row.needs_a_person = true;
    } else {
        // Only before the batch is complete: no order is made of it yet.
        row.state = to_word(OrderState::accepted);
        row.message = "its file is not read to the end yet";
    }
    return row;
}

std::string words_of_earlier(const OrderRecord& earlier, std::optional<SameBy> same_by,
                             const std::string& reference) {
    const std::string state(to_word(earlier.state));
    if (same_by == SameBy::number) return "order " + std::to_string(earlier.id) + " is " + state;
    const std::string words = says_the_same(earlier.id) + " and is " + state;
    if (same_by != SameBy::likeness) return words;
    const bool has_the_reference = !reference.empty() && reference == earlier.reference;
    return words + "; " +
           (has_the_reference ? "with a reference of its own, and the file with "
                              : "the file with ") +
           "--again, it is ordered all the same";
}

bool is_skipped_as_alike(const BatchRow& row) {
    if (is_told_by_what_is_shown(row.kind)) return false;
    if (row.order) return row.order->state == OrderState::skipped && row.order->resembles;
    return row.earlier_order && row.same_by == SameBy::likeness;
}

std::string words_below(const OrderRecord& order) {
    const bool says_only_pending =
        order.state == OrderState::waiting && order.operation &&
        order.reason.ends_with(" operation " + std::to_string(*order.operation));
    if (order.state == OrderState::done || says_only_pending) {
        return says_only_pending ? "" : order.reason;
    }
    return outcome_row(order).message;
}

}  // namespace domspool
