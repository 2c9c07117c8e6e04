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

#include "app/input_file.h"
#include "app/program.h"
#include "app/service_user.h"
#include "app/settings.h"
#include "jobs/order_intake.h"
#include "orders/source_bytes.h"
#include "report/terminal/problem_list.h"
#include "spool/incoming.h"
#include "spool/spool_layout.h"
#include "util/file.h"
#include "util/visible_text.h"

#include <array>
#include <filesystem>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace domspool;

// Readable by the service, which has the group of incoming, and by those who drop as well.
constexpr mode_t kMode = 0640;

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

struct Drop {
    InputFile input;
    std::string name;  // in the spool
};

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
std::vector<Drop> open_files(Program& program, const Settings& settings) {
    const CommandLine& line = program.line();
    if (line.has("name") && line.arguments().size() > 1) {
        throw RunFailure(ExitCode::usage, "'--name' names one file");
    }
    const std::size_t limit = settings.spool.largest_file();
    std::vector<Drop> drops;
    for (const std::string& word : line.arguments()) {
        const std::string name = name_for(line, word);
        try {
            drops.push_back({open_input(word, limit), name});
        } catch (const RunFailure& failure) {
            program.complain(failure.code(), failure.what());
        }
    }
    return drops;
}

std::string group_of(const std::string& folder) {
    struct stat about {};
    if (::stat(folder.c_str(), &about) != 0) return "of it";
    const group* entry = ::getgrgid(about.st_gid);
    return entry != nullptr ? entry->gr_name : std::to_string(about.st_gid);
}

void require_right_to_drop(const std::string& incoming) {
    if (::access(incoming.c_str(), W_OK | X_OK) == 0) return;
    const int error = errno;
    if (error == ENOENT) {
        throw RunFailure(
            ExitCode::settings_or_ledger,
            "the spool folder '" + incoming + "' is not there; run: domain-orders init");
    }
    throw RunFailure(ExitCode::no_permission,
                     "cannot drop into '" + incoming + "': " + file::cause_of(error) +
                         "; members of its group may: sudo adduser USER " + group_of(incoming));
}

std::string text_of(const Program& program, const IntakeReport& report) {
    ProblemList list;
    for (const Problem& problem : report.problems) list.add(problem);
    list.add_more(report.more_problems);
    std::string text = list.text(program.look());
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

// Whether the next spool-run would order it.
bool is_good(Program& program, const Settings& settings, Drop& drop, int& rows) {
    const std::string name = "'" + visible_text(drop.name) + "'";
    if (const std::string fault = name_fault(drop.name); !fault.empty()) {
        program.complain(ExitCode::file_refused, name + " would be left alone: it " + fault);
        return false;
    }
    FileLimits limits;
    limits.bytes = settings.spool.largest_file();
    limits.require_count = settings.spool.require_count;
    const IntakeReport report = inspect_order_file(
        *drop.input.stream,
        {{visible_text(drop.name), *format_of_name(drop.name), std::nullopt, limits}});
    rows = report.rows;
    if (report.what == IntakeReport::What::refused) {
        program.complain(ExitCode::file_refused, name + " would be refused and was not placed:\n" +
                                                     text_of(program, report));
        return false;
    }
    const bool are_bad_rows_in_order = program.line().has("good-rows");
    if (report.bad_rows > 0 && !are_bad_rows_in_order) {
        program.complain(ExitCode::some_orders_wrong,
                         std::to_string(report.bad_rows) + " of " + std::to_string(rows) +
                             " rows of " + name +
                             " would be refused; it was not placed (--good-rows places it):\n" +
                             text_of(program, report));
        return false;
    }
    const int most = settings.limits.max_orders_per_run;
    if (most > 0 && rows > most) {
        program.complain(ExitCode::service_refused,
                         name + " has " + std::to_string(rows) +
                             " orders, limits.max_orders_per_run is " + std::to_string(most) +
                             "; it was not placed. Part it, or raise the limit");
        return false;
    }
    return true;
}

// Whole under its name or not at all, and never over another one. What grew since it was checked is
// not placed.
bool place(const std::string& path, std::istream& in, std::size_t largest) {
    in.clear();
    in.seekg(0);
    return file::place_in_pieces(
        path, file::IfThere::leave,
        [&](const file::Append& append) {
            std::array<char, 64 * 1024> buffer{};
            std::size_t total = 0;
            while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
                total += static_cast<std::size_t>(in.gcount());
                if (total > largest) {
                    throw RunFailure(ExitCode::file_refused, "cannot drop '" + visible_text(path) +
                                                                 "': it " + larger_than(largest) +
                                                                 " (spool.max_file_mb)");
                }
                append({buffer.data(), static_cast<std::size_t>(in.gcount())});
            }
        },
        kMode);
}

void drop_one(Program& program, const Settings& settings, const SpoolLayout& layout, Drop& drop) {
    int rows = 0;
    if (!is_good(program, settings, drop, rows)) return;
    const std::string orders = std::to_string(rows) + (rows == 1 ? " order" : " orders");
    const bool is_told = !program.line().has("quiet");
    const std::string shown = visible_text(drop.name);
    if (program.line().has("check")) {
        if (is_told) program.print(shown + ": " + orders + "; nothing was placed\n");
        return;
    }
    const std::string path = layout.incoming() + "/" + drop.name;
    if (!place(path, *drop.input.stream, settings.spool.largest_file())) {
        return program.complain(ExitCode::cannot_create,
                                "'" + visible_text(path) +
                                    "' is there already and was left as it is; another name: "
                                    "--name NAME");
    }
    if (is_told) program.print(visible_text(path) + ": " + orders + " for the next spool-run\n");
}

void drop(Program& program) {
    const CommandLine& line = program.line();
    const Settings settings = load_settings(line.value("config").value_or(kDefaultSettingsFile));
    std::vector<Drop> drops = open_files(program, settings);
    become_user(settings.user);
    const SpoolLayout layout(settings.spool.directory);
    if (!line.has("check")) require_right_to_drop(layout.incoming());
    for (Drop& each : drops) drop_one(program, settings, layout, each);
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), drop);
}
