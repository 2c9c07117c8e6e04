#include "report/terminal/appearance.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace domspool {

namespace {

constexpr int kUsualWidth = 80;
constexpr int kNarrowest = 50;

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

}  // namespace

Look look_of(int descriptor) {
    if (::isatty(descriptor) == 0) return {};
    winsize size{};
    const bool says_width = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    const char* terminal = std::getenv("TERM");
    const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return {says_width ? std::max<int>(size.ws_col, kNarrowest) : kUsualWidth,
            !is_dumb && !is_set("NO_COLOR")};
}

}  // namespace domspool
