// The log: one event, one line: time, program, severity, event, then key=value.
#pragma once

#include "util/clock.h"
#include "util/descriptor.h"

#include <atomic>
#include <concepts>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// What the operator does: info nothing, warning look some day, error look today, fatal the run
// stopped, panic our bug.
enum class Severity { info, warning, error, fatal, panic };
std::string_view to_word(Severity severity);
std::optional<Severity> severity_of(std::string_view word);

struct LogField {
    LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
    template <std::integral Number>
    LogField(std::string_view name, Number number)
        : key(name), value(std::to_string(number)), is_number(true) {}
    std::string key;
    std::string value;
    bool is_number = false;  // of ours: no secret, even if one has the same digits
};
using LogFields = std::vector<LogField>;

// `2026-11-24T17:15:23.123Z spool-run info order_moved order=12 message="all well"`, without a line
// break. Remembered secrets are replaced, values that need it are quoted, control characters are
// shown escaped, long values are cut.
std::string log_line(UtcTime at, std::string_view program, Severity severity,
                     std::string_view event, const LogFields& fields);

// May be written to from any thread; never throws: a run does not stop in mid-order for its log.
class Log {
  public:
    virtual ~Log() = default;
    void info(std::string_view event, const LogFields& fields = {}) {
        write(Severity::info, event, fields);
    }
    void warning(std::string_view event, const LogFields& fields = {}) {
        write(Severity::warning, event, fields);
    }
    void error(std::string_view event, const LogFields& fields = {}) {
        write(Severity::error, event, fields);
    }
    virtual void write(Severity severity, std::string_view event, const LogFields& fields) = 0;
    // Lines were lost; run_program says so on stderr, once.
    virtual bool has_lost_lines() const { return false; }
};

// Says nothing: for --check, and for tests.
class NoLog : public Log {
  public:
    void write(Severity, std::string_view, const LogFields&) override {}
};

// Appends whole lines to a file, made with mode 0640; a file moved away by log rotation is
// noticed at the next line, and a new one begun.
class FileLog : public Log {
  public:
    // RunFailure cannot_create.
    FileLog(std::string path, std::string program, Severity least, const Clock& clock);
    void write(Severity severity, std::string_view event, const LogFields& fields) override;
    bool has_lost_lines() const override { return lost_lines_; }

  private:
    bool is_still_there() const;

    const std::string path_;
    const std::string program_;
    const Severity least_;
    const Clock& clock_;
    std::mutex mutex_;
    Descriptor descriptor_;
    std::atomic<bool> lost_lines_{false};
};

// To the journal, through the system's log socket.
class JournalLog : public Log {
  public:
    JournalLog(std::string program, Severity least, const Clock& clock);
    void write(Severity severity, std::string_view event, const LogFields& fields) override;

  private:
    const std::string program_;
    const Severity least_;
    const Clock& clock_;
};

// To standard error: for a service whose standard error is collected.
class StderrLog : public Log {
  public:
    StderrLog(std::string program, Severity least, const Clock& clock);
    void write(Severity severity, std::string_view event, const LogFields& fields) override;

  private:
    const std::string program_;
    const Severity least_;
    const Clock& clock_;
};

// `target`: the path of a file, "journal", "stderr" or "none".
std::unique_ptr<Log> open_log(const std::string& target, const std::string& program, Severity least,
                              const Clock& clock);

}  // namespace domspool
