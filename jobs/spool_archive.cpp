#include "jobs/spool_archive.h"

#include "orders/code_wiping.h"
#include "spool/incoming.h"
#include "spool/result_place.h"
#include "util/crash_point.h"
#include "util/file.h"

#include <filesystem>
#include <limits>

namespace domspool {

std::string SpoolArchive::path_of(const BatchRecord& batch) const {
    return layout_.archive_folder(batch.taken_at) + "/" + archive_name(batch.id, batch.name);
}

std::optional<std::string> SpoolArchive::result_path(const BatchRecord& batch) const {
    const std::string path = path_of(batch);
    if (!file_state(path)) return std::nullopt;
    return result_path_beside(path);
}

std::vector<std::string> SpoolArchive::copies_of(const BatchRecord& batch) const {
    std::vector<std::string> paths{path_of(batch)};
    const std::string folder = layout_.archive_folder(batch.taken_at);
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (is_copy_of(name, batch.id)) paths.push_back(entry.path().string());
    }
    return paths;
}

void SpoolArchive::wipe_codes(const BatchRecord& batch) const {
    if (!batch.finished) return;
    for (const std::string& path : copies_of(batch)) {
        const auto format = format_of_name(path);
        if (!format || !file_state(path)) continue;
        const std::string text = file::read_whole(path, std::numeric_limits<std::size_t>::max());
        const auto wiped = with_codes_wiped(text, *format);
        if (!wiped) continue;
        file::write_whole(path, *wiped);
        crash_point("spool_wiped");
    }
}

}  // namespace domspool
