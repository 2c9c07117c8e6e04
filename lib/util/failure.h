// How a run ends badly, and the exit codes every program shares.
#pragma once

#include <stdexcept>
#include <string>

namespace domspool {

// The meanings are listed once, in util/exit_codes, for --help and README.
enum class ExitCode {
    all_well = 0,
    some_orders_wrong = 1,
    usage = 64,
    file_refused = 65,
    file_not_found = 66,
    service_refused = 69,
    our_bug = 70,
    cannot_create = 73,
    cannot_write = 74,
    try_later = 75,
    no_permission = 77,
    settings_or_ledger = 78,
};

// This run cannot go on. Caught once, in run_program, which prints the message and exits with
// the code. The message names act, subject in quotes, cause, next move.
class RunFailure : public std::runtime_error {
  public:
    RunFailure(ExitCode code, const std::string& message)
        : std::runtime_error(message), code_(code) {}
    ExitCode code() const { return code_; }

  private:
    ExitCode code_;
};

// An assertion that stays on in release builds: our own bug, never bad input.
[[noreturn]] void our_bug(const char* condition, const char* file, int line);

}  // namespace domspool

#define DOMSPOOL_ASSERT(condition) \
    ((condition) ? void() : ::domspool::our_bug(#condition, __FILE__, __LINE__))
