#include "bin/order_program.h"

#include "app/input_file.h"
#include "app/program.h"
#include "app/service_user.h"
#include "app/signals.h"
#include "bin/order_options.h"
#include "jobs/dry_run.h"
#include "jobs/order_files.h"
#include "jobs/problem_telling.h"
#include "spool/result_place.h"

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace domspool {

namespace {

constexpr std::int64_t kMostFirst = 1'000'000;

ProgramManual manual_with(const std::string& text) {
    ProgramManual manual;
    manual.text = text;
    manual.options = {
        {"result", "FILE", "where the result file goes (of one order file); default: beside it"},
        {"format", "csv|yaml", "what the files are, where their names do not tell"},
        {"all-or-nothing", "", "one bad row refuses its whole file"},
        {"first", "N",
         "send N orders of each file and hold the rest, until `domain-orders release --batch`"},
        {"again", "",
         "read a finished file anew: what it ordered, open or done, is not ordered once more; what "
         "is only like an order of another file is"},
    };
    const auto limits = limit_options();
    manual.options.insert(manual.options.end(), limits.begin(), limits.end());
    manual.least_arguments = 1;
    manual.most_arguments = 10'000;
    return manual;
}

void require_fitting_options(const CommandLine& line) {
    const auto& names = line.arguments();
    const bool has_result = line.has("result"), is_dry = line.has("dry-run");
    if (has_result && names.size() > 1) {
        throw RunFailure(ExitCode::usage, "'--result' names one file, for one order file");
    }
    if (std::ranges::count(names, "-") > 1) {
        throw RunFailure(ExitCode::usage, "'-' (standard input) can be read once only");
    }
    if (is_dry && line.has("check")) {
        throw RunFailure(ExitCode::usage,
                         "'--check' asks nobody and '--dry-run' asks the registrar: give one");
    }
    if (line.has("first") && (is_dry || line.has("check"))) {
        throw RunFailure(ExitCode::usage,
                         "'--first' sends the first orders, '--check' and '--dry-run' send none: "
                         "leave it");
    }
    if (is_dry && has_result) {
        throw RunFailure(ExitCode::usage, "'--dry-run' writes no result file: leave '--result'");
    }
}

// --check works without an installation: then the shipped defaults hold.
Settings settings_for(const Program& program) {
    const bool is_optional = program.line().has("check") && !program.line().has("config");
    if (!is_optional || ::access(kDefaultSettingsFile, F_OK) == 0) return program.settings();
    Settings shipped;
    shipped.user = "";
    return shipped;
}

FileFormat format_of(const CommandLine& line, const std::string& name) {
    if (const auto word = line.value("format")) {
        if (*word == "csv") return FileFormat::csv;
        if (*word == "yaml") return FileFormat::yaml;
        throw RunFailure(ExitCode::usage, "'--format' must be csv or yaml, not '" + *word + "'");
    }
    if (name == "-") return FileFormat::csv;
    if (const auto format = format_of_name(name)) return *format;
    throw RunFailure(ExitCode::file_refused,
                     "cannot tell what '" + name +
                         "' is: its name ends in none of .csv .yaml .yml; say --format csv or "
                         "--format yaml");
}

OrderFile open_file(const CommandLine& line, const Settings& settings, OrderKind kind,
                    const std::string& name) {
    InputFile input = open_input(name, settings.spool.largest_file());
    IntakeRequest request{{name == "-" ? "standard input" : name, format_of(line, name), kind,
                           settings.spool.limits()}};
    request.all_or_nothing = line.has("all-or-nothing");
    request.again = line.has("again");
    request.first = static_cast<int>(line.number("first", 1, kMostFirst).value_or(0));
    const std::string place =
        line.value("result").value_or(input.is_regular ? result_path_beside(name) : "");
    return {std::move(input.stream), std::move(request),
            place.empty() ? "" : std::filesystem::absolute(place).string()};
}

// Files that cannot be opened are complained of and left out.
std::vector<OrderFile> open_files(Program& program, const Settings& settings, OrderKind kind) {
    std::vector<OrderFile> files;
    for (const std::string& name : program.line().arguments()) {
        try {
            files.push_back(open_file(program.line(), settings, kind, name));
        } catch (const RunFailure& failure) {
            if (failure.code() == ExitCode::usage) throw;
            program.complain(failure.code(), failure.what());
        }
    }
    return files;
}

void check(Program& program, const Settings& settings, std::vector<OrderFile>& files) {
    become_user(settings.user);
    inspect_files(program, files, TellProblems::yes);
    if (!program.as_text()) return;
    for (const OrderFile& file : files) {
        program.print(words_of_checked(file.request.file.name, file.inspection.report));
    }
}

void dry_run(Program& program, const Settings& settings, std::vector<OrderFile>& files) {
    RunSetup setup(program.name(), settings, Changes::nothing);
    tell_dry_run(program, dry_run_settings(program, settings), dry_run_parts(setup), files);
}

void order(Program& program, OrderKind kind) {
    const CommandLine& line = program.line();
    require_fitting_options(line);
    Settings settings = settings_for(program);
    pass_limits_once(line, settings);
    std::vector<OrderFile> files = open_files(program, settings, kind);
    if (line.has("check")) return check(program, settings, files);
    program.become_service_user(settings);
    inspect_files(program, files, TellProblems::no);
    OrderRunSettings sending = order_run_settings(program, settings);
    leave_out_too_many(program, settings.limits.max_orders_per_run, sending, files);
    if (files.empty()) return;
    if (line.has("dry-run")) return dry_run(program, settings, files);
    if (!entry_of(kind).fee.empty()) require_spend_ceiling(settings);

    RunSetup setup(program.name(), settings);
    const OrderRunParts parts = order_run_parts(setup);
    sending.submission.most_orders = 0;  // Files above the limit were not taken.
    OrderRun run(program, sending, parts);
    order_files(program, files, settings.ledger,
                line.has("result") ? WantsResults::yes : WantsResults::no, run, parts);
    setup.wipe_auth_codes();
    end_run(program, setup, StartedBy::person);
}

}  // namespace

int run_order_program(int count, char** words, OrderKind kind, const std::string& manual_text) {
    return run_program(count, words, manual_with(manual_text),
                       [&](Program& program) { order(program, kind); });
}

}  // namespace domspool
