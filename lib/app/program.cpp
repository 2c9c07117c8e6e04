#include "app/program.h"

#include "app/service_user.h"
#include "app/settings.h"
#include "app/shell_words.h"
#include "ledger/ledger_place.h"
#include "registrar/query_exit_code.h"
#include "store/connection.h"
#include "util/visible_text.h"

#include <Poco/AutoPtr.h>
#include <Poco/Util/Application.h>

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

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

void complain_of_rights(Program& program, ExitCode code, std::string message) {
    const std::string line =
        code == ExitCode::no_permission ? program.line_of_service_user() : std::string();
    if (!line.empty()) message += "\nThe user of the service may: " + line;
    program.complain(code, message);
}

void run_body(Program& program, const ProgramBody& body) {
    try {
        body(program);
    } catch (const RunFailure& failure) {
        complain_of_rights(program, failure.code(), failure.what());
    } catch (const store::StoreError& failure) {
        const bool is_damaged = failure.trouble() == store::Trouble::corrupt;
        complain_of_rights(
            program, code_of(failure.trouble()),
            std::string("cannot use the ledger: ") + failure.what() +
                (is_damaged
                     ? "; `domain-orders verify` reads all of it, `domain-orders restore-ledger` "
                       "puts a backup back"
                     : ""));
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

// Takes no words itself: of an abbreviation it would hand on only what that stands for.
class Frame : public Poco::Util::Application {
  public:
    Frame(const ProgramManual& manual, std::vector<std::string> words, const ProgramBody& body)
        : manual_(manual),
          program_(manual, words, {manual, {words.begin() + !words.empty(), words.end()}}),
          body_(body) {
        // Poco has its own way with these; they are to end a program as ever.
        for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGSYS}) ::signal(fault, SIG_DFL);
    }

  private:
    // Poco would tell on its own what is thrown out of here: nothing is.
    int main(const ArgVec&) override {
        if (program_.line().has("help")) {
            program_.print(help_text(manual_));
        } else if (program_.line().has("version")) {
            program_.print(program_.name() + " " DOMSPOOL_VERSION "\n");
        } else {
            run_body(program_, body_);
        }
        program_.end();
        return static_cast<int>(program_.exit_code());
    }

    const ProgramManual& manual_;
    Program program_;
    const ProgramBody& body_;
};

}  // namespace

Program::Program(const ProgramManual& manual, std::vector<std::string> words, CommandLine line)
    : Console(manual.name(), {line.has("json"), line.has("quiet"), line.has("verbose")}),
      words_(std::move(words)),
      line_(std::move(line)) {}

Settings Program::settings() const {
    return load_settings(line_.value("config").value_or(kDefaultSettingsFile));
}

std::string Program::command_with(const std::string& option, const std::string& value) const {
    return shell_line(with_option(words_, option, value));
}

std::string Program::line_of_service_user() const {
    return sudo_line(service_user_, words_);
}

void Program::become_service_user(const Settings& settings) {
    service_user_ = settings.user;
    become_user(settings.user);
    // Before anything else fails for the same reason, in words that do not help.
    if (line_of_service_user().empty() || is_in_postgresql(settings.ledger)) return;
    if (::access(settings.ledger.c_str(), R_OK | W_OK) == 0) return;
    if (errno != EACCES && errno != EPERM) return;  // What it is, the ledger says.
    throw RunFailure(ExitCode::no_permission, "cannot use the ledger '" + settings.ledger +
                                                  "': it belongs to the user of the service");
}

int run_program(int count, char** words, const ProgramManual& manual, const ProgramBody& body) {
    make_process_safe();
    Console console(manual.name(), {});  // Until the program has one.
    try {
        Poco::AutoPtr<Frame> frame(new Frame(manual, {words, words + count}, body));
        return frame->run();
    } catch (const RunFailure& failure) {
        console.complain(failure.code(), failure.what());
    } catch (const Poco::SystemException&) {
        console.complain(ExitCode::file_not_found,
                         "the folder in which it was started is gone; start it in another");
    }
    return static_cast<int>(console.exit_code());
}

}  // namespace domspool
