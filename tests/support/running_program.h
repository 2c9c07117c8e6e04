// Runs a built program as a real process, and tells how it ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace domspool::test {

struct ProgramCall {
    std::string program;  // "domain-register": from this build; with a slash: that file
    std::vector<std::string> arguments = {};
    // Beside PATH, HOME, TMPDIR and LC_ALL=C.UTF-8, which are all it gets otherwise.
    std::map<std::string, std::string> environment = {};
    std::string input = {};   // standard input, at most 60 KB; then its end
    std::string folder = {};  // to work in; "": where the test works
    // On a terminal of 100 columns, which is its input too if none is given; all comes back as
    // `out`.
    bool on_terminal = false;
    std::string typed = {};             // by the person at that terminal, before it is asked for
    std::uint64_t file_size_limit = 0;  // bytes a file of it may grow to; 0: no limit
    uid_t user = 0;                     // started as this user, if not 0
    std::chrono::seconds time_limit{60};
};

struct ProgramEnd {
    int code = -1;   // -1: ended by a signal
    int signal = 0;  // SIGKILL ...
    std::string out, err;
    std::chrono::microseconds cpu{0};  // user and system
    long peak_kilobytes = 0;           // resident
};

// A program that runs; killed and waited for by the destructor. To be started by the thread that
// ends last: the kernel kills the program together with it. Throws std::runtime_error.
class RunningProgram {
  public:
    explicit RunningProgram(const ProgramCall& call);
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    pid_t pid() const { return pid_; }
    void send(int signal) const;
    // What it has written so far; for programs that are not on a terminal.
    std::string out_so_far() const;
    // Until it ends. Throws, with what it wrote, when the time limit passes.
    ProgramEnd wait();

  private:
    void start(const ProgramCall& call);
    void wait_until_ended();
    void read_terminal();

    std::string name_;
    std::chrono::steady_clock::time_point deadline_;
    pid_t pid_ = -1;
    int out_ = -1, err_ = -1;  // memory files; out_ is the terminal's end where there is one
    bool on_terminal_ = false;
    std::string from_terminal_;
};

ProgramEnd run_program(const ProgramCall& call);

// A program that fails says why on standard error, and one that does not is silent there.
bool speaks_as_it_ends(const ProgramEnd& end);

}  // namespace domspool::test
