// What --help prints, before the options and the exit codes.
static constexpr const char* kManual = R"(
NAME         spool-run: order everything that was dropped into the spool
USAGE        spool-run [OPTIONS] [FILE...]     (cron: nightly)
READS        spool/incoming, settings, password, extensions.yaml; with FILE that file
             of spool/refused instead, mended or let pass
WRITES       ledger, log; spool/active while it reads, then spool/done with a result
             file, or spool/refused with NAME.problems.txt
EXIT         0 all done, or under way at the registrar, or nothing there; 1 some rows
             refused, or orders failed, held, in doubt or done otherwise than ordered;
             65 a file was refused, or something lies in incoming that is no order
             file; 69 the registrar refuses service, a limit is reached, or all sending
             is held; 75 not all was sent, and what was not stays accepted; 77 a folder
             of the spool is open to others: no file was taken
AFTER CRASH  start it again: a file left in spool/active goes on, or is read again
             from its first line; no order is entered twice

             Taken are regular files ending in .csv .yaml .yml that have not changed
             for spool.settle_seconds. All else is left where it is, and named once.
             Then all orders are sent that are still accepted, whoever entered them,
             whatever is wrong with the spool or one of its files.
             --dry-run is the bill of the night: what would become of each of them,
             files that have just been dropped among them; nothing is changed.
)";

#include "jobs/spool_run.h"

#include "app/program.h"
#include "app/shell_words.h"
#include "app/signals.h"
#include "bin/order_options.h"
#include "spool/folder_safety.h"

namespace {

using namespace domspool;

ProgramManual manual() {
    ProgramManual manual;
    manual.text = kManual;
    manual.options = limit_options();
    manual.most_arguments = 10'000;
    return manual;
}

// The line that takes a file of refused/ in spite of its number of orders.
std::string command_for(const Program& program, const std::string& path, int rows) {
    std::vector<std::string> words{program.name()};
    if (const auto config = program.line().value("config")) {
        words.insert(words.end(), {"--config", *config});
    }
    words.insert(words.end(), {"--max-orders", std::to_string(rows), path});
    return shell_line(words);
}

SpoolRunSettings spool_settings(const Program& program, const Settings& settings) {
    SpoolRunSettings spool{SpoolLayout(settings.spool.directory)};
    spool.request.file.limits = settings.spool.limits();
    spool.request.most_rows = settings.limits.max_orders_per_run;
    spool.settle = std::chrono::seconds(settings.spool.settle_seconds);
    spool.ledger_path = settings.ledger;
    spool.command_past_limit = [&program](const std::string& path, int rows) {
        return command_for(program, path, rows);
    };
    return spool;
}

void dry_run(Program& program, const Settings& settings, const SpoolRunSettings& spool) {
    RunSetup setup(program.name(), settings, Changes::nothing);
    DryRunSettings dry_run = dry_run_settings(program, settings);
    dry_run.most_orders = settings.limits.max_orders_per_run;
    dry_run_spool(program, spool, dry_run, dry_run_parts(setup),
                  files_named(spool.layout, program.line().arguments()));
}

void run(Program& program) {
    const CommandLine& line = program.line();
    Settings settings = program.settings();
    pass_limits_once(line, settings);
    program.become_service_user(settings);
    SpoolRunSettings spool = spool_settings(program, settings);
    const bool only_looks = line.has("check") || line.has("dry-run");
    if (only_looks) require_safe_spool(settings.spool.directory);
    if (line.has("check")) {
        return check_spool(program, spool, files_named(spool.layout, line.arguments()));
    }
    if (line.has("dry-run")) return dry_run(program, settings, spool);
    RunSetup setup(program.name(), settings);
    const OrderRunParts parts = order_run_parts(setup);
    spool.codes_kept_since = [&] { return setup.codes_kept_since(); };
    spool.wipe_auth_codes = [&] { setup.wipe_auth_codes(); };
    const std::vector<std::string> named = files_named(spool.layout, line.arguments());
    run_spool(program, spool, order_run_settings(program, settings), parts, named);
    end_run(program, setup, named.empty() ? StartedBy::cron : StartedBy::person);
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), run);
}
