// What --help prints, before the options and the exit codes.
static constexpr const char* kManual = R"(
NAME         registrar-check: say what is right and what is wrong, and what to do about it
USAGE        registrar-check [OPTIONS]
             registrar-check --extension EXT [OPTIONS]
             registrar-check --refusals
READS        settings, secret, ledger, extensions.yaml; the rights of folders; of the
             registrar its address, certificate, WSDL, account and sessions; whether
             the mail server lets us in and takes mail of report.from for report.to
WRITES       log. Nothing is changed at the registrar or in the ledger, and the session
             that was opened is closed, also after an error. No mail is sent
EXIT         0 all is well (warnings may be told); 1 something is wrong that has no class
             of its own; else the class of the gravest: 69 the registrar refuses the login
             (tried once) or a question, or the balance is below the floor; 74 no room on a
             disk; 75 the registrar or the mail server cannot be reached, or is not
             understood; 77 rights; 78 settings, ledger, folders, extensions.yaml or the
             sendmail program
AFTER CRASH  start it again; a session left open ends by itself after 20 minutes
)";

#include "app/endpoint.h"
#include "app/program.h"
#include "app/report_mail.h"
#include "app/run_setup.h"
#include "app/secret_place.h"
#include "app/service_folders.h"
#include "jobs/doctor.h"
#include "jobs/extension_advice.h"
#include "jobs/findings.h"
#include "jobs/installation_checks.h"
#include "jobs/mail_checks.h"
#include "jobs/refusals_text.h"
#include "jobs/registrar_reads.h"
#include "ledger/ledger_place.h"
#include "store/connection.h"

