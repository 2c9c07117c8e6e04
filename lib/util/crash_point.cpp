#include "util/crash_point.h"

#ifdef DOMSPOOL_CRASH_POINTS

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

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

}  // namespace

void crash_point(const char* name) {
    static std::atomic<int> passings{0};
    if (crash_order().name != name) return;
    if (++passings == crash_order().passing) ::kill(::getpid(), SIGKILL);
}

}  // namespace domspool

#else

namespace domspool {

void crash_point(const char*) {}

}  // namespace domspool

#endif
