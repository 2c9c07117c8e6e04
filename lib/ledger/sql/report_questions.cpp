#include "ledger/ledger_questions.h"
#include "ledger/sql/row_readers.h"

namespace domspool {

namespace {

constexpr int kPortion = 5000;  // orders read at once: each portion looks at all its events

// An index for each holds just these events.
std::string of_report(std::optional<ReportId> report, int parameter) {
    return report ? "report_id = $" + std::to_string(parameter) : "report_id IS NULL";
}

}  // namespace

std::vector<EventRecord> LedgerQuestions::events_for_report(std::optional<ReportId> report) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT event_id, noted_at, run_id, order_id, batch_id, kind, text FROM events WHERE " +
        of_report(report, 1) + " AND kind <> 'order_moved' ORDER BY event_id");
    if (report) row.bind(*report);
    std::vector<EventRecord> events;
    while (row.next_row()) {
        events.push_back({row.integer(0), time_in(row, 1), row.integer(2), row.integer_or_null(3),
                          row.integer_or_null(4), row.text(5), row.text(6)});
    }
    return events;
}

void LedgerQuestions::orders_for_report(std::optional<ReportId> report,
                                        const std::function<void(OrderRecord&&)>& take) const {
    OrderId behind = 0;
    for (;;) {
        auto orders = orders_behind(behind, report);
        if (orders.empty()) return;
        behind = orders.back().id;
        for (OrderRecord& order : orders) take(std::move(order));
    }
}

std::vector<OrderRecord> LedgerQuestions::orders_behind(OrderId order,
                                                        std::optional<ReportId> report) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT " + order_columns("o.") +
        " FROM orders o WHERE o.order_id IN (SELECT e.order_id "
        "FROM events e WHERE e.order_id > $1 AND e.kind <> 'dismissed' AND e." +
        of_report(report, 2) + ") ORDER BY o.order_id LIMIT $" + (report ? "3" : "2"));
    row.bind(order);
    if (report) row.bind(*report);
    row.bind(kPortion);
    std::vector<OrderRecord> orders;
    while (row.next_row()) orders.push_back(read_order_row(row));
    for (OrderRecord& each : orders) complete(each);
    return orders;
}

std::optional<OpenReport> LedgerQuestions::open_report() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT report_id, message_id, begun_at, mail FROM reports WHERE is_open = 1");
    if (!row.next_row()) return std::nullopt;
    return OpenReport{row.integer(0), row.text(1), time_in(row, 2), row.text(3)};
}

std::optional<UtcTime> LedgerQuestions::last_report_at() const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT begun_at FROM reports WHERE accepted_at IS NOT NULL "
        "ORDER BY report_id DESC LIMIT 1");
    if (!row.next_row()) return std::nullopt;
    return time_in(row, 0);
}

std::vector<DayCount> LedgerQuestions::ends_by_day(UtcTime since) const {
    const Asking asking(*this);
    auto& row = connection_.prepare(
        "SELECT SUBSTR(ended_at, 1, 10), state, COUNT(*) FROM orders WHERE ended_at >= $1 "
        "GROUP BY SUBSTR(ended_at, 1, 10), state ORDER BY SUBSTR(ended_at, 1, 10), state");
    row.bind(to_iso(since));
    std::vector<DayCount> days;
    while (row.next_row()) {
        days.push_back({row.text(0), state_in(row, 1), static_cast<int>(row.integer(2))});
    }
    return days;
}

}  // namespace domspool