namespace {

using namespace domspool;

ProgramManual manual() {
    ProgramManual manual;
    manual.text = kManual;
    manual.options = {
        {"extension", "EXT",
         "tell the rules of this extension, as the registrar and extensions.yaml have them, and "
         "check nothing else: --extension aero"},
        {"refusals", "",
         "print how the registrar's refusals are understood: by code or words, how far they reach, "
         "how long they last; ask nothing"},
        {"deep", "", "one harmless read per shape of parameters too; its reply must fit"}};
    manual.without = {"dry-run"};
    return manual;
}

void check_spending(Findings& findings, const Settings& settings) {
    try {
        require_spend_ceiling(settings);
    } catch (const RunFailure& failure) {
        findings.tell(Finding::warning("settings", failure.what(), "set limits.max_spend_per_day"));
    }
}

std::optional<Settings> check_settings(const Program& program, Findings& findings) {
    std::optional<Settings> settings;
    const std::string next =
        "mend the file, or name another one with --config; a sample with all keys is "
        "config.sample.yaml";
    findings.holds("settings", next, [&] { settings = program.settings(); });
    if (!settings) return std::nullopt;
    findings.tell(Finding::ok("settings", "read from '" + settings->file + "'"));
    check_spending(findings, *settings);
    return settings;
}

bool check_secret(Findings& findings, const Settings& settings) {
    const bool is_readable = findings.holds(
        "secret", "put the password there, one line, and let nobody else read it (chmod 600)",
        [&] { read_secret(settings.registrar.secret, "registrar"); });
    if (is_readable) findings.tell(Finding::ok("secret", "readable by us, and by nobody else"));
    return is_readable;
}

void check_ledger(Findings& findings, RunSetup& setup) {
    const std::string& place = setup.settings().ledger;
    const std::string remark = is_in_postgresql(place)
                                   ? "; a machine that vanishes is taken for dead after " +
                                         std::to_string(store::kVanishedAfter.count()) + " s"
                                   : "";
    check_ledger(findings, place, stamp_of(setup.settings()), remark,
                 [&]() -> const Ledger& { return setup.ledger(); });
}

DoctorSettings doctor_settings(const Settings& settings) {
    const auto endpoint = parse_endpoint(settings.registrar.endpoint);
    DOMSPOOL_ASSERT(endpoint.has_value());  // The settings were read: it is one.
    DoctorSettings doctor;
    doctor.host = endpoint->host;
    doctor.is_secure = !endpoint->is_plain;
    doctor.is_loopback = is_loopback(endpoint->host);
    doctor.reseller_id = settings.registrar.reseller_id;
    doctor.parameters = settings.registrar.parameters;
    doctor.balance_floor = settings.limits.balance_floor;
    doctor.max_price = settings.limits.max_price;
    return doctor;
}

// Findings of the registrar; a signal ends them, and the session is closed.
void check_service(Findings& findings, RunSetup& setup, bool has_secret, bool deep) {
    const auto tell = [&](const Finding& finding) {
        findings.tell(finding);
        if (!setup.is_called_off()) return;
        throw RunFailure(ExitCode::try_later, "stopped by a signal");
    };
    const auto queries = [&]() -> RegistrarQueries& {
        if (has_secret) return setup.queries();
        // What is wrong with the password has its own class, told before.
        throw RunFailure(ExitCode::some_orders_wrong, "not tried without the password");
    };
    findings.holds("login", "mend what is told above first", [&] {
        const bool is_in = check_registrar(
            doctor_settings(setup.settings()),
            {door_of(setup.settings().registrar.endpoint, setup.settings().registrar.ca_file),
             queries, [&] { return setup.clock().now().utc; }, tell});
        if (is_in && deep) check_reads(setup.queries(), tell);
    });
}

void check_report(Findings& findings, const Settings& settings, bool is_offline) {
    constexpr auto kLongest = std::chrono::seconds(20);
    MailRoute route;
    if (!settings.report.from.empty()) route.from = report_sender(settings);
    route.to = report_recipients(settings);
    route.sendmail = settings.report.sendmail;
    route.is_offline = is_offline;
    route.smtp = [&] {
        SmtpSettings smtp = smtp_settings(settings);
        smtp.deadline = kLongest;
        return smtp;
    };
    findings.holds("mail", "put the password of report.smtp.user there, one line (chmod 600)", [&] {
        for (const Finding& finding : check_mail(route)) findings.tell(finding);
    });
}

void check_all(Program& program, Findings& findings, RunSetup& setup) {
    const bool is_offline = program.line().has("check");
    const bool has_secret = !is_offline && check_secret(findings, setup.settings());
    check_machine(findings, folders_of(setup.settings()), setup.clock().now().utc);
    if (findings.holds("log", "look at log.file and its folder", [&] { setup.log(); })) {
        findings.tell(Finding::ok("log", "goes to '" + setup.settings().log.file + "'"));
    }
    check_ledger(findings, setup);
    if (!is_offline) check_service(findings, setup, has_secret, program.line().has("deep"));
    check_sheet(findings, setup.settings().extensions_file,
                [&] { return setup.extensions().size() - 1; });
    check_report(findings, setup.settings(), is_offline);
}

void tell_extension(Program& program, RunSetup& setup, const std::string& extension) {
    const ExtensionSheet& sheet = setup.extensions();
    const auto entry = sheet.find(extension);
    const bool has_entry = entry != sheet.end();
    const ExtensionRecord record = setup.queries().extension(extension);
    const auto operations = setup.queries().open_operations(extension);
    const ExtensionRules& rules = has_entry ? entry->second : sheet.at("");
    tell_advice(program, advice_on(record, operations, rules, has_entry));
}

// A person waits for the answer, and shall see a line that loses every tenth question.
Settings told_at_once(Settings settings) {
    settings.registrar.retry_seconds = 0;
    return settings;
}

void examine(Program& program) {
    const CommandLine& line = program.line();
    if (line.has("refusals")) return program.print(refusals_text());
    const auto extension = line.value("extension");
    if (extension) {
        const std::string named = extension_named(*extension);
        const Settings settings = told_at_once(program.settings());
        program.become_service_user(settings);
        RunSetup setup(program.name(), settings);
        return tell_extension(program, setup, named);
    }
    Findings findings(program);
    if (const auto settings = check_settings(program, findings)) {
        program.become_service_user(*settings);
        RunSetup setup(program.name(), told_at_once(*settings));
        check_all(program, findings, setup);
    }
    findings.end();
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), examine);
}
