// The morning's report: what happened since the last one, mailed once, or tried again until a mail
// server has taken it.
#pragma once

#include "ledger/ledger.h"
#include "mail/mail_message.h"
#include "mail/mailer.h"
#include "report/summary/summary.h"
#include "report/terminal/console.h"
#include "util/log.h"

#include <optional>
#include <string>
#include <vector>

namespace domspool {

struct ReportSettings {
    ReportPolicy policy = ReportPolicy::always;
    MailAddress from;
    std::vector<MailAddress> to;
    // Of SummaryScope.
    std::string host, account, command_tail;
};

struct ReportEnd {
    enum class What {
        not_due,  // nothing that the policy wants told
        busy,     // another program is at it
        sent,
        not_delivered,  // kept; the next run tries it again
        refused,        // for good; the next run's report takes its events
    };
    What what = What::not_due;
    std::string subject, message_id;   // of the latest mail
    std::string cause;                 // of what was not delivered
    std::vector<std::string> refused;  // recipients the server did not take
    int mails = 0;                     // that were sent
};

// The mail of what no report has taken; what stands in `report` already is worded anew.
MailContent worded_mail(const Ledger& ledger, const ReportSettings& settings,
                        const std::string& message_id, UtcTime now, std::optional<ReportId> report);

// An earlier report that no server took goes first, as it was; then a new one, if it is due.
// A crash at any line: events are taken by a report that is sent, under one Message-ID however
// often; what a server took and the ledger does not know is sent again under the same one.
ReportEnd send_report(Ledger& ledger, const Clock& clock, Mailer& mailer,
                      const ReportSettings& settings);

void tell_report(Console& console, Log& log, const ReportEnd& end);

// What the next report would say: for machines where the console has it so, as text, as a page in a
// file. Nothing is mailed, and nothing counts as told.
struct ShownReport {
    bool as_text = false;
    std::optional<std::string> page;
};
void show_report(Console& console, const Ledger& ledger, const ReportSettings& settings,
                 UtcTime now, const ShownReport& what);

}  // namespace domspool
