#include "jobs/spool_archive.h"

#include "orders/code_wiping.h"
#include "spool/result_place.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "util/file.h"
#include "util/regular_file.h"

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
    for (const std::string& name : file::names_in(folder)) {
        if (is_copy_of(name, batch.id)) paths.push_back(folder + "/" + name);
    }
    return paths;
}

std::string SpoolArchive::wipe_codes(const BatchRecord& batch) const {
    std::string trouble;
    const auto note = [&](const RunFailure& failure) {
        trouble += (trouble.empty() ? "EPP codes were not wiped: " : "; ");
        trouble += failure.what();
    };
    if (!batch.finished) return trouble;
    std::vector<std::string> paths;
    try {
        paths = copies_of(batch);
    } catch (const RunFailure& failure) {
        note(failure);
    }
    for (const std::string& path : paths) {
        const auto format = format_of_name(path);
        if (!format || !file_state(path)) continue;
        try {
            wipe(path, *format);
        } catch (const RunFailure& failure) {
            note(failure);
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
