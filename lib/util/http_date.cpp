#include "util/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

namespace domspool {

std::optional<UtcTime> from_http_date(const std::string& text) {
    constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char month[4] = {};
    int day = 0, year = 0, hour = 0, minute = 0, second = 0;
    if (std::sscanf(text.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &hour,
                    &minute, &second) != 6) {
        return std::nullopt;
    }
    const auto found = std::find(kMonths.begin(), kMonths.end(), std::string_view(month));
    if (found == kMonths.end()) return std::nullopt;
    const auto number = static_cast<unsigned>(found - kMonths.begin()) + 1;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(number),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::optional<std::chrono::milliseconds> from_retry_after(const std::string& text,
                                                          const std::string& date, UtcTime now) {
    using Milliseconds = std::chrono::milliseconds;
    constexpr std::chrono::seconds kLongest = std::chrono::hours(24);
    std::int64_t seconds = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, seconds);
    if (read.ptr == end && read.ec == std::errc::result_out_of_range) return kLongest;
    if (read.ptr == end && read.ec == std::errc() && seconds >= 0) {
        return std::min(std::chrono::seconds(seconds), kLongest);
    }
    const auto until = from_http_date(text);
    if (!until) return std::nullopt;
    return std::clamp<Milliseconds>(*until - from_http_date(date).value_or(now), Milliseconds(0),
                                    kLongest);
}

}  // namespace domspool
