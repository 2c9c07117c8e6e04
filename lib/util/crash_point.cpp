#include "util/crash_point.h"

#ifdef DOMSPOOL_CRASH_POINTS

#include "util/descriptor.h"
#include "util/failure.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <string>
#include <unistd.h>

namespace domspool {

namespace {

struct Order {
    std::string name;
    int passing = 0;
};

const Order& crash_order() {
    static const Order order = [] {
        const char* text = std::getenv("DOMSPOOL_CRASH_AT");
        if (text == nullptr) return Order{};
        const char* colon = std::strchr(text, ':');
        if (colon == nullptr) return Order{text, 1};
        return Order{std::string(text, colon), std::atoi(colon + 1)};
    }();
    return order;
}

std::function<void(std::string_view)>& act_of_tests() {
    static std::function<void(std::string_view)> act;
    return act;
}

// One write(), so that lanes do not mix their lines.
void log_passing(std::string_view name) {
    static const char* const path = std::getenv("DOMSPOOL_CRASH_LOG");
    if (path == nullptr) return;
    static const Descriptor log(::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const std::string line = std::string(name) + "\n";
    DOMSPOOL_ASSERT(::write(log.get(), line.data(), line.size()) ==
                    static_cast<ssize_t>(line.size()));
}

}  // namespace

void crash_point(std::string_view name) {
    static std::atomic<int> passings{0};
    DOMSPOOL_ASSERT(std::find(kCrashPoints.begin(), kCrashPoints.end(), name) !=
                    kCrashPoints.end());
    if (act_of_tests()) act_of_tests()(name);
    log_passing(name);
    if (crash_order().name != name) return;
    if (++passings == crash_order().passing) ::kill(::getpid(), SIGKILL);
}

void at_crash_points(std::function<void(std::string_view name)> act) {
    act_of_tests() = std::move(act);
}

}  // namespace domspool

#else

namespace domspool {

void crash_point(std::string_view) {}
void at_crash_points(std::function<void(std::string_view)>) {}

}  // namespace domspool

#endif
