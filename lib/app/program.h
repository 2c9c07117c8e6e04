// The frame of every program: from argc and argv to the exit code.
#pragma once

#include "app/command_line.h"
#include "report/terminal/console.h"

#include <functional>
#include <string>
#include <vector>

namespace domspool {

struct Settings;

// What a program's body works with.
class Program : public Console {
  public:
    // `words`: the program's own name first.
    Program(const ProgramManual& manual, std::vector<std::string> words, CommandLine line);

    const CommandLine& line() const { return line_; }
    // Those of --config, else of the usual place. RunFailure as load_settings().
    Settings settings() const;
    // This very command line with an option set to a value, ready for a shell.
    std::string command_with(const std::string& option, const std::string& value) const;

    // Started as root: becomes the user of the settings, for good. To be called when the files
    // named on the command line are open. Started by somebody else: goes on as such, if the ledger
    // may be used; a lack of rights is told with the `sudo -u` line that works. RunFailure
    // no_permission, settings_or_ledger.
    void become_service_user(const Settings& settings);
    // That line; "" for who is the user already.
    std::string line_of_service_user() const;

  private:
    const std::vector<std::string> words_;
    const CommandLine line_;
    std::string service_user_ = "domspool";
};

using ProgramBody = std::function<void(Program&)>;

// Makes the process safe (umask 0077, no core dumps, no death by a closed pipe or a file size
// limit, no way for a file to become standard output), prints --help and --version, else runs the
// body, and turns what it throws into a complaint: RunFailure by its code, the ledger's and the
// registrar's failures by their kind, all else as our bug. Returns the exit code.
int run_program(int count, char** words, const ProgramManual& manual, const ProgramBody& body);

}  // namespace domspool
