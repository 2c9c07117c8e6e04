// A running registrar-sandbox of a test's own.
#pragma once

#include "support/scratch.h"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace domspool::test {

// A line of the sandbox's call log.
struct SandboxCall {
    std::int64_t number = 0;
    std::string function, target, parameters;
    std::string outcome;  // "Done 5000001", "Pending 5000002", "fault E12-M1204", "answered"
    std::string sending;  // "sent", or the misdeed: "lose_reply"
};

struct SandboxDomain {
    std::string name;
    bool in_account = false;
    std::string status, owner, admin, tech, billing;
    std::string nameservers;  // blank-separated
    bool locked = false, privacy = false, auto_renew = false, is_signed = false;
    std::string expires;
};

struct SandboxOperation {
    std::int64_t id = 0;
    std::string code, target, status, message;
};

// How a registrar-sandbox came to its end by itself.
struct SandboxEnd {
    int code = 0;
    std::string errors;  // what it said on stderr
};
// Runs it with these options until it ends; for options it must refuse. Throws std::runtime_error
// if it serves instead.
SandboxEnd sandbox_that_ends(const std::vector<std::string>& options);

// A port of the loopback that nobody else is given, also while the one who serves there is away:
// without it a connection of any program may take the number as its own end's.
class ReservedPort {
  public:
    ReservedPort();
    ~ReservedPort();
    ReservedPort(const ReservedPort&) = delete;
    ReservedPort& operator=(const ReservedPort&) = delete;
    std::uint16_t number() const { return number_; }

  private:
    int socket_ = -1;  // bound, never listening
    std::uint16_t number_ = 0;
};

// Starts the built program on a free port (reseller AB123, password "sandbox", operations end at
// the next question unless said otherwise) and waits until it serves. Its state lies in a scratch
// folder and survives kill() and restart(). The destructor ends it. Throws std::runtime_error.
class SandboxProcess {
  public:
    explicit SandboxProcess(std::vector<std::string> options = {"--delay", "0"});
    ~SandboxProcess();
    SandboxProcess(const SandboxProcess&) = delete;
    SandboxProcess& operator=(const SandboxProcess&) = delete;

    std::uint16_t port() const { return port_.number(); }
    std::string endpoint() const;  // "http://127.0.0.1:PORT/2.0/"
    std::string state_file() const { return scratch_ / "state.db"; }
    std::string port_file() const { return scratch_ / "port"; }
    bool is_running();
    static std::string reseller() { return "AB123"; }
    static std::string password() { return "sandbox"; }

    // Commands of the manual, one per line; throws if one is answered by an error. Returns the
    // answers: "ok\n", or "ok 5000007\n" of start-operation.
    std::string control(const std::string& commands);
    std::vector<SandboxCall> calls(std::int64_t after = 0);
    // How many calls of that function (letter case as declared) the log holds.
    std::size_t count_calls(const std::string& function);
    std::vector<SandboxDomain> domains();
    std::vector<SandboxOperation> operations();

    // SIGTERM and wait; the exit code.
    int stop();
    // SIGKILL and wait.
    void kill();
    // Starts again on the same state and the same port.
    void restart();
    // Its state, copied into a folder; and that state again instead of its own. Both start it anew.
    void keep_state(const std::filesystem::path& folder);
    void take_state(const std::filesystem::path& folder);

  private:
    void start();
    void wait_for_port();
    int wait_for_end();
    static void copy_state(const std::filesystem::path& from, const std::filesystem::path& to);
    std::vector<std::vector<std::string>> table(const std::string& path);

    Scratch scratch_;
    std::vector<std::string> options_;
    ReservedPort port_;
    pid_t pid_ = -1;
};

}  // namespace domspool::test
