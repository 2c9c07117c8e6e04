// What --help prints.
static constexpr const char* kManual = R"(
NAME         summary-report: mail what happened since the last report
USAGE        summary-report [OPTIONS]     (cron: every morning)
READS        ledger, settings; the password of report.smtp if it has a user
WRITES       ledger, log, a mail to report.to; with --html the file named
EXIT         0 mailed, or nothing that report.policy wants told; 75 the mail was
             not delivered: it is kept, and the next run sends it first
AFTER CRASH  run it again: a report is sent until a mail server has taken it. If
             the server had taken it already, the same mail comes once more,
             under the same Message-ID

             With --text, --html or --json nothing is mailed and nothing counts as
             told: they show what the next report would say. What needs a person
             stands in every report until it is settled.
)";

#include "jobs/summary_report.h"

#include "app/endpoint.h"
#include "app/program.h"
#include "app/report_mail.h"
#include "app/run_setup.h"
#include "app/shell_words.h"
#include "app/signals.h"
#include "mail/sendmail_mailer.h"

#include <filesystem>

namespace {

using namespace domspool;

ProgramManual manual() {
    ProgramManual manual;
    manual.text = kManual;
    manual.options = {{"text", "", "print the report, mail nothing"},
                      {"html", "FILE", "write the report there as a page, mail nothing"}};
    manual.without = {"check", "dry-run"};
    return manual;
}

ReportSettings report_settings(const Settings& settings) {
    ReportSettings report;
    report.policy = settings.report.policy;
    if (!settings.report.from.empty()) report.from = report_sender(settings);
    report.to = report_recipients(settings);
    report.host = host_name();
    const auto endpoint = parse_endpoint(settings.registrar.endpoint);
    report.account = settings.registrar.reseller_id;
    if (endpoint) report.account += " at " + endpoint->host;
    if (settings.file != kDefaultSettingsFile) {
        const std::string file = std::filesystem::absolute(settings.file);
        report.command_tail = " --config " + shell_line({file});
    }
    return report;
}

std::unique_ptr<Mailer> mailer_for(const Settings& settings) {
    const std::string& sendmail = settings.report.sendmail;
    if (!sendmail.empty()) return std::make_unique<SendmailMailer>(sendmail);
    return std::make_unique<SmtpMailer>(smtp_settings(settings));
}

bool is_to_be_shown(const CommandLine& line) {
    return line.has("text") || line.has("html") || line.has("json");
}

void show(Program& program, const Settings& settings) {
    const SystemClock clock;
    const ReportSettings report = report_settings(settings);
    const auto ledger = Ledger::open_read_only(settings.ledger, stamp_of(settings));
    show_report(program, *ledger, report, clock.now().utc,
                {program.line().has("text"), program.line().value("html")});
}

void report(Program& program) {
    const CommandLine& line = program.line();
    const Settings settings = program.settings();
    program.become_service_user(settings);
    if (is_to_be_shown(line)) return show(program, settings);
    if (settings.report.to.empty()) {
        if (program.look().is_terminal() || program.is_verbose()) {
            program.print(
                "report.to names nobody, so nothing is mailed; --text prints the report\n");
        }
        return;
    }
    RunSetup setup(program.name(), settings);
    setup.log();
    const auto mailer = mailer_for(settings);
    tell_report(program, setup.log(),
                send_report(setup.ledger(), setup.clock(), *mailer, report_settings(settings)));
    end_run(program, setup, StartedBy::cron);
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), report);
}
