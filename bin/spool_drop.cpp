// What --help prints, before the options and the exit codes.
static constexpr const char* kManual = R"(
NAME         spool-drop: check an order file and place it into the spool
USAGE        spool-drop [OPTIONS] FILE...    (FILE - is standard input, with --name)
READS        the files named (CSV or YAML, orders of any kind), settings
WRITES       spool/incoming, where the next spool-run orders it
EXIT         0 all placed; 1 some rows would be refused, and the file was not placed;
             65 a file would be refused; 66 a file was not found; 69 it has more
             orders than a run may have; 73 a file of that name is there already;
             75 standard input or a pipe gave nothing for five minutes; 77 no right
             to drop
AFTER CRASH  run it again: a file is in the spool whole or not at all

             No network, no password, no ledger. Whoever may write to spool/incoming
             may drop: the members of its group. The kind of the orders comes from
             the file's name (transfer-march.csv) or its column `order`.
)";

#include "jobs/spool_drop.h"

#include "app/input_file.h"
#include "app/program.h"
#include "app/service_user.h"
#include "app/settings.h"

#include <filesystem>

namespace {

using namespace domspool;

ProgramManual manual() {
    ProgramManual manual;
    manual.text = kManual;
    manual.options = {
        {"name", "NAME", "the name it gets in the spool; default: its own"},
        {"good-rows", "", "place it although some rows will be refused; the good ones are ordered"},
    };
    manual.least_arguments = 1;
    manual.most_arguments = 10'000;
    manual.without = {"dry-run", "json"};
    return manual;
}

std::string name_for(const CommandLine& line, const std::string& word) {
    const std::string name =
        line.value("name").value_or(std::filesystem::path(word).filename().string());
    if (word == "-" && !line.has("name")) {
        throw RunFailure(ExitCode::usage, "'-' wants a name in the spool: --name orders.csv");
    }
    if (name.find('/') != std::string::npos) {
        throw RunFailure(ExitCode::usage, "'--name' is a name, not a path: '" + name + "'");
    }
    return name;
}

// As whoever started us, who may read what the service may not.
std::vector<InputFile> open_files(Program& program, const Settings& settings) {
    const CommandLine& line = program.line();
    if (line.has("name") && line.arguments().size() > 1) {
        throw RunFailure(ExitCode::usage, "'--name' names one file");
    }
    std::vector<InputFile> files;
    for (const std::string& word : line.arguments()) {
        std::ignore = name_for(line, word);
        try {
            files.push_back(open_input(word, settings.spool.largest_file()));
        } catch (const RunFailure& failure) {
            program.complain(failure.code(), failure.what());
        }
    }
    return files;
}

void drop(Program& program) {
    const CommandLine& line = program.line();
    const Settings settings = program.settings();
    std::vector<InputFile> files = open_files(program, settings);
    become_user(settings.user);
    const SpoolLayout layout(settings.spool.directory);
    if (!line.has("check")) require_right_to_drop(layout);
    IntakeRequest request;
    request.file.limits = settings.spool.limits();
    request.most_rows = settings.limits.max_orders_per_run;
    for (InputFile& file : files) {
        drop_into_spool(program, layout,
                        {name_for(line, file.name), *file.stream, request, line.has("good-rows"),
                         line.has("check")});
    }
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), drop);
}
