#include "jobs/ledger_backup.h"

#include "ledger/ledger.h"
#include "util/failure.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

namespace domspool {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".db";

// "20261125T081500Z": sorts as the times do, and fits every file system.
std::string stamp_text(UtcTime time) {
    std::string digits;
    for (const char c : to_iso(time).substr(0, 19)) {
        if (c != '-' && c != ':') digits += c;
    }
    return digits + "Z";
}

std::optional<UtcTime> time_of_stamp(std::string_view stamp) {
    if (stamp.size() != 16) return std::nullopt;
    const auto part = [&](std::size_t at, std::size_t size) {
        return std::string(stamp.substr(at, size));
    };
    const auto time = from_iso(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) +
                               ":" + part(11, 2) + ":" + part(13, 2) + ".000Z");
    if (!time || stamp_text(*time) != stamp) return std::nullopt;
    return time;
}

std::string prefix_for(const std::string& ledger) {
    return fs::path(ledger).stem().string() + "-";
}

std::optional<UtcTime> time_of_backup(const std::string& name, const std::string& prefix) {
    if (!name.starts_with(prefix) || !name.ends_with(kEnding) ||
        name.size() < prefix.size() + kEnding.size()) {
        return std::nullopt;
    }
    return time_of_stamp(
        std::string_view(name).substr(prefix.size(), name.size() - prefix.size() - kEnding.size()));
}

std::vector<std::string> prune(const std::string& directory, const std::string& prefix,
                               UtcTime keep_from) {
    std::vector<std::string> old;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
        const auto made_at = time_of_backup(entry.path().filename().string(), prefix);
        const bool is_ours = made_at && entry.symlink_status().type() == fs::file_type::regular;
        if (is_ours && *made_at < keep_from) old.push_back(entry.path().string());
    }
    std::sort(old.begin(), old.end());
    std::erase_if(old, [](const std::string& path) {
        std::error_code failure;
        return !fs::remove(path, failure);  // It stays, and the next backup tries again.
    });
    return old;
}

}  // namespace

BackupReport back_up_ledger(const std::string& ledger, const std::string& directory, int keep_days,
                            UtcTime now) {
    const std::string prefix = prefix_for(ledger);
    BackupReport report;
    report.path = directory + "/" + prefix + stamp_text(now) + std::string(kEnding);
    Ledger::back_up(ledger, report.path);
    report.pruned = prune(directory, prefix, now - std::chrono::days(keep_days));
    return report;
}

}  // namespace domspool
