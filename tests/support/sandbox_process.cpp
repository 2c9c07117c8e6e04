#include "support/sandbox_process.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace domspool::test {

namespace {

// One exchange of the control channel, on a connection of its own.
std::string exchange(std::uint16_t port, const std::string& method, const std::string& path,
                     const std::string& body) {
    Poco::Net::HTTPClientSession session("127.0.0.1", port);
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::string answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK) {
        throw std::runtime_error("the sandbox answers " + path + " by " + answer);
    }
    return answer;
}

// In a process of its own; stderr goes to the file, if one is named.
pid_t start_program(std::vector<std::string> words, const std::string& errors_file) {
    words.insert(words.begin(), std::string(PROGRAM_DIR) + "/registrar-sandbox");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("cannot fork");
    if (pid > 0) return pid;
    // A test that dies takes its sandbox with it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::unsetenv("SANDBOX_PASSWORD");
    if (!errors_file.empty()) {
        const int errors = ::open(errors_file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
        if (errors < 0 || ::dup2(errors, STDERR_FILENO) < 0) ::_exit(127);
    }
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

int end_of(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string unescaped(const std::string& cell) {
    std::string text;
    for (std::size_t i = 0; i < cell.size(); ++i) {
        if (cell[i] != '\\' || i + 1 == cell.size()) {
            text += cell[i];
            continue;
        }
        const char c = cell[++i];
        text += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    }
    return text;
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::size_t begin = 0;
    for (;;) {
        const auto tab = line.find('\t', begin);
        cells.push_back(unescaped(line.substr(begin, tab - begin)));
        if (tab == std::string::npos) return cells;
        begin = tab + 1;
    }
}

}  // namespace

ReservedPort::ReservedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const int yes = 1;  // So that a server that says the same may bind to it as well.
    if (socket_ < 0 || ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::bind(socket_, generic, size) != 0 || ::getsockname(socket_, generic, &size) != 0) {
        throw std::runtime_error("no free port");
    }
    number_ = ntohs(address.sin_port);
}

ReservedPort::~ReservedPort() {
    ::close(socket_);
}

SandboxProcess::SandboxProcess(std::vector<std::string> options) : options_(std::move(options)) {
    start();
}

SandboxProcess::~SandboxProcess() {
    if (pid_ > 0) kill();
}

std::string SandboxProcess::endpoint() const {
    return "http://127.0.0.1:" + std::to_string(port()) + "/2.0/";
}

void SandboxProcess::start() {
    ::unlink((scratch_ / "port").c_str());
    std::vector<std::string> words = {
        "--quiet",         "--port",  std::to_string(port()), "--port-file",
        scratch_ / "port", "--state", scratch_ / "state.db"};
    words.insert(words.end(), options_.begin(), options_.end());
    pid_ = start_program(words, {});
    wait_for_port();
}

void SandboxProcess::wait_for_port() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
        // The file appears whole, when the port is open.
        if (std::filesystem::exists(port_file())) return;
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            throw std::runtime_error("registrar-sandbox ended at its start");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    kill();
    throw std::runtime_error("registrar-sandbox does not open its port");
}

int SandboxProcess::wait_for_end() {
    const int code = end_of(pid_);
    pid_ = -1;
    return code;
}

bool SandboxProcess::is_running() {
    if (pid_ < 0) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
    pid_ = -1;
    return false;
}

SandboxEnd sandbox_that_ends(const std::vector<std::string>& options) {
    const Scratch scratch;
    const pid_t pid = start_program(options, scratch / "errors");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    siginfo_t ended{};
    while (::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == 0) {
        if (std::chrono::steady_clock::now() > deadline) {
            ::kill(pid, SIGKILL);
            end_of(pid);
            throw std::runtime_error("registrar-sandbox does not end");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const int code = end_of(pid);
    return {code, read_text(scratch / "errors")};
}

int SandboxProcess::stop() {
    ::kill(pid_, SIGTERM);
    return wait_for_end();
}

void SandboxProcess::kill() {
    ::kill(pid_, SIGKILL);
    wait_for_end();
}

void SandboxProcess::restart() {
    if (pid_ > 0) stop();
    start();
}

// The database and its log; not the lock, which is a running sandbox's.
void SandboxProcess::copy_state(const std::filesystem::path& from,
                                const std::filesystem::path& to) {
    for (const char* ending : {"", "-wal", "-shm"}) {
        const std::string name = std::string("state.db") + ending;
        std::filesystem::remove(to / name);
        if (std::filesystem::exists(from / name)) {
            std::filesystem::copy_file(from / name, to / name);
        }
    }
}

void SandboxProcess::keep_state(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    if (pid_ > 0) stop();
    copy_state(scratch_.path(), folder);
    start();
}

void SandboxProcess::take_state(const std::filesystem::path& folder) {
    if (pid_ > 0) kill();
    copy_state(folder, scratch_.path());
    start();
}

std::string SandboxProcess::control(const std::string& commands) {
    return exchange(port(), "POST", "/sandbox/control", commands);
}

std::vector<std::vector<std::string>> SandboxProcess::table(const std::string& path) {
    std::istringstream lines(exchange(port(), "GET", path, ""));
    std::string line;
    std::getline(lines, line);  // The header.
    std::vector<std::vector<std::string>> rows;
    while (std::getline(lines, line)) rows.push_back(cells_of(line));
    return rows;
}

std::vector<SandboxCall> SandboxProcess::calls(std::int64_t after) {
    std::vector<SandboxCall> all;
    for (const auto& row : table("/sandbox/calls?after=" + std::to_string(after))) {
        all.push_back(
            {std::stoll(row.at(0)), row.at(2), row.at(3), row.at(4), row.at(5), row.at(6)});
    }
    return all;
}

std::size_t SandboxProcess::count_calls(const std::string& function) {
    std::size_t count = 0;
    for (const SandboxCall& call : calls()) count += call.function == function ? 1 : 0;
    return count;
}

std::vector<SandboxDomain> SandboxProcess::domains() {
    std::vector<SandboxDomain> all;
    for (const auto& row : table("/sandbox/domains")) {
        all.push_back({row.at(0), row.at(1) == "own", row.at(2), row.at(3), row.at(4), row.at(5),
                       row.at(6), row.at(7), row.at(8) == "1", row.at(9) == "1", row.at(10) == "1",
                       row.at(11) == "1", row.at(12)});
    }
    return all;
}

std::vector<SandboxOperation> SandboxProcess::operations() {
    std::vector<SandboxOperation> all;
    for (const auto& row : table("/sandbox/operations")) {
        all.push_back({std::stoll(row.at(0)), row.at(1), row.at(2), row.at(3), row.at(4)});
    }
    return all;
}

}  // namespace domspool::test
