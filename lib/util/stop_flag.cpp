#include "util/stop_flag.h"

#include "util/failure.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <tuple>
#include <unistd.h>

namespace domspool {

namespace {

std::atomic<StopFlag*> flag_of_signals{nullptr};
static_assert(std::atomic<StopFlag*>::is_always_lock_free, "used inside a signal handler");

void on_signal(int) {
    const int error_before = errno;
    if (StopFlag* flag = flag_of_signals.load()) flag->set();
    errno = error_before;
}

void watch(int signal_number, int flags) {
    struct sigaction present {};
    if (::sigaction(signal_number, nullptr, &present) == 0 && present.sa_handler == SIG_IGN) return;
    struct sigaction wanted {};
    wanted.sa_handler = on_signal;
    wanted.sa_flags = flags;
    ::sigemptyset(&wanted.sa_mask);
    DOMSPOOL_ASSERT(::sigaction(signal_number, &wanted, nullptr) == 0);
}

}  // namespace

StopFlag::StopFlag() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) throw RunFailure(ExitCode::try_later, "cannot make an event: too many open files");
}

void StopFlag::set() noexcept {
    set_.store(true);
    const std::uint64_t one = 1;
    std::ignore = ::write(event_.get(), &one, sizeof one);  // Full means: set before.
}

bool StopFlag::wait_for(std::chrono::milliseconds time) const {
    using Steady = std::chrono::steady_clock;
    const Steady::time_point end = Steady::now() + time;
    while (!is_set()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now()).count();
        if (left <= 0) break;
        pollfd event{event_.get(), POLLIN, 0};
        std::ignore = ::poll(&event, 1, static_cast<int>(std::min<long long>(left, INT_MAX)));
    }
    return is_set();
}

StopFlag& stop_on_signals() {
    static StopFlag& flag = *new StopFlag;  // Never destroyed: a signal may come at the very end.
    static const bool watching = [] {
        flag_of_signals.store(&flag);
        watch(SIGTERM, 0);
        watch(SIGHUP, 0);
        watch(SIGINT, static_cast<int>(SA_RESETHAND));
        return true;
    }();
    std::ignore = watching;
    return flag;
}

}  // namespace domspool
