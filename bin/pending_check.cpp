// What --help prints, before the options and the exit codes.
static constexpr const char* kManual = R"(
NAME         pending-check: ask what became of the operations still open
USAGE        pending-check [OPTIONS]     (cron: every 10 minutes)
READS        ledger, settings; password and extensions.yaml if anything is open
WRITES       ledger, log, results of files that came through the spool
EXIT         0 nothing to do, too soon, or all went well; 1 orders failed, are held,
             again in doubt, done otherwise than ordered, or cancelled by somebody
             else; 69 the registrar refuses service, or all sending is held: told
             once, questions are asked as ever; 75 the registrar cannot be reached for
             longer than pending.outage_minutes, told once, then once a day
AFTER CRASH  the next pass goes on: only an end that was read ends an operation, and
             what was sent and not answered is looked for before it is sent again
)";

#include "jobs/pending_check.h"

#include "app/endpoint.h"
#include "app/program.h"
#include "app/run_log.h"
#include "app/run_setup.h"
#include "app/signals.h"
#include "bin/spool_results.h"
#include "ledger/sql/sending_hold.h"
#include "report/machine/json_lines.h"
#include "report/orders/outcome_row.h"
#include "util/visible_text.h"

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

PendingSettings pending_settings(const CommandLine& line, RunSetup& setup) {
    const Settings& settings = setup.settings();
    PendingSettings pending;
    pending.min_interval = interval_of(line, settings);
    pending.doubts = setup.doubt_settings();
    pending.watch_foreign = settings.pending.watch_foreign;
    pending.outage = std::chrono::minutes(settings.pending.outage_minutes);
    pending.usual_days = [&setup](OrderKind kind, const std::string& extension) {
        return usual_days(setup.extensions(), kind, extension);
    };
    return pending;
}

// Costs no call, and no TLS, password or extension sheet.
bool has_something_to_do(RunSetup& setup) {
    const bool was_left_over = setup.ledger().bury_dead_runs(setup.clock().now()) > 0;
    if (was_left_over) setup.wipe_auth_codes();
    return setup.settings().pending.watch_foreign ||
           is_anything_open(setup.ledger(), setup.clock().now().utc);
}

PendingReport pass(const CommandLine& line, RunSetup& setup) {
    setup.require_all();
    std::optional<Lane> lane;
    const auto runner = [&]() -> OrderRunner& {
        if (!lane) lane = setup.open_lane(nullptr);
        return *lane->runner;
    };
    return check_pending(
        pending_settings(line, setup),
        {setup.ledger(), setup.clock(), setup.knowledge(), setup.rules(), setup.view(), runner,
         [&] { return setup.run().id(); }, [&] { return setup.is_called_off(); }});
}

std::string words_for(const OrderRecord& order) {
    const OutcomeRow row = outcome_row(order);
    const std::string code = row.code.empty() ? "" : " " + row.code;
    return "order " + std::to_string(order.id) + " " + order.domain.shown() + ": " + row.state +
           code + (row.message.empty() ? "" : ": " + visible_text(row.message));
}

// A person at the terminal, or one who asked for more, hears of what went well too.
bool is_talkative(const Program& program) {
    const CommandLine& line = program.line();
    return !line.has("json") && !line.has("quiet") &&
           (program.look().is_terminal() || line.has("verbose"));
}

void tell_news(Program& program, RunSetup& setup, const PendingReport& report) {
    std::string wrong;
    for (const OrderRecord& order : report.news) {
        log_order(setup.log(), order);
        if (program.line().has("json")) program.print(json_line(outcome_row(order)));
        if (needs_a_person(order)) {
            wrong += "\n  " + words_for(order);
        } else if (is_talkative(program)) {
            program.print(words_for(order) + "\n");
        }
    }
    if (wrong.empty()) return;
    program.complain(ExitCode::some_orders_wrong, "orders that need a person:" + wrong);
}

void tell_summary(Program& program, const PendingReport& report) {
    if (!is_talkative(program)) return;
    switch (report.what) {
        case PendingReport::What::nothing_to_do:
            program.print("nothing is pending\n");
            return;
        case PendingReport::What::too_soon:
            program.print("the last pass began a short while ago; --now does not wait\n");
            return;
        case PendingReport::What::unreachable:
            return;
        case PendingReport::What::passed:
            program.print(std::to_string(report.still_pending) + " still pending, " +
                          std::to_string(report.ended) + " ended, " +
                          std::to_string(report.adopted + report.settled) + " doubts settled, " +
                          std::to_string(report.follow_ups) + " follow-ups run\n");
            return;
    }
}

void tell(Program& program, RunSetup& setup, const PendingReport& report) {
    for (const std::string& warning : report.warnings) {
        setup.log().warning("pending_warning", {{"text", warning}});
        if (!program.line().has("json")) program.print("warning: " + warning + "\n");
    }
    tell_news(program, setup, report);
    tell_summary(program, report);
    const bool is_asked = program.line().has("now") || program.look().is_terminal();
    if (report.what == PendingReport::What::unreachable && (report.tell_outage || is_asked)) {
        program.complain(ExitCode::try_later, "the registrar cannot be reached " + report.outage);
    }
    const auto reason = setup.rules().reason();
    if (reason && !reason->is_hold && report.what != PendingReport::What::unreachable) {
        program.complain(reason->code, reason->text);
    }
    if (setup.is_called_off()) {
        program.complain(ExitCode::try_later, "stopped by a signal; the next pass goes on");
    }
}

// A hold lasts as long as a person wants it: cron hears of it once.
void tell_hold(Program& program, RunSetup& setup) {
    const auto hold = setup.ledger().sending_hold();
    const bool is_asked = program.line().has("now") || program.look().is_terminal();
    if (!hold || (hold->is_told && !is_asked)) return;
    program.complain(ExitCode::service_refused,
                     words_of(*hold) + "; what is pending is asked about all the same");
    setup.ledger().write([&](LedgerWrite& w) { w.note_hold_told(setup.clock().now().utc); });
}

// Of what ended now, or by a decision or in a run that died since.
void keep_results(Program& program, RunSetup& setup) {
    for (const ResultReport& report : write_spool_results(setup)) {
        if (!report.written) program.complain(ExitCode::cannot_create, report.note);
    }
}

void check(Program& program) {
    const CommandLine& line = program.line();
    const Settings settings = load_settings(line.value("config").value_or(kDefaultSettingsFile));
    program.become_service_user(settings);
    RunSetup setup(program.name(), settings);
    std::optional<ExitCode> trouble;
    if (has_something_to_do(setup)) {
        const PendingReport report = pass(line, setup);
        tell(program, setup, report);
        setup.wipe_auth_codes();
        // Quiet about an outage for a while, but no sign of life.
        if (report.what == PendingReport::What::unreachable) trouble = ExitCode::try_later;
    } else {
        setup.wipe_due_auth_codes();
        tell_summary(program, {});
    }
    keep_results(program, setup);
    tell_hold(program, setup);
    end_run(program, setup, StartedBy::cron, trouble);
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), check);
}
