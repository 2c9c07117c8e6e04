#include "ledger/attention.h"

#include "util/failure.h"

#include <algorithm>

namespace domspool {

namespace {

// A read-back whose result names what differs; with none it could not be made.
bool shows_what_differs(const OrderRecord& order) {
    return std::ranges::any_of(order.steps, [](const StepRecord& step) {
        return step.function == "readBack" && step.state == StepState::open_end &&
               !step.result.empty();
    });
}

std::optional<AttentionReason> reason_in(const OrderRecord& order, std::chrono::milliseconds age) {
    switch (order.state) {
        case OrderState::failed:
            if (age > kFailedIsTold) return std::nullopt;
            return AttentionReason::failed;
        case OrderState::held:
            return AttentionReason::held;
        case OrderState::in_doubt:
            if (age < kSettlesItself) return std::nullopt;
            return AttentionReason::in_doubt;
        case OrderState::accepted:
            if (age < kSettlesItself) return std::nullopt;
            return AttentionReason::not_sent;
        case OrderState::done_open_ends:
            return shows_what_differs(order) ? AttentionReason::differs
                                             : AttentionReason::open_ends;
        case OrderState::cancelled:
            if (!is_cancelled_by_others(order)) return std::nullopt;
            return AttentionReason::cancelled_by_others;
        case OrderState::in_progress:
        case OrderState::waiting:
        case OrderState::done:
        case OrderState::skipped:
            return std::nullopt;
    }
    our_bug("a state without a name", __FILE__, __LINE__);
}

}  // namespace

std::string_view to_word(AttentionReason reason) {
    switch (reason) {
        case AttentionReason::failed:
            return "failed";
        case AttentionReason::held:
            return "held";
        case AttentionReason::in_doubt:
            return "in_doubt";
        case AttentionReason::differs:
            return "differs";
        case AttentionReason::open_ends:
            return "open_ends";
        case AttentionReason::cancelled_by_others:
            return "cancelled_by_others";
        case AttentionReason::not_sent:
            return "not_sent";
        case AttentionReason::overdue:
            return "overdue";
    }
    our_bug("an attention without a word", __FILE__, __LINE__);
}

std::string_view words_of(AttentionReason reason) {
    switch (reason) {
        case AttentionReason::failed:
            return "failed";
        case AttentionReason::held:
            return "held";
        case AttentionReason::in_doubt:
            return "in doubt for more than a day";
        case AttentionReason::differs:
            return "done, and the registrar shows something else";
        case AttentionReason::open_ends:
            return "done, with open ends";
        case AttentionReason::cancelled_by_others:
            return "cancelled by somebody else";
        case AttentionReason::not_sent:
            return "not sent for more than a day";
        case AttentionReason::overdue:
            return "pending for longer than is usual";
    }
    our_bug("an attention without words", __FILE__, __LINE__);
}

std::optional<Attention> attention_of(const OrderRecord& order,
                                      std::optional<UtcTime> overdue_since, UtcTime now) {
    if (overdue_since && !is_end(order.state) && order.state != OrderState::held) {
        return Attention{AttentionReason::overdue, *overdue_since};
    }
    // What is put aside each night changes each night.
    const UtcTime since =
        order.state == OrderState::accepted ? order.accepted_at : order.changed_at;
    const auto reason = reason_in(order, now - since);
    if (!reason) return std::nullopt;
    return Attention{*reason, since};
}

bool may_be_dismissed(AttentionReason reason) {
    return reason != AttentionReason::held && reason != AttentionReason::in_doubt;
}

}  // namespace domspool
