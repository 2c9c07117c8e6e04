#include "mail/sendmail_mailer.h"

#include "util/descriptor.h"
#include "util/file.h"
#include "util/redact.h"
#include "util/utf8.h"
#include "util/visible_text.h"

#include <cerrno>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

constexpr std::size_t kLongestComplaint = 300;

// Programs of that name take lines ended by LF.
std::string with_plain_lines(const std::string& text) {
    std::string plain;
    plain.reserve(text.size());
    for (const char c : text) {
        if (c != '\r') plain += c;
    }
    return plain;
}

// A file in memory, so that neither side ever waits for the other.
Descriptor memory_file(const char* name, const std::string& bytes) {
    Descriptor file(::memfd_create(name, MFD_CLOEXEC));
    std::size_t at = 0;
    while (file && at < bytes.size()) {
        const ssize_t written = ::write(file.get(), bytes.data() + at, bytes.size() - at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return {};
        at += static_cast<std::size_t>(written);
    }
    if (file && ::lseek(file.get(), 0, SEEK_SET) < 0) return {};
    return file;
}

std::string beginning_of(const Descriptor& file) {
    std::string text(2000, '\0');
    const ssize_t size = ::pread(file.get(), text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return utf8::shortened(visible_text(redact::clean(text)), kLongestComplaint);
}

// What the program gets in place of ours. Undone when it goes.
class SpawnActions {
  public:
    SpawnActions(int input, int output) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
        // The ledger's files are not closed by exec.
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        ::posix_spawnattr_init(&attributes_);
        sigset_t pipe_signal;
        ::sigemptyset(&pipe_signal);
        ::sigaddset(&pipe_signal, SIGPIPE);  // Ignored here; ignoring would be inherited.
        ::posix_spawnattr_setsigdefault(&attributes_, &pipe_signal);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnActions() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;

    const posix_spawn_file_actions_t* actions() const { return &actions_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

  private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

std::vector<std::string> words_for(const std::string& path, const Mail& mail) {
    std::vector<std::string> words = {path, "-i", "-f", mail.from.address(), "--"};
    for (const MailAddress& to : mail.to) words.push_back(to.address());
    return words;
}

// The error number of a failed start, else the child.
std::pair<int, pid_t> start(std::vector<std::string> words, int input, int output) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    char* environment[] = {path.data(), nullptr};
    const SpawnActions actions(input, output);
    pid_t child = -1;
    const int error = ::posix_spawn(&child, words.front().c_str(), actions.actions(),
                                    actions.attributes(), arguments.data(), environment);
    return {error, child};
}

// Its wait status, or nothing if it had to be killed.
std::optional<int> wait_for(pid_t child, std::chrono::milliseconds longest) {
    // Not by its wrapper: the header of glibc 2.36 has it as a function of C++.
    const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    const auto until = std::chrono::steady_clock::now() + longest;
    bool has_ended = false;
    while (!has_ended && process) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) break;
        pollfd ended{process.get(), POLLIN, 0};
        has_ended = ::poll(&ended, 1, static_cast<int>(left.count())) > 0;
    }
    if (!has_ended) std::ignore = ::kill(child, SIGKILL);  // It is ours, and not waited for yet.
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return has_ended ? std::optional(status) : std::nullopt;
}

Delivery not_now(const std::string& cause) {
    return {Delivery::Verdict::not_now, cause, {}};
}

// What often is behind it, and does not stand in the program's own words.
std::string with_hint(const std::string& cause) {
    if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return cause;
    return cause +
           "; where no program may change its user or group, as in a systemd unit, many cannot "
           "reach their queue: use report.smtp";
}

}  // namespace

Delivery SendmailMailer::deliver(const Mail& mail) {
    const Descriptor input = memory_file("mail", with_plain_lines(mail.text));
    const Descriptor output = memory_file("sendmail", "");
    if (!input || !output) return not_now("no memory for the mail: " + file::cause_of(errno));
    const auto [error, child] = start(words_for(path_, mail), input.get(), output.get());
    if (error != 0) {
        return not_now("cannot start '" + path_ + "': " + file::cause_of(error) +
                       "; see report.sendmail");
    }
    const std::optional<int> status = wait_for(child, deadline_);
    const std::string words = beginning_of(output);
    const std::string said = words.empty() ? "" : ": " + words;
    if (!status) return not_now(with_hint("'" + path_ + "' took too long and was stopped" + said));
    if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) {
        return {Delivery::Verdict::accepted, "", {}};
    }
    const std::string end = WIFEXITED(*status)
                                ? "ended with " + std::to_string(WEXITSTATUS(*status))
                                : "was killed by signal " + std::to_string(WTERMSIG(*status));
    return not_now(with_hint("'" + path_ + "' " + end + said));
}

}  // namespace domspool
