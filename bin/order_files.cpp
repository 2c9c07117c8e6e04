#include "bin/order_files.h"

#include "report/machine/json_lines.h"
#include "report/orders/outcome_row.h"
#include "report/terminal/problem_list.h"
#include "spool/result_place.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace domspool {

namespace {

constexpr std::size_t kMostTold = 100;  // problems of one file, where no person looks on

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

IntakeRequest request_for(const CommandLine& line, const Settings& settings, OrderKind kind,
                          const std::string& name) {
    FileLimits limits;
    limits.bytes = settings.spool.largest_file();
    limits.require_count = settings.spool.require_count;
    IntakeRequest request{
        {name == "-" ? "standard input" : name, format_of(line, name), kind, limits}};
    request.all_or_nothing = line.has("all-or-nothing");
    request.again = line.has("again");
    return request;
}

void print_as_json(Program& program, const OrderFile& file, const IntakeReport& report) {
    OutcomeRow row;
    row.kind = *file.request.file.program_kind;
    row.state = kRefused;
    for (const Problem& problem : report.problems) {
        row.line = problem.line;
        row.message = to_text(problem);
        program.print(json_line(row));
    }
    if (report.more_problems == 0) return;
    row.line = 0;
    row.message =
        file.request.file.name + ": and " + std::to_string(report.more_problems) + " more problems";
    program.print(json_line(row));
}

// A mail of cron stays readable; a terminal gets like problems together, and bounds them itself.
std::string text_of(const Program& program, const IntakeReport& report) {
    const std::vector<Problem>& problems = report.problems;
    const std::size_t told =
        program.look().is_terminal() ? problems.size() : std::min(problems.size(), kMostTold);
    ProblemList list;
    for (std::size_t i = 0; i < told; ++i) list.add(problems[i]);
    if (program.look().is_terminal()) list.add_more(report.more_problems);
    std::string text = list.text(program.look());
    while (text.ends_with('\n')) text.pop_back();
    if (told < problems.size()) {
        const std::string printed =
            report.more_problems == 0 ? "them all" : "the first " + std::to_string(kMostProblems);
        text += "\nand " + std::to_string(problems.size() - told + report.more_problems) +
                " more problems; --check --json prints " + printed;
    }
    return text;
}

void tell_problems(Program& program, const OrderFile& file, const IntakeReport& report) {
    if (program.line().has("json")) {
        print_as_json(program, file, report);
    }
    const std::string& name = file.request.file.name;
    if (report.what == IntakeReport::What::refused) {
        program.complain(
            ExitCode::file_refused,
            "'" + name + "' is refused, nothing of it was ordered:\n" + text_of(program, report));
    } else if (!report.problems.empty()) {
        program.complain(ExitCode::some_orders_wrong,
                         std::to_string(report.bad_rows) + " of " + std::to_string(report.rows) +
                             " rows of '" + name + "' would be refused:\n" +
                             text_of(program, report));
    }
}

void rewind(OrderFile& file) {
    file.input.stream->clear();
    file.input.stream->seekg(0);
}

std::string result_path_of(const Program& program, const OrderFile& file) {
    if (const auto named = program.line().value("result")) {
        return std::filesystem::absolute(*named).string();
    }
    if (!file.input.is_regular) return "";
    return std::filesystem::absolute(result_path_beside(file.input.name)).string();
}

}  // namespace

std::vector<OrderFile> open_order_files(Program& program, const Settings& settings,
                                        OrderKind kind) {
    std::vector<OrderFile> files;
    const std::size_t limit = settings.spool.largest_file();
    for (const std::string& name : program.line().arguments()) {
        try {
            InputFile input = open_input(name, limit);
            files.push_back({std::move(input), request_for(program.line(), settings, kind, name)});
        } catch (const RunFailure& failure) {
            if (failure.code() == ExitCode::usage) throw;
            program.complain(failure.code(), failure.what());
        }
    }
    return files;
}

void tell_refused_file(Program& program, const OrderFile& file, const IntakeReport& report) {
    DOMSPOOL_ASSERT(report.what == IntakeReport::What::refused);
    tell_problems(program, file, report);
}

void look_through(Program& program, std::vector<OrderFile>& files, TellProblems tell) {
    std::erase_if(files, [&](OrderFile& file) {
        const IntakeReport report = inspect_order_file(*file.input.stream, file.request);
        rewind(file);
        file.rows = report.rows;
        const bool is_refused = report.what == IntakeReport::What::refused;
        if (is_refused || tell == TellProblems::yes) tell_problems(program, file, report);
        return is_refused;
    });
}

std::vector<TakenBatch> take_order_files(Program& program, std::vector<OrderFile>& files,
                                         Ledger& ledger, RunId run, const Clock& clock) {
    std::vector<TakenBatch> batches;
    for (OrderFile& file : files) {
        const IntakeReport report =
            take_order_file(*file.input.stream, file.request, ledger, run, clock);
        if (report.what == IntakeReport::What::refused) {
            tell_problems(program, file, report);
            continue;
        }
        const bool is_known = std::ranges::find(batches, *report.batch, &TakenBatch::id) !=
                              batches.end();  // The same file, named twice.
        if (is_known) continue;
        batches.push_back(
            {*report.batch, file.request.file.name, report.what, result_path_of(program, file)});
    }
    return batches;
}

}  // namespace domspool
