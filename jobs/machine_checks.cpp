#include "jobs/machine_checks.h"

#include "util/file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <set>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace domspool {

namespace {

constexpr std::uint64_t kMegabyte = 1024 * 1024;
constexpr std::uint64_t kFewMegabytes = 1024;
constexpr std::uint64_t kTooFewMegabytes = 100;
constexpr std::chrono::sys_days kMadeAfter{std::chrono::year(2026) / 11 / 1};

std::string existing_part(std::string path) {
    struct stat about {};
    while (::stat(path.c_str(), &about) != 0) {
        const std::string upper = file::folder_of(path);
        if (upper == path) break;
        path = upper;
    }
    return path;
}

Finding room_at(const std::string& folder) {
    struct statvfs room {};
    if (::statvfs(folder.c_str(), &room) != 0) {
        return Finding::wrong(
            ExitCode::no_permission, "disk",
            fmt::format("cannot look at the room on '{}': {}", folder, file::cause_of(errno)),
            "look at the folder's rights");
    }
    const std::uint64_t megabytes = room.f_bavail * room.f_frsize / kMegabyte;
    const std::string text = fmt::format("{} MB free on '{}'", megabytes, folder);
    const std::string next = "make room: when nothing can be noted, nothing is ordered";
    if (room.f_files > 0 && room.f_favail == 0) {
        return Finding::wrong(ExitCode::cannot_write, "disk",
                              fmt::format("no file can be made on '{}': no inodes left", folder),
                              next);
    }
    if (megabytes < kTooFewMegabytes) {
        return Finding::wrong(ExitCode::cannot_write, "disk", text, next);
    }
    return megabytes < kFewMegabytes ? Finding::warning("disk", text, next)
                                     : Finding::ok("disk", text);
}

}  // namespace

std::vector<Finding> check_disk_space(const std::vector<std::string>& folders) {
    std::vector<Finding> findings;
    std::set<dev_t> seen;
    for (const std::string& folder : folders) {
        const std::string there = existing_part(folder);
        struct stat about {};
        if (::stat(there.c_str(), &about) == 0 && !seen.insert(about.st_dev).second) continue;
        findings.push_back(room_at(there));
    }
    return findings;
}

Finding check_clock(UtcTime now) {
    const std::string text = "it is " + to_minute(now);
    if (now >= kMadeAfter) return Finding::ok("clock", text);
    return Finding::wrong(ExitCode::some_orders_wrong, "clock", text + ", which is long past",
                          "set the clock (timedatectl set-ntp true), before anything is ordered");
}

}  // namespace domspool
