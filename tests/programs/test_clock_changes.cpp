// The jobs of cron/crontab and of the timers on the days on which the clocks change, by the
// machine's own time zones.
#include "support/not_run.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace domspool::test;

namespace {

const std::string kCron = std::string(SOURCE_DIR) + "/cron/";
constexpr int kFirstYear = 2024, kLastYear = 2037;
constexpr std::time_t kHour = 3600, kDay = 24 * kHour;

// Where clocks change at another hour, by another step or on other days.
const std::vector<std::string> kZones = {
    "UTC",
    "Europe/Paris",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Helsinki",
    "Europe/Chisinau",
    "Atlantic/Azores",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Nuuk",
    "America/Scoresbysund",
    "America/Santiago",
    "America/Asuncion",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Gaza",
    "Asia/Tehran",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Norfolk",
    "Pacific/Easter",
    "Antarctica/Troll",
};

struct Clock {
    int hour = 0, minute = 0;
    friend auto operator<=>(const Clock&, const Clock&) = default;
};

// The time of each job of the crontab that runs at one, also of those in comments.
std::map<std::string, Clock> clocks_of_crontab() {
    static const std::regex job("(?:# )?(\\d+) (\\d+) (\\*|\\d+) +\\* +\\* +domspool +(.*)");
    std::map<std::string, Clock> clocks;
    std::istringstream in(read_text(kCron + "crontab"));
    std::smatch parts;
    for (std::string line; std::getline(in, line);) {
        if (!std::regex_match(line, parts, job)) continue;
        clocks[parts[4]] = {std::stoi(parts[2]), std::stoi(parts[1])};
    }
    return clocks;
}

std::map<std::string, Clock> clocks_of_timers() {
    static const std::regex command("ExecStart=/usr/bin/(.*)\n");
    static const std::regex time("OnCalendar=\\*-\\*-\\* (\\d\\d):(\\d\\d):00\n");
    std::map<std::string, Clock> clocks;
    for (const auto& entry : std::filesystem::directory_iterator(kCron)) {
        if (entry.path().extension() != ".timer") continue;
        const std::string timer = read_text(entry.path().string());
        const std::string service =
            read_text(std::filesystem::path(entry.path()).replace_extension(".service").string());
        std::smatch started, at;
        REQUIRE(std::regex_search(service, started, command));
        if (!std::regex_search(timer, at, time)) continue;
        clocks[started[1]] = {std::stoi(at[1]), std::stoi(at[2])};
    }
    return clocks;
}

// The process has the time zone while it lives.
class InZone {
  public:
    explicit InZone(const std::string& zone) { set(zone.c_str()); }
    ~InZone() { before_.empty() ? ::unsetenv("TZ") : set(before_.c_str()); }
    InZone(const InZone&) = delete;
    InZone& operator=(const InZone&) = delete;

  private:
    static int set(const char* zone) {
        const int result = ::setenv("TZ", zone, 1);
        ::tzset();
        return result;
    }
    const std::string before_ = std::getenv("TZ") == nullptr ? "" : std::getenv("TZ");
};

std::tm local(std::time_t at) {
    std::tm fields{};
    ::localtime_r(&at, &fields);
    return fields;
}

// How often the local clock of the zone shows this time on the day of that UTC midnight.
std::size_t times_on(std::time_t midnight, const Clock& clock) {
    const std::time_t wanted = midnight + clock.hour * kHour + clock.minute * 60;
    std::set<std::time_t> moments;
    for (const std::time_t about : {wanted - kDay, wanted, wanted + kDay}) {
        const std::time_t at = wanted - local(about).tm_gmtoff;
        std::tm shown = local(at);
        if (::timegm(&shown) == wanted) moments.insert(at);
    }
    return moments.size();
}

std::time_t midnight_of(int year) {
    std::tm fields{};
    fields.tm_year = year - 1900;
    fields.tm_mday = 1;
    return ::timegm(&fields);
}

// The first day, if there is one, on which the clock does not show the time exactly once.
std::string day_without(const std::string& zone, const Clock& clock) {
    const InZone there(zone);
    for (std::time_t day = midnight_of(kFirstYear); day < midnight_of(kLastYear + 1); day += kDay) {
        const std::size_t times = times_on(day, clock);
        if (times == 1) continue;
        std::tm fields{};
        ::gmtime_r(&day, &fields);
        char text[16];
        std::strftime(text, sizeof text, "%Y-%m-%d", &fields);
        return std::string(text) + ": " + std::to_string(times) + " times";
    }
    return "";
}

bool are_zones_there() {
    return std::filesystem::exists("/usr/share/zoneinfo/Europe/Paris");
}

}  // namespace

TEST_CASE("two in the night is not there in spring, and twice in autumn: the reckoning sees it") {
    if (!are_zones_there()) return not_run("there is no tzdata");
    CHECK(day_without("Europe/Paris", {2, 30}) == "2024-03-31: 0 times");
    CHECK(day_without("Europe/London", {1, 30}) == "2024-03-31: 0 times");
    CHECK(day_without("America/Havana", {0, 30}) == "2024-03-10: 0 times");
    CHECK(day_without("Europe/Paris", {2, 0}) == "2024-03-31: 0 times");
    CHECK(day_without("America/New_York", {1, 30}) == "2024-11-03: 2 times");
    CHECK(day_without("UTC", {2, 30}) == "");
}

TEST_CASE(
    "each job that runs at a time of day runs once on every day, wherever the clocks change") {
    if (!are_zones_there()) return not_run("there is no tzdata");
    const auto clocks = clocks_of_crontab();
    CHECK(clocks.size() == 4);
    for (const auto& [job, clock] : clocks) {
        for (const std::string& zone : kZones) {
            CAPTURE(job);
            CAPTURE(zone);
            REQUIRE(std::filesystem::exists("/usr/share/zoneinfo/" + zone));
            CHECK(day_without(zone, clock) == "");
        }
    }
}

TEST_CASE("the timers of systemd have the times of the crontab, and README tells them") {
    auto by_cron = clocks_of_crontab();
    by_cron.erase("domain-orders archive");  // Has no timer.
    CHECK(clocks_of_timers() == by_cron);
    const std::string readme = read_text(std::string(SOURCE_DIR) + "/README.md");
    for (const char* job : {"spool-run", "summary-report"}) {
        char text[8];
        std::snprintf(text, sizeof text, "%02d:%02d", by_cron[job].hour, by_cron[job].minute);
        CAPTURE(text);
        CHECK(readme.find(text) != std::string::npos);
    }
}
