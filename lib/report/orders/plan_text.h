// What a dry run says: each row with what would be done for it, then the bill.
#pragma once

#include "ledger/ledger_records.h"
#include "report/orders/outcome_row.h"
#include "report/terminal/appearance.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

enum class Would { be_sent, go_on, wait, be_skipped, fail, be_refused, be_held, stay };
std::string_view to_word(Would would);
std::string words_of(Would would);  // "would be held"

// `outcome.message` says why. A plan holds no EPP code: it stays in the ledger.
struct PlannedRow {
    OutcomeRow outcome;
    Would would = Would::be_sent;
    std::vector<PlannedStep> steps;
    std::vector<std::string> notes;
};

struct Bill {
    int orders = 0;  // that would be sent
    Money price;     // of them all, as asked today
    // Absent: not asked, or not limited.
    std::optional<Money> balance, floor, ceiling;
    std::int64_t out_today_cents = 0;
};

std::string plan_text(const PlannedRow& row, const Look& look);
std::string bill_text(const Bill& bill);

}  // namespace domspool
