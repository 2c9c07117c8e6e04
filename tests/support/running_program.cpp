#include "support/running_program.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>
#include <utmp.h>

namespace domspool::test {

namespace {

using std::chrono::milliseconds;

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error("cannot run a program: " + what);
}

// What a memory file or an ended pipe holds from its beginning.
std::string all_of(int descriptor) {
    std::string text;
    std::array<char, 65536> part{};
    for (;;) {
        const ssize_t count =
            ::pread(descriptor, part.data(), part.size(), static_cast<off_t>(text.size()));
        if (count <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(count));
    }
}

int memory_file(const char* name) {
    const int descriptor = ::memfd_create(name, MFD_CLOEXEC);
    if (descriptor < 0) give_up("no memory file");
    return descriptor;
}

// A pipe holds 64 KB, so nobody has to feed it while the program runs.
int filled_pipe(const std::string& input) {
    std::array<int, 2> ends{};
    if (input.size() > 60'000) give_up("too much input");
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        give_up("no pipe, error " + std::to_string(errno));
    }
    const ssize_t count = ::write(ends[1], input.data(), input.size());
    ::close(ends[1]);
    if (count != static_cast<ssize_t>(input.size())) give_up("the pipe is too small");
    return ends[0];
}

std::map<std::string, std::string> environment_of(const ProgramCall& call) {
    std::map<std::string, std::string> all = {{"LC_ALL", "C.UTF-8"}};
    for (const char* name : {"PATH", "HOME", "TMPDIR"}) {
        if (const char* value = std::getenv(name)) all[name] = value;
    }
    if (call.on_terminal) all["TERM"] = "xterm";
    for (const auto& [name, value] : call.environment) all[name] = value;
    return all;
}

// The words as execve() wants them; they live as long as `words`.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

// Between fork and execve; whatever fails ends the child.
void become_child(const ProgramCall& call, pid_t parent, int input, int out, int err) {
    // A test that dies takes its programs with it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    if (call.on_terminal && ::login_tty(out) != 0) ::_exit(127);
    if (!call.on_terminal) {
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
    }
    if (!call.on_terminal || !call.input.empty()) ::dup2(input, STDIN_FILENO);
    if (call.file_size_limit > 0) {
        const rlimit limit{call.file_size_limit, call.file_size_limit};
        ::signal(SIGXFSZ, SIG_IGN);  // As on a full disk: the write fails, nobody is killed.
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(127);
    }
    if (!call.folder.empty() && ::chdir(call.folder.c_str()) != 0) ::_exit(127);
    if (call.user == 0) return;
    const gid_t group = static_cast<gid_t>(call.user);
    if (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(call.user) != 0) {
        ::_exit(127);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // Changing the user took it away.
}

}  // namespace

RunningProgram::RunningProgram(const ProgramCall& call)
    : name_(call.program),
      deadline_(std::chrono::steady_clock::now() + call.time_limit),
      on_terminal_(call.on_terminal) {
    start(call);
}

RunningProgram::~RunningProgram() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    if (out_ >= 0) ::close(out_);
    if (err_ >= 0) ::close(err_);
}

void RunningProgram::start(const ProgramCall& call) {
    const bool is_path = call.program.find('/') != std::string::npos;
    std::vector<std::string> words = {is_path ? call.program
                                              : std::string(PROGRAM_DIR) + "/" + call.program};
    words.insert(words.end(), call.arguments.begin(), call.arguments.end());
    std::vector<std::string> settings;
    for (const auto& [name, value] : environment_of(call)) settings.push_back(name + "=" + value);
    const std::vector<char*> arguments = pointers_to(words), environment = pointers_to(settings);

    int terminal = -1;
    if (on_terminal_) {
        const winsize size{40, 100, 0, 0};
        if (::openpty(&out_, &terminal, nullptr, nullptr, &size) != 0) give_up("no terminal");
        ::fcntl(out_, F_SETFD, FD_CLOEXEC);
        std::ignore = ::write(out_, call.typed.data(), call.typed.size());  // Its echo tells.
    } else {
        out_ = memory_file("out");
        err_ = memory_file("err");
    }
    const int input = filled_pipe(call.input);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        become_child(call, parent, input, on_terminal_ ? terminal : out_, err_);
        ::execve(arguments[0], arguments.data(), environment.data());
        ::_exit(127);
    }
    ::close(input);
    if (terminal >= 0) ::close(terminal);
    if (pid_ < 0) give_up("fork fails");
}

void RunningProgram::send(int signal) const {
    ::kill(pid_, signal);
}

std::string RunningProgram::out_so_far() const {
    return all_of(out_);
}

void RunningProgram::read_terminal() {
    std::array<char, 4096> part{};
    const ssize_t count = ::read(out_, part.data(), part.size());
    if (count > 0) from_terminal_.append(part.data(), static_cast<std::size_t>(count));
}

void RunningProgram::wait_until_ended() {
    // The C library of Debian 12 declares pidfd_open() as if it were C++.
    const int ended = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (ended < 0) give_up("no descriptor of " + name_);
    std::array<pollfd, 2> events{{{ended, POLLIN, 0}, {on_terminal_ ? out_ : -1, POLLIN, 0}}};
    for (;;) {
        const auto left =
            std::chrono::duration_cast<milliseconds>(deadline_ - std::chrono::steady_clock::now());
        const int count = left.count() > 0
                              ? ::poll(events.data(), events.size(), static_cast<int>(left.count()))
                              : 0;
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        // First what it wrote: a terminal holds little, and keeps it after the program's end.
        if ((events[1].revents & POLLIN) != 0) {
            read_terminal();
        } else if (events[0].revents != 0) {
            ::close(ended);
            return;
        } else {
            events[1].fd = -1;  // The terminal was hung up; the end is near.
        }
    }
    ::close(ended);
    throw std::runtime_error(name_ + " does not end; it wrote: " +
                             (on_terminal_ ? from_terminal_ : all_of(out_) + all_of(err_)));
}

ProgramEnd RunningProgram::wait() {
    wait_until_ended();
    int status = 0;
    rusage usage{};
    while (::wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    ProgramEnd end;
    if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    end.out = on_terminal_ ? from_terminal_ : all_of(out_);
    if (!on_terminal_) end.err = all_of(err_);
    end.cpu = std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
              std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    end.peak_kilobytes = usage.ru_maxrss;
    return end;
}

ProgramEnd run_program(const ProgramCall& call) {
    RunningProgram program(call);
    return program.wait();
}

bool speaks_as_it_ends(const ProgramEnd& end) {
    return end.signal == 0 && (end.code != 0) == !end.err.empty();
}

}  // namespace domspool::test
