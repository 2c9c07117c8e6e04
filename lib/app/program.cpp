#include "app/program.h"

#include "app/exit_codes.h"
#include "app/service_user.h"
#include "app/settings.h"
#include "app/shell_words.h"
#include "ledger/ledger_place.h"
#include "registrar/query_exit_code.h"
#include "report/terminal/progress_bar.h"
#include "store/connection.h"
#include "util/file.h"
#include "util/redact.h"
#include "util/visible_text.h"

#include <cerrno>
#include <fcntl.h>
#include <mutex>
#include <new>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

constexpr const char* kUsualUser = "domspool";
constexpr std::size_t kBuffer = 64 * 1024;

// A standard descriptor that was closed is taken by something that only fails: else the next file
// opened, the ledger perhaps, would be written to as standard output.
void occupy_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) >= 0) continue;
        std::ignore = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

void make_process_safe() {
    occupy_standard_descriptors();
    ::umask(0077);
    const rlimit none{0, 0};
    std::ignore = ::setrlimit(RLIMIT_CORE, &none);
    std::ignore = ::prctl(PR_SET_DUMPABLE, 0);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);
}

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// Line breaks are ours and stay; all else that a terminal would obey goes.
std::string harmless(const std::string& text) {
    std::string lines;
    std::size_t begin = 0;
    const std::string clean = redact::clean(text);
    while (begin <= clean.size()) {
        const std::size_t end = std::min(clean.find('\n', begin), clean.size());
        if (begin > 0) lines += '\n';
        lines += visible_text(std::string_view(clean).substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

ExitCode code_of(store::Trouble trouble) {
    switch (trouble) {
        case store::Trouble::busy:
        case store::Trouble::lost:
            return ExitCode::try_later;
        case store::Trouble::full_or_io:
            return ExitCode::cannot_write;
        case store::Trouble::not_writable:
            return ExitCode::no_permission;
        case store::Trouble::corrupt:
        case store::Trouble::missing:
            return ExitCode::settings_or_ledger;
        case store::Trouble::unique_broken:
        case store::Trouble::constraint_broken:
        case store::Trouble::other:
            return ExitCode::our_bug;
    }
    our_bug("a trouble without an exit code", __FILE__, __LINE__);
}

std::string with_sudo_line(const std::string& message, const std::string& line) {
    return line.empty() ? message : message + "\nThe user of the service may: " + line;
}

void run_body(Program& program, const ProgramBody& body, const std::function<std::string()>& sudo) {
    try {
        body(program);
    } catch (const RunFailure& failure) {
        const bool is_right = failure.code() == ExitCode::no_permission;
        program.complain(failure.code(),
                         is_right ? with_sudo_line(failure.what(), sudo()) : failure.what());
    } catch (const store::StoreError& failure) {
        const ExitCode code = code_of(failure.trouble());
        const bool is_damaged = failure.trouble() == store::Trouble::corrupt;
        const std::string message =
            std::string("cannot use the ledger: ") + failure.what() +
            (is_damaged ? "; `domain-orders verify` reads all of it, `domain-orders restore` puts "
                          "a backup back"
                        : "");
        const bool is_right = code == ExitCode::no_permission;
        program.complain(code, is_right ? with_sudo_line(message, sudo()) : message);
    } catch (const QueryFailure& failure) {
        program.complain(exit_code_of(failure.why()),
                         "the registrar did not answer: " + visible_text(failure.what()));
    } catch (const std::bad_alloc&) {
        program.complain(ExitCode::try_later, "there is not enough memory");
    } catch (const std::exception& failure) {
        program.complain(ExitCode::our_bug,
                         std::string("internal error, please report it: ") + failure.what());
    }
}

int complain_of_usage(const ProgramManual& manual, const RunFailure& failure) {
    std::ignore = write_all(STDERR_FILENO, manual.name() + ": " + harmless(failure.what()) + "\n");
    return static_cast<int>(failure.code());
}

}  // namespace

struct Program::Inside {
    Inside(const ProgramManual& manual, std::vector<std::string> all_words)
        : name(manual.name()),
          words(std::move(all_words)),
          line(manual, {words.begin() + (words.empty() ? 0 : 1), words.end()}) {}

    std::string name;
    std::vector<std::string> words;
    CommandLine line;
    Look look = look_of(STDOUT_FILENO);
    std::string service_user = kUsualUser;

    mutable std::mutex mutex;
    std::string buffer;
    bool is_bar_shown = false;
    bool has_lost_output = false;
    int cause = 0;
    ExitCode code = ExitCode::all_well;

    void write_out(std::string_view text) {
        if (has_lost_output || write_all(STDOUT_FILENO, text)) return;
        has_lost_output = true;
        cause = errno;
    }

    void flush() {
        write_out(buffer);
        buffer.clear();
    }

    void take_bar_away() {
        if (is_bar_shown) write_out(kToLineBegin);
        is_bar_shown = false;
    }
};

Program::Program(const ProgramManual& manual, std::vector<std::string> words)
    : inside_(std::make_unique<Inside>(manual, std::move(words))) {}
Program::~Program() = default;

const std::string& Program::name() const {
    return inside_->name;
}

const CommandLine& Program::line() const {
    return inside_->line;
}

std::string Program::command_with(const std::string& option, const std::string& value) const {
    return shell_line(with_option(inside_->words, option, value));
}

const Look& Program::look() const {
    return inside_->look;
}

void Program::print(std::string_view text) {
    const std::lock_guard lock(inside_->mutex);
    inside_->take_bar_away();
    inside_->buffer += text;
    if (inside_->look.is_terminal() || inside_->buffer.size() >= kBuffer) inside_->flush();
}

void Program::show_progress(const std::string& bar) {
    const std::lock_guard lock(inside_->mutex);
    if (!inside_->look.is_terminal()) return;
    if (bar.empty()) return inside_->take_bar_away();
    inside_->write_out(kToLineBegin + bar);
    inside_->is_bar_shown = true;
}

void Program::complain(ExitCode code, const std::string& text) {
    DOMSPOOL_ASSERT(code != ExitCode::all_well);
    const std::lock_guard lock(inside_->mutex);
    inside_->take_bar_away();
    inside_->flush();  // So that both stand in the order in which they were said.
    inside_->code = gravest_of({inside_->code, code});
    // Nobody is left to be told when this fails; the exit code stands.
    std::ignore = write_all(STDERR_FILENO, inside_->name + ": " + harmless(text) + "\n");
}

ExitCode Program::exit_code() const {
    const std::lock_guard lock(inside_->mutex);
    return inside_->code;
}

void Program::become_service_user(const Settings& settings) {
    inside_->service_user = settings.user;
    become_user(settings.user);
    // Before anything else fails for the same reason, in words that do not help.
    const bool is_somebody_else = !sudo_line(settings.user, inside_->words).empty();
    if (!is_somebody_else || is_in_postgresql(settings.ledger)) return;
    if (::access(settings.ledger.c_str(), R_OK | W_OK) == 0) return;
    if (errno != EACCES && errno != EPERM) return;  // What it is, the ledger says.
    throw RunFailure(ExitCode::no_permission, "cannot use the ledger '" + settings.ledger +
                                                  "': it belongs to the user of the service");
}

void Program::end() {
    {
        const std::lock_guard lock(inside_->mutex);
        inside_->take_bar_away();
        inside_->flush();
        if (!inside_->has_lost_output) return;
    }
    complain(ExitCode::cannot_write,
             "cannot write standard output: " + file::cause_of(inside_->cause));
}

int run_program(int count, char** words, const ProgramManual& manual, const ProgramBody& body) {
    make_process_safe();
    std::unique_ptr<Program> program;
    try {
        program = std::make_unique<Program>(manual, std::vector<std::string>(words, words + count));
    } catch (const RunFailure& failure) {
        return complain_of_usage(manual, failure);
    }
    if (program->line().has("help")) {
        program->print(help_text(manual));
    } else if (program->line().has("version")) {
        program->print(program->name() + " " DOMSPOOL_VERSION "\n");
    } else {
        run_body(*program, body, [&] {
            return sudo_line(program->inside_->service_user, program->inside_->words);
        });
    }
    program->end();
    return static_cast<int>(program->exit_code());
}

}  // namespace domspool
