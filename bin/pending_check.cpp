// What --help prints, before the options and the exit codes.
static constexpr const char* kManual = R"(
NAME         pending-check: ask what became of the operations still open
USAGE        pending-check [OPTIONS]     (cron: every 10 minutes)
READS        ledger, settings; password and extensions.yaml if anything is open
WRITES       ledger, log, results of files that came through the spool
EXIT         0 nothing to do, too soon, or all went well; 1 orders failed, are held,
             again in doubt, done otherwise than ordered, or cancelled by somebody
             else; 69 the registrar refuses service, or all sending is held: told
             once, questions are asked as ever. A refused login is told once, then once
             a day, and tried again after 10 minutes, an hour, then once a day, or when
             the settings or the password file changed; 75 the registrar cannot be reached for
             longer than pending.outage_minutes, told once, then once a day; or its
             list of what is pending cannot be read: what needs it waits
AFTER CRASH  the next pass goes on: only an end that was read ends an operation, and
             what was sent and not answered is looked for before it is sent again
)";

#include "jobs/pending_check.h"

#include "app/endpoint.h"
#include "app/program.h"
#include "app/run_setup.h"
#include "app/signals.h"
#include "jobs/pass_telling.h"
#include "jobs/spool_results.h"

#include <algorithm>

namespace {

using namespace domspool;

constexpr std::chrono::seconds kLeastForAPerson{60};

ProgramManual manual() {
    ProgramManual manual;
    manual.text = kManual;
    manual.options = {
        {"now", "",
         "do not wait for pending.min_interval_seconds to pass since the last pass: for a person, "
         "and not within a minute of it (a registrar on loopback: any time)"}};
    manual.without = {"check", "dry-run"};
    return manual;
}

std::chrono::seconds interval_of(const CommandLine& line, const Settings& settings) {
    const std::chrono::seconds usual(settings.pending.min_interval_seconds);
    if (!line.has("now")) return usual;
    const auto endpoint = parse_endpoint(settings.registrar.endpoint);
    if (endpoint && is_loopback(endpoint->host)) return std::chrono::seconds(0);
    return std::min(usual, kLeastForAPerson);
}

PendingSettings pending_settings(const CommandLine& line, RunSetup& setup, IsAsked asked) {
    const Settings& settings = setup.settings();
    PendingSettings pending;
    pending.min_interval = interval_of(line, settings);
    pending.doubts = doubt_settings(settings);
    pending.watch_foreign = settings.pending.watch_foreign;
    pending.outage = std::chrono::minutes(settings.pending.outage_minutes);
    pending.login_mark = setup.login_mark();
    pending.is_asked = asked == IsAsked::yes;
    pending.usual_days = [&setup](OrderKind kind, const std::string& extension) {
        return usual_days(setup.extensions(), kind, extension);
    };
    return pending;
}

PendingReport pass(const CommandLine& line, RunSetup& setup, IsAsked asked) {
    std::optional<Lane> lane;
    const auto runner = [&]() -> OrderRunner& {
        if (!lane) lane = setup.open_lane(nullptr);
        return *lane->runner;
    };
    return check_pending(pending_settings(line, setup, asked), setup.ledger(), setup.clock(), [&] {
        setup.wipe_due_auth_codes();  // Whatever keeps the pass from coming to its end.
        setup.require_all();
        return PassParts{setup.ledger(),
                         setup.clock(),
                         setup.cache(),
                         setup.rules(),
                         setup.queries(),
                         runner,
                         [&] { return setup.run().id(); },
                         [&] { return setup.is_called_off(); },
                         setup.settings().registrar.lanes,
                         [&] { return setup.open_lane(nullptr); }};
    });
}

void check(Program& program) {
    const Settings settings = program.settings();
    program.become_service_user(settings);
    const bool is_asked = program.line().has("now") || program.look().is_terminal();
    const IsAsked asked = is_asked ? IsAsked::yes : IsAsked::no;
    RunSetup setup(program.name(), settings);
    const PendingReport report = pass(program.line(), setup, asked);
    tell_pass(program, {setup.log(), setup.ledger(), setup.clock().now().utc}, report,
              setup.rules(), asked);
    if (setup.is_called_off()) {
        program.complain(ExitCode::try_later, "stopped by a signal; the next pass goes on");
    }
    setup.wipe_due_auth_codes();
    // Of what ended now, or by a decision or in a run that died since.
    std::ignore =
        write_spool_results(program, {setup.ledger(), setup.clock(), settings.ledger,
                                      settings.spool.directory, settings.spool.largest_file()});
    tell_hold(program, setup.ledger(), setup.clock().now().utc, asked);
    // Quiet about an outage for a while, and about what was told already, but no sign of life.
    std::optional<ExitCode> trouble;
    const auto reason = setup.rules().reason();
    if (reason && !reason->is_hold) trouble = reason->code;
    if (report.what == PendingReport::What::unreachable) trouble = ExitCode::try_later;
    if (report.what == PendingReport::What::login_refused) trouble = ExitCode::service_refused;
    end_run(program, setup, StartedBy::cron, trouble);
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), check);
}
