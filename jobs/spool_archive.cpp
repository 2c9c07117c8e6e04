#include "jobs/spool_archive.h"

#include "orders/code_wiping.h"
#include "spool/result_place.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "util/file.h"
#include "util/regular_file.h"

#include <filesystem>
#include <tuple>

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

std::string SpoolArchive::wipe_codes(const BatchRecord& batch) const {
    std::string trouble;
    if (!batch.finished) return trouble;
    for (const std::string& path : copies_of(batch)) {
        const auto format = format_of_name(path);
        if (!format || !file_state(path)) continue;
        try {
            wipe(path, *format);
        } catch (const RunFailure& failure) {
            trouble += (trouble.empty() ? "EPP codes were not wiped: " : "; ");
            trouble += failure.what();
        }
    }
    return trouble;
}

void SpoolArchive::wipe(const std::string& path, FileFormat format) const {
    const std::string text = RegularFile(path).whole(largest_file_);
    const CodeWiping wiping(text, format);
    if (!wiping.is_needed()) return;
    std::ignore = file::place_in_pieces(path, file::IfThere::replace,
                                        [&](const auto& append) { wiping.write(append); });
    crash_point("spool_wiped");
}

}  // namespace domspool
