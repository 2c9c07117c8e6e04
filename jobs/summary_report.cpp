#include "jobs/summary_report.h"

#include "mail/mail_message.h"
#include "report/machine/json_lines.h"
#include "report/summary/chart.h"
#include "report/summary/summary_csv.h"
#include "report/summary/summary_html.h"
#include "report/summary/summary_text.h"
#include "util/crash_point.h"
#include "util/file.h"

namespace domspool {

namespace {

// Some 4 MB with long messages: mail servers take no more than 10 or 20.
constexpr std::size_t kCsvRows = 10'000;

SummaryScope scope_of(const ReportSettings& settings, UtcTime now, std::optional<ReportId> report) {
    return {report, settings.host, settings.account, settings.command_tail, now};
}

class ReportMailing {
  public:
    ReportMailing(Ledger& ledger, const Clock& clock, Mailer& mailer,
                  const ReportSettings& settings)
        : ledger_(ledger), clock_(clock), mailer_(mailer), settings_(settings) {}

    ReportEnd run() {
        bool was_left_over = false;
        if (const auto left_over = ledger_.open_report()) {
            if (!deliver(*left_over)) return end_;
            was_left_over = true;
        }
        if (is_new_one_due(was_left_over)) std::ignore = deliver(begin());  // `end_` has it.
        return end_;
    }

  private:
    // Right behind an earlier report "nothing new" would be noise, whatever the policy.
    bool is_new_one_due(bool was_left_over) const {
        const Summary summary =
            summarize(ledger_, scope_of(settings_, clock_.now().utc, std::nullopt));
        const bool has_news =
            !summary.news.empty() || !summary.files.empty() || !summary.notes.empty();
        return is_due(settings_.policy, summary) && (has_news || !was_left_over);
    }

    OpenReport begin() {
        const UtcTime now = clock_.now().utc;
        OpenReport report{0, new_message_id(settings_.from), now, ""};
        report.id =
            ledger_.write([&](LedgerWrite& w) { return w.begin_report(report.message_id, now); });
        crash_point("report_begun");
        return report;
    }

    // Whether the next one may follow.
    bool deliver(OpenReport report) {
        if (report.mail.empty()) word(report);
        end_.message_id = report.message_id;
        end_.subject = subject_of(report.mail);
        const Delivery delivery =
            mailer_.deliver({settings_.from, settings_.to,
                             address_headers(settings_.from, settings_.to) + report.mail});
        end_.cause = delivery.cause;
        end_.refused = delivery.refused;
        return note(report, delivery.verdict);
    }

    void word(OpenReport& report) {
        report.mail = mail_text(
            worded_mail(ledger_, settings_, report.message_id, report.begun_at, report.id));
        ledger_.write([&](LedgerWrite& w) { w.keep_report_mail(report.id, report.mail); });
        crash_point("report_worded");
    }

    bool note(const OpenReport& report, Delivery::Verdict verdict) {
        switch (verdict) {
            case Delivery::Verdict::accepted:
                crash_point("report_taken");
                ledger_.write([&](LedgerWrite& w) { w.end_report(report.id, clock_.now().utc); });
                end_.what = ReportEnd::What::sent;
                ++end_.mails;
                return true;
            case Delivery::Verdict::not_now:
                end_.what = ReportEnd::What::not_delivered;
                return false;
            case Delivery::Verdict::never:
                ledger_.write([&](LedgerWrite& w) { w.withdraw_report(report.id); });
                end_.what = ReportEnd::What::refused;
                return false;
        }
        our_bug("a verdict without a consequence", __FILE__, __LINE__);
    }

    static std::string subject_of(const std::string& mail) {
        constexpr std::string_view kName = "Subject: ";
        if (!mail.starts_with(kName)) return "";
        return mail.substr(kName.size(), mail.find("\r\n") - kName.size());
    }

    Ledger& ledger_;
    const Clock& clock_;
    Mailer& mailer_;
    const ReportSettings& settings_;
    ReportEnd end_;
};

}  // namespace

MailContent worded_mail(const Ledger& ledger, const ReportSettings& settings,
                        const std::string& message_id, UtcTime now,
                        std::optional<ReportId> report) {
    const Summary summary = summarize(ledger, scope_of(settings, now, report));
    const SummaryDocument document = document_of(summary);
    MailContent content;
    content.subject = "[domspool " + settings.host + "] " + headline(summary);
    content.message_id = message_id;
    content.date = now;
    content.text = to_text(document);
    content.png = chart_png(summary);
    content.html = to_html(document, content.png.empty() ? "" : kPictureSource);
    if (!summary.news.empty()) content.csv = to_csv(summary, kCsvRows);
    return content;
}

ReportEnd send_report(Ledger& ledger, const Clock& clock, Mailer& mailer,
                      const ReportSettings& settings) {
    const auto alone = ledger.try_report_lock();
    if (!alone) {
        ReportEnd end;
        end.what = ReportEnd::What::busy;
        return end;
    }
    return ReportMailing(ledger, clock, mailer, settings).run();
}

void tell_report(Console& console, Log& log, const ReportEnd& end) {
    const auto fields = [&](const std::string& more) {
        return LogFields{{"subject", end.subject}, {"message_id", end.message_id}, {"cause", more}};
    };
    for (const std::string& refused : end.refused) {
        log.error("recipient_refused", fields(refused));
        console.complain(ExitCode::try_later,
                         "the mail server refused " + refused + "; the others have the report");
    }
    switch (end.what) {
        case ReportEnd::What::not_due:
            if (console.is_verbose()) console.print("nothing to report\n");
            return;
        case ReportEnd::What::busy:
            console.complain(ExitCode::try_later, "another summary-report is at work");
            return;
        case ReportEnd::What::sent:
            log.info("report_sent", fields(""));
            if (console.look().is_terminal() || console.is_verbose()) {
                console.print("mailed: " + end.subject + "\n");
            }
            return;
        case ReportEnd::What::not_delivered:
            log.error("report_not_delivered", fields(end.cause));
            console.complain(ExitCode::try_later, "the report was not delivered: " + end.cause +
                                                      "; it is kept, the next run sends it");
            return;
        case ReportEnd::What::refused:
            log.error("report_refused", fields(end.cause));
            console.complain(ExitCode::try_later,
                             "the mail server refused the report: " + end.cause +
                                 "; the next run words a new one, with all that was in it");
            return;
    }
}

void show_report(Console& console, const Ledger& ledger, const ReportSettings& settings,
                 UtcTime now, const ShownReport& what) {
    const Summary summary = summarize(
        ledger, {std::nullopt, settings.host, settings.account, settings.command_tail, now});
    const SummaryDocument document = document_of(summary);
    if (console.as_json()) console.print(json_line(summary));
    if (what.as_text) console.print(to_text(document));
    if (what.page) {
        const std::string png = chart_png(summary);
        const std::string picture =
            png.empty() ? "" : "data:image/png;base64," + base64(png, Lines::none);
        file::write_whole(*what.page, to_html(document, picture));
    }
}

}  // namespace domspool
