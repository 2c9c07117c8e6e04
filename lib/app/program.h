// The frame of every program: from argc and argv to the exit code.
#pragma once

#include "app/command_line.h"
#include "report/terminal/appearance.h"
#include "util/failure.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace domspool {

struct Settings;

// What a program's body works with. It owns standard output and standard error; all its functions
// may be called from any thread.
class Program {
  public:
    Program(const ProgramManual& manual, std::vector<std::string> words);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    const std::string& name() const;
    const CommandLine& line() const;
    // This very command line with an option set to a value, ready for a shell.
    std::string command_with(const std::string& option, const std::string& value) const;
    // How standard output is going to be read.
    const Look& look() const;

    // To standard output, as it is. Whether it arrived shows at the end: exit code 74.
    void print(std::string_view text);
    // The line below all that is printed, replaced by the next one, taken away by "". Terminals
    // only; elsewhere nothing.
    void show_progress(const std::string& bar);

    // Lines for standard error, made harmless and free of secrets. The program exits with this code
    // or a graver one; it must not be all_well. So nothing is said there by a program that exits
    // with 0, and a program that does not has said why.
    void complain(ExitCode code, const std::string& text);
    ExitCode exit_code() const;

    // Started as root: becomes the user of the settings, for good. To be called when the files
    // named on the command line are open. Started by somebody else: goes on as such, if the ledger
    // may be used; a lack of rights is told with the `sudo -u` line that works. RunFailure
    // no_permission, settings_or_ledger.
    void become_service_user(const Settings& settings);

  private:
    friend int run_program(int, char**, const ProgramManual&, const std::function<void(Program&)>&);
    void end();
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

using ProgramBody = std::function<void(Program&)>;

// Makes the process safe (umask 0077, no core dumps, no death by a closed pipe or a file size
// limit, no way for a file to become standard output), prints --help and --version, else runs the
// body, and turns what it throws into a complaint: RunFailure by its code, the ledger's and the
// registrar's failures by their kind, all else as our bug. Returns the exit code.
int run_program(int count, char** words, const ProgramManual& manual, const ProgramBody& body);

}  // namespace domspool
