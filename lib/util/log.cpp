#include "util/log.h"

#include "util/failure.h"
#include "util/file.h"
#include "util/redact.h"
#include "util/visible_text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace domspool {

namespace {

constexpr std::array<std::pair<Severity, std::string_view>, 5> kWords{
    {{Severity::info, "info"},
     {Severity::warning, "warning"},
     {Severity::error, "error"},
     {Severity::fatal, "fatal"},
     {Severity::panic, "panic"}}};

constexpr std::size_t kLongestValue = 4000;

// A character is not cut in two.
std::string_view shortened(std::string_view text) {
    if (text.size() <= kLongestValue) return text;
    std::size_t end = kLongestValue;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
}

std::string quoted_if_needed(const std::string& value) {
    const std::string clean = redact::clean(value);
    const std::string_view kept = shortened(clean);
    std::string shown;
    bool needs_quotes = kept.empty();
    for (const char c : kept) {
        if (c == '"' || c == '\\') shown += '\\';
        shown += c;
        const auto byte = static_cast<unsigned char>(c);
        needs_quotes |= c == '"' || c == '\\' || c == '=' || byte <= ' ' || byte >= 0x7F;
    }
    shown = visible_text(shown);
    if (kept.size() < clean.size()) shown += "...";
    return needs_quotes ? '"' + shown + '"' : shown;
}

// One write, so that lines of several programs do not mix.
bool append_line(int descriptor, const std::string& line) {
    ssize_t written = 0;
    do {
        written = ::write(descriptor, line.data(), line.size());
    } while (written < 0 && errno == EINTR);
    return written == static_cast<ssize_t>(line.size());
}

Descriptor open_to_append(const std::string& path) {
    // Not blocking: a pipe that nobody reads would hold the program up.
    constexpr int kFlags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    constexpr int kTries = 3;  // Rotation may take the file away between the two opens.
    for (int i = 0; i < kTries; ++i) {
        Descriptor present(::open(path.c_str(), kFlags));
        if (present || errno != ENOENT) return present;
        Descriptor fresh(::open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0640));
        if (fresh) {
            std::ignore = ::fchmod(fresh.get(), 0640);  // The umask took the group's right away.
            return fresh;
        }
        if (errno != EEXIST) return fresh;
    }
    return {};
}

int syslog_priority(Severity severity) {
    switch (severity) {
        case Severity::info:
            return LOG_INFO;
        case Severity::warning:
            return LOG_WARNING;
        case Severity::error:
            return LOG_ERR;
        case Severity::fatal:
            return LOG_CRIT;
        case Severity::panic:
            return LOG_ALERT;
    }
    return LOG_ERR;
}

}  // namespace

std::string_view to_word(Severity severity) {
    return kWords[static_cast<std::size_t>(severity)].second;
}

std::optional<Severity> severity_of(std::string_view word) {
    for (const auto& [severity, known] : kWords) {
        if (known == word) return severity;
    }
    return std::nullopt;
}

std::string log_line(UtcTime at, std::string_view program, Severity severity,
                     std::string_view event, const LogFields& fields) {
    std::string line = to_iso(at);
    line.append(" ")
        .append(program)
        .append(" ")
        .append(to_word(severity))
        .append(" ")
        .append(event);
    for (const LogField& field : fields) {
        line.append(" ").append(field.key).append("=");
        line.append(field.is_number ? field.value : quoted_if_needed(field.value));
    }
    return line;
}

FileLog::FileLog(std::string path, std::string program, Severity least, const Clock& clock)
    : path_(std::move(path)),
      program_(std::move(program)),
      least_(least),
      clock_(clock),
      descriptor_(open_to_append(path_)) {
    if (!descriptor_) {
        throw RunFailure(ExitCode::cannot_create,
                         "cannot open the log '" + path_ + "': " + file::cause_of(errno) +
                             "; check its folder and owner, or set log: file: in the settings");
    }
}

bool FileLog::is_still_there() const {
    struct stat ours {};
    struct stat named {};
    return descriptor_ && ::fstat(descriptor_.get(), &ours) == 0 &&
           ::stat(path_.c_str(), &named) == 0 && ours.st_ino == named.st_ino &&
           ours.st_dev == named.st_dev;
}

void FileLog::write(Severity severity, std::string_view event, const LogFields& fields) {
    if (severity < least_) return;
    try {
        const std::string line =
            log_line(clock_.now().utc, program_, severity, event, fields) + '\n';
        const std::lock_guard lock(mutex_);
        if (!is_still_there()) descriptor_ = open_to_append(path_);
        if (!descriptor_ || !append_line(descriptor_.get(), line)) lost_lines_ = true;
    } catch (const std::exception&) {
        lost_lines_ = true;  // Out of memory.
    }
}

JournalLog::JournalLog(std::string program, Severity least, const Clock& clock)
    : program_(std::move(program)), least_(least), clock_(clock) {
    ::openlog(program_.c_str(), LOG_PID, LOG_DAEMON);
}

void JournalLog::write(Severity severity, std::string_view event, const LogFields& fields) {
    if (severity < least_) return;
    const std::string line = log_line(clock_.now().utc, program_, severity, event, fields);
    ::syslog(syslog_priority(severity), "%s", line.c_str());
}

StderrLog::StderrLog(std::string program, Severity least, const Clock& clock)
    : program_(std::move(program)), least_(least), clock_(clock) {}

void StderrLog::write(Severity severity, std::string_view event, const LogFields& fields) {
    if (severity < least_) return;
    // Where standard error is gone nothing can be said.
    std::ignore = append_line(STDERR_FILENO,
                              log_line(clock_.now().utc, program_, severity, event, fields) + '\n');
}

std::unique_ptr<Log> open_log(const std::string& target, const std::string& program, Severity least,
                              const Clock& clock) {
    if (target == "none") return std::make_unique<NoLog>();
    if (target == "journal") return std::make_unique<JournalLog>(program, least, clock);
    if (target == "stderr") return std::make_unique<StderrLog>(program, least, clock);
    return std::make_unique<FileLog>(target, program, least, clock);
}

}  // namespace domspool
