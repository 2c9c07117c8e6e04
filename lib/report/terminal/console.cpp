#include "report/terminal/console.h"

#include "report/terminal/progress_bar.h"
#include "util/exit_codes.h"
#include "util/file.h"
#include "util/redact.h"
#include "util/visible_text.h"

#include <cerrno>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

constexpr std::size_t kBuffer = 64 * 1024;

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// Line breaks are ours and stay; all else that a terminal would obey goes.
std::string harmless(const std::string& text) {
    std::string lines;
    std::size_t begin = 0;
    const std::string clean = redact::clean(text);
    while (begin <= clean.size()) {
        const std::size_t end = std::min(clean.find('\n', begin), clean.size());
        if (begin > 0) lines += '\n';
        lines += visible_text(std::string_view(clean).substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

}  // namespace

Console::Console(std::string program, const Manner& manner)
    : name_(std::move(program)), manner_(manner), look_(look_of(STDOUT_FILENO)) {}

void Console::write_out(std::string_view text) {
    if (has_lost_output_ || write_all(STDOUT_FILENO, text)) return;
    has_lost_output_ = true;
    cause_ = errno;
}

void Console::flush() {
    write_out(buffer_);
    buffer_.clear();
}

void Console::take_bar_away() {
    if (is_bar_shown_) write_out(kToLineBegin);
    is_bar_shown_ = false;
}

void Console::print(std::string_view text) {
    const std::lock_guard lock(mutex_);
    take_bar_away();
    buffer_ += text;
    if (look_.is_terminal() || buffer_.size() >= kBuffer) flush();
}

void Console::show_progress(const std::string& bar) {
    const std::lock_guard lock(mutex_);
    if (!look_.is_terminal()) return;
    if (bar.empty()) return take_bar_away();
    write_out(kToLineBegin + bar);
    is_bar_shown_ = true;
}

void Console::complain(ExitCode code, const std::string& text) {
    DOMSPOOL_ASSERT(code != ExitCode::all_well);
    const std::lock_guard lock(mutex_);
    take_bar_away();
    flush();  // So that both stand in the order in which they were said.
    code_ = gravest_of({code_, code});
    // Nobody is left to be told when this fails; the exit code stands.
    std::ignore = write_all(STDERR_FILENO, name_ + ": " + harmless(text) + "\n");
}

ExitCode Console::exit_code() const {
    const std::lock_guard lock(mutex_);
    return code_;
}

void Console::end() {
    {
        const std::lock_guard lock(mutex_);
        take_bar_away();
        flush();
        if (!has_lost_output_) return;
    }
    complain(ExitCode::cannot_write, "cannot write standard output: " + file::cause_of(cause_));
}

}  // namespace domspool
