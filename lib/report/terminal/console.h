// What a program says: it owns standard output and standard error, and with them the exit code.
#pragma once

#include "report/terminal/appearance.h"
#include "util/failure.h"

#include <mutex>
#include <string>
#include <string_view>

namespace domspool {

// As --json, --quiet and --verbose ask for it.
struct Manner {
    bool json = false, quiet = false, verbose = false;
};

// All functions may be called from any thread.
class Console {
  public:
    Console(std::string program, const Manner& manner);
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;
    virtual ~Console() = default;

    const std::string& name() const { return name_; }
    // How standard output is going to be read.
    const Look& look() const { return look_; }
    bool as_json() const { return manner_.json; }
    bool is_quiet() const { return manner_.quiet; }
    bool is_verbose() const { return manner_.verbose; }
    // Tables and sentences, neither JSON nor nothing.
    bool as_text() const { return !manner_.json && !manner_.quiet; }
    // At a terminal, or with --verbose: then what went well is told too. Cron hears of news only.
    bool is_for_a_person() const { return as_text() && (look_.is_terminal() || manner_.verbose); }

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
    // Nothing is said after it.
    void end();

  private:
    void write_out(std::string_view text);
    void flush();
    void take_bar_away();

    const std::string name_;
    const Manner manner_;
    const Look look_;
    mutable std::mutex mutex_;
    std::string buffer_;
    bool is_bar_shown_ = false, has_lost_output_ = false;
    int cause_ = 0;
    ExitCode code_ = ExitCode::all_well;
};

}  // namespace domspool
