#include "ledger/ledger_write.h"
#include "ledger/sql/order_moving.h"
#include "store/connection.h"
#include "util/failure.h"

namespace domspool {

// The events are marked one by one, not by a highest number: where transactions end in another
// order than their numbers were given, a number below the highest may be seen only later.
ReportId LedgerWrite::begin_report(const std::string& message_id, UtcTime now) {
    auto& row = connection_.prepare(
        "INSERT INTO reports (message_id, begun_at) VALUES ($1, $2) RETURNING report_id");
    row.bind(message_id).bind(to_iso(now));
    const bool is_entered = row.next_row();
    DOMSPOOL_ASSERT(is_entered);
    const ReportId report = row.integer(0);
    row.run();
    connection_.prepare("UPDATE events SET report_id = $1 WHERE report_id IS NULL")
        .bind(report)
        .run();
    return report;
}

void LedgerWrite::keep_report_mail(ReportId report, const std::string& mail) {
    connection_
        .prepare("UPDATE reports SET mail = $1 WHERE report_id = $2 AND is_open = 1 AND mail = ''")
        .bind(mail)
        .bind(report)
        .run();
    DOMSPOOL_ASSERT(connection_.rows_changed() == 1);
}

// What was sent is with the people now; a copy of each day's mail would only make the ledger grow.
void LedgerWrite::end_report(ReportId report, UtcTime now) {
    connection_
        .prepare(
            "UPDATE reports SET is_open = 0, accepted_at = $1, mail = '' "
            "WHERE report_id = $2 AND is_open = 1")
        .bind(to_iso(now))
        .bind(report)
        .run();
    DOMSPOOL_ASSERT(connection_.rows_changed() == 1);
}

void LedgerWrite::withdraw_report(ReportId report) {
    connection_.prepare("UPDATE events SET report_id = NULL WHERE report_id = $1")
        .bind(report)
        .run();
    connection_
        .prepare("UPDATE reports SET is_open = 0, mail = '' WHERE report_id = $1 AND is_open = 1")
        .bind(report)
        .run();
    DOMSPOOL_ASSERT(connection_.rows_changed() == 1);
}

}  // namespace domspool
