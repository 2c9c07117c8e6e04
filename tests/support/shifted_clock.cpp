// Preloaded into a program, it moves the program's calendar and boot clocks by
// DOMSPOOL_CLOCK_SHIFT seconds (forward or back), so that what falls due in hours can be seen now.
// Time-outs go by the monotonic clock, which stays as it is.
#include <cstdlib>
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

namespace {

long shift_seconds() {
    static const long seconds = [] {
        const char* text = std::getenv("DOMSPOOL_CLOCK_SHIFT");
        return text == nullptr ? 0L : std::strtol(text, nullptr, 10);
    }();
    return seconds;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t id, timespec* result) {
    using Original = int (*)(clockid_t, timespec*);
    static const auto original = reinterpret_cast<Original>(::dlsym(RTLD_NEXT, "clock_gettime"));
    const int status = original(id, result);
    const bool is_moved =
        id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_BOOTTIME;
    if (status == 0 && is_moved) result->tv_sec += shift_seconds();
    return status;
}

int gettimeofday(timeval* result, void* zone) {
    using Original = int (*)(timeval*, void*);
    static const auto original = reinterpret_cast<Original>(::dlsym(RTLD_NEXT, "gettimeofday"));
    const int status = original(result, zone);
    if (status == 0) result->tv_sec += shift_seconds();
    return status;
}

time_t time(time_t* result) {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != nullptr) *result = now.tv_sec;
    return now.tv_sec;
}

}  // extern "C"
