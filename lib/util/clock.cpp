#include "util/clock.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>

namespace domspool {

namespace {

std::chrono::milliseconds read_clock(clockid_t id) {
    timespec spec{};
    ::clock_gettime(id, &spec);
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::seconds(spec.tv_sec) + std::chrono::nanoseconds(spec.tv_nsec));
}

std::string read_boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

struct Parts {
    int year, month, day, hour, minute, second, millisecond;
};

Parts parts_of(UtcTime time) {
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(time - days);
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(clock.subseconds().count())};
}

}  // namespace

SystemClock::SystemClock() : boot_id_(read_boot_id()) {}

Moment SystemClock::now() const {
    return {UtcTime(read_clock(CLOCK_REALTIME)), boot_id_, read_clock(CLOCK_BOOTTIME)};
}

std::chrono::milliseconds gap_between(const Moment& earlier, const Moment& later) {
    const bool one_boot = !earlier.boot_id.empty() && earlier.boot_id == later.boot_id;
    const auto gap = one_boot ? later.since_boot - earlier.since_boot : later.utc - earlier.utc;
    return std::max(gap, std::chrono::milliseconds(0));
}

std::string to_iso(UtcTime time) {
    const Parts p = parts_of(time);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", p.year, p.month, p.day,
                  p.hour, p.minute, p.second, p.millisecond);
    return text;
}

std::optional<UtcTime> from_iso(std::string_view text) {
    Parts p{};
    int length = 0;
    const std::string copy(text);
    const int read = std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &p.year, &p.month,
                                 &p.day, &p.hour, &p.minute, &p.second, &p.millisecond, &length);
    if (read != 7 || static_cast<std::size_t>(length) != text.size()) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(p.year),
                                           std::chrono::month(static_cast<unsigned>(p.month)),
                                           std::chrono::day(static_cast<unsigned>(p.day))};
    const bool on_the_clock = p.hour < 24 && p.minute < 60 && p.second < 60;
    if (!date.ok() || !on_the_clock) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(p.hour) +
           std::chrono::minutes(p.minute) + std::chrono::seconds(p.second) +
           std::chrono::milliseconds(p.millisecond);
}

std::string to_minute(UtcTime time) {
    const Parts p = parts_of(time);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d UTC", p.year, p.month, p.day, p.hour,
                  p.minute);
    return text;
}

}  // namespace domspool
