#include "app/confirmation.h"

#include "util/stop_flag.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace domspool {

namespace {

// A terminal hands over whole lines, so one reading is the answer.
std::string typed_line() {
    const StopFlag& stop = stop_on_signals();
    std::array<pollfd, 2> waited{{{STDIN_FILENO, POLLIN, 0}, {stop.descriptor(), POLLIN, 0}}};
    while (::poll(waited.data(), waited.size(), -1) < 0) {
        if (errno != EINTR) return "";
    }
    if (stop.is_set()) return "";
    std::array<char, 256> line{};
    const ssize_t got = ::read(STDIN_FILENO, line.data(), line.size());
    return got > 0 ? std::string(line.data(), static_cast<std::size_t>(got)) : "";
}

std::string without_blanks(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

bool can_ask(const Console& console) {
    return console.as_text() && console.look().is_terminal() && ::isatty(STDIN_FILENO) == 1;
}

bool is_confirmed(Console& console, const std::string& question, const std::string& expected) {
    console.print(question);
    return without_blanks(typed_line()) == expected;
}

}  // namespace domspool
