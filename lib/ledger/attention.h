// Why an order waits for a person: a closed list, from how it stands and since when. It is told
// until the wish is fulfilled by a later order, somebody dismisses it, or it moves.
#pragma once

#include "ledger/ledger_records.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace domspool {

enum class AttentionReason {
    failed,               // for a week, then it is settled by itself
    held,                 // until it is released, resolved or cancelled
    in_doubt,             // for longer than doubts take to settle by themselves
    differs,              // done, and the registrar shows something else
    open_ends,            // done, and something after it was not
    cancelled_by_others,  // nobody here asked for it
    not_sent,             // accepted for longer than a night
    overdue,              // pending for longer than is usual
};
std::string_view to_word(AttentionReason reason);   // "cancelled_by_others"
std::string_view words_of(AttentionReason reason);  // "cancelled by somebody else"

struct Attention {
    AttentionReason reason = AttentionReason::failed;
    UtcTime since{};
};

// How long an order may stand so before anybody need look, and how long a failed one is told.
inline constexpr std::chrono::hours kSettlesItself{24};
inline constexpr std::chrono::hours kFailedIsTold{7 * 24};

// Nothing: it waits for nobody, or not yet. `overdue_since`: its operation is pending since then,
// and that is unusual. Dismissals and later orders are the ledger's to know.
std::optional<Attention> attention_of(const OrderRecord& order,
                                      std::optional<UtcTime> overdue_since, UtcTime now);

// What is ended by its own end only: nobody's word settles a doubt or a hold.
bool may_be_dismissed(AttentionReason reason);

struct OrderForAPerson {
    OrderRecord order;
    Attention attention;
};

// Somebody has seen how an order stands, and it need not be told before that day, or ever; until
// it moves.
struct Dismissal {
    OrderId order = 0;
    std::string person, reason;
    UtcTime at;
    std::optional<UtcTime> until;
};

}  // namespace domspool
