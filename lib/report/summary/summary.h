// What a report says, gathered from the ledger: what happened, what needs a person, what is still
// open. Facts; they are worded by summary_text, summary_html and summary_csv.
#pragma once

#include "ledger/ledger.h"
#include "report/orders/outcome_row.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

// When a report is mailed. Whatever needs a person is a reason under each of them.
enum class ReportPolicy { always, on_change, on_error, on_attention };

// Something that waits for a person, with the commands that settle it; told in each report until it
// is settled, or dismissed.
struct Matter {
    OutcomeRow order;
    std::string why;  // "held: the registrar shows another owner"
    UtcTime since{};  // it stands so
    std::vector<std::string> commands;
};

struct SummaryOrder {
    OutcomeRow row;
    BatchId batch = 0;
    UtcTime accepted_at{}, changed_at{};
    std::vector<std::string> commands;  // that settle it, where something is to be settled
};

// A file that was taken.
struct SummaryFile {
    BatchId batch = 0;
    UtcTime taken_at{};
    std::string words;  // "march.csv: 40 accepted, 2 refused, 0 skipped"
    int refused = 0;
    std::vector<OutcomeRow> refused_rows;  // the first few
};

struct SummaryNote {
    UtcTime at{};
    std::string kind, text;
    std::optional<OrderId> order;
};

// Cents by currency.
using MoneySums = std::map<std::string, std::int64_t>;

// How long operations have been pending: less than an hour, a day, three days, a week, more.
using PendingAges = std::array<int, 5>;

struct Summary {
    std::string host, account;     // "shop1"; "AB123 at api.netim.com"
    std::optional<UtcTime> since;  // the latest report; none: there was none
    UtcTime until{};
    std::vector<Matter> matters;        // the longest standing first
    std::vector<SummaryOrder> news;     // worst first
    std::map<std::string, int> counts;  // of the news, by the word of the state; "refused" rows too
    int cancelled_by_others = 0;        // of the news
    int failed_not_settled = 0;         // within a week, and neither done since nor dismissed
    std::map<std::string, int> open;    // all orders not ended, by the word of the state
    std::vector<SummaryFile> files;
    std::vector<SummaryNote> notes;
    MoneySums ordered, pending;  // at quoted prices
    std::optional<UtcTime> oldest_pending;
    PendingAges pending_ages{};
    std::vector<DayCount> days;  // the last kChartDays
    std::vector<ForeignOperation> foreign;
    std::optional<SendingHold> sending_hold;
    std::string release;  // the command that ends it
};

struct SummaryScope {
    std::optional<ReportId> report;  // none: what no report has taken yet
    std::string host, account;
    std::string command_tail;  // " --config /srv/shop.yaml", or ""
    UtcTime now{};
};

inline constexpr int kChartDays = 14;

Summary summarize(const Ledger& ledger, const SummaryScope& scope);

// "2 failed, 1 held, 37 done", worst first; with no news "1 waits for a person", "nothing new".
std::string headline(const Summary& summary);

// Whether such a report is to be mailed.
bool is_due(ReportPolicy policy, const Summary& summary);

// An order that went wrong, or a row or file that was refused.
bool has_errors(const Summary& summary);

}  // namespace domspool
