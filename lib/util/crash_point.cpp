#include "util/crash_point.h"

#ifdef DOMSPOOL_CRASH_POINTS

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include "util/failure.h"

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

}  // namespace

void crash_point(std::string_view name) {
    static std::atomic<int> passings{0};
    DOMSPOOL_ASSERT(std::find(kCrashPoints.begin(), kCrashPoints.end(), name) !=
                    kCrashPoints.end());
    if (act_of_tests()) act_of_tests()(name);
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
