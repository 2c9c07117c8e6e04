#include "jobs/spool_search.h"

#include "ledger/intake_row.h"
#include "ledger/ledger_records.h"
#include "orders/order_file.h"
#include "orders/source_bytes.h"
#include "report/orders/result_reading.h"
#include "spool/result_place.h"
#include "util/failure.h"
#include "util/regular_file.h"
#include "util/visible_text.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

namespace domspool {

namespace {

namespace fs = std::filesystem;

// We wrote them; what they say of a row may be longer than the row.
constexpr std::size_t kLargestResult = 1u << 30;
// How a file begins whose codes could not be taken out one by one: its rows stand in its result.
constexpr std::string_view kGivenUp = "# (wiped)";

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string digest_of(const std::string& text) {
    std::istringstream in(text);
    SourceBytes bytes(in, text.size());
    bytes.drain();
    return bytes.content_hash();
}

std::vector<std::string> files_below(const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    if (!fs::exists(folder, error)) return paths;
    try {
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (file_state(entry.path().string())) paths.push_back(entry.path().string());
        }
    } catch (const fs::filesystem_error& failure) {
        throw RunFailure(ExitCode::no_permission, "cannot look into '" + folder +
                                                      "': " + failure.code().message() +
                                                      "; check the owner of the spool's folders");
    }
    std::ranges::sort(paths);
    return paths;
}

UtcTime changed_at(const std::string& path) {
    const auto state = file_state(path);
    if (!state) return UtcTime{};
    return UtcTime(std::chrono::duration_cast<UtcTime::duration>(
        std::chrono::nanoseconds(state->modified_ns)));
}

// Of the month whose folder it lies in: by its own date, unless somebody dropped an older file.
UtcTime taken_at(const std::string& path, const std::string& folder, const SpoolLayout& layout) {
    const UtcTime changed = changed_at(path);
    if (layout.archive_folder(changed) == folder) return changed;
    return from_iso(last_part(folder) + "-01T00:00:00.000Z").value_or(changed);
}

struct SpoolFile {
    std::string path, name, result_path;  // result_path: "" if there is none
    std::size_t largest = 0;              // bytes
};

[[noreturn]] void refuse(const SpoolFile& file, const std::string& reason) {
    throw RunFailure(
        ExitCode::settings_or_ledger,
        "cannot enter '" + file.path + "', whose orders the ledger does not know: " + reason +
            "; look at the registrar what became of them, move the file out of the spool, its "
            "result as well, and run `domain-orders reconcile` again");
}

std::string text_of(const SpoolFile& file) {
    try {
        return RegularFile(file.path).whole(file.largest);
    } catch (const RunFailure& failure) {
        refuse(file, std::string(failure.what()) + " (spool.max_file_mb)");
    }
}

FileReading read_rows(const SpoolFile& file, const std::string& text, FileFormat format,
                      const std::function<void(OrderRow&&)>& take) {
    std::istringstream in(text);
    FileLimits limits;
    limits.bytes = kLargestResult;
    return read_order_file(in, {file.name, format, std::nullopt, limits}, take);
}

FileFormat format_of(const SpoolFile& file) {
    return format_of_name(file.path).value_or(FileFormat::csv);
}

FoundRows rows_in(const SpoolFile& file, const std::string& text, FileFormat format) {
    FoundRows found;
    const FileReading reading = read_rows(file, text, format, [&](OrderRow&& row) {
        found.rows.push_back({intake_row(std::move(row), file.name), std::nullopt});
    });
    if (!reading.file_problems.empty()) refuse(file, to_text(reading.file_problems.front()));
    found.columns = reading.columns;
    found.states_count = reading.states_count;
    return found;
}

// Only where each row is about the same domain: else it is the result of another file.
void add_outcomes(const std::string& result_text, FoundRows& found) {
    std::vector<OldRow> told = read_result(result_text);
    if (told.size() != found.rows.size()) return;
    for (std::size_t i = 0; i < told.size(); ++i) {
        if (told[i].domain != field_of(found.rows[i].row.given, "domain")) return;
    }
    for (std::size_t i = 0; i < told.size(); ++i) {
        found.rows[i].outcome = std::move(told[i].outcome);
    }
}

FoundRows read(const SpoolFile& file) {
    const std::string text = text_of(file);
    const std::string result =
        file.result_path.empty() ? "" : RegularFile(file.result_path).whole(kLargestResult);
    const bool is_given_up = text.starts_with(kGivenUp) && !result.empty();
    FoundRows found =
        is_given_up ? rows_in(file, result, FileFormat::csv) : rows_in(file, text, format_of(file));
    if (!result.empty()) add_outcomes(result, found);
    return found;
}

// By its cells: a customer's text may say anything.
bool are_codes_wiped(const SpoolFile& file, const std::string& text) {
    if (text.starts_with(kGivenUp)) return true;
    bool is_any_wiped = false;
    read_rows(file, text, format_of(file), [&](OrderRow&& row) {
        is_any_wiped = is_any_wiped || row.auth_code.reveal() == kKeptCode;
    });
    return is_any_wiped;
}

FoundFile found(SpoolFile file) {
    const std::string text = text_of(file);
    FoundFile found;
    found.name = file.name;
    found.content_hash = digest_of(text);
    found.codes_are_wiped = are_codes_wiped(file, text);
    found.read = [file] { return read(file); };
    return found;
}

// Results and problems lie beside the files they belong to.
std::set<std::string> results_among(const std::vector<std::string>& paths) {
    const std::set<std::string> all(paths.begin(), paths.end());
    std::set<std::string> results;
    for (const std::string& path : paths) {
        const std::string result = result_path_beside(path);
        if (all.contains(result)) results.insert(result);
    }
    return results;
}

void add_archived(const SpoolLayout& layout, std::size_t largest, const std::string& folder,
                  std::vector<FoundFile>& files) {
    const auto paths = files_below(folder);
    const std::set<std::string> results = results_among(paths);
    for (const std::string& path : paths) {
        const auto archived = parse_archive_name(last_part(path));
        if (!archived || !format_of_name(path) || results.contains(path)) continue;
        const std::string result = result_path_beside(path);
        FoundFile file =
            found({path, archived->name, results.contains(result) ? result : "", largest});
        file.batch = archived->batch;
        file.taken_at = taken_at(path, folder, layout);
        file.belongs_to = [layout, path, copy = archived->copy](const BatchRecord& batch) {
            return layout.archive_folder(batch.taken_at) + "/" +
                       archive_name(batch.id, batch.name, copy) ==
                   path;
        };
        files.push_back(std::move(file));
    }
}

void add_active(const SpoolLayout& layout, std::size_t largest, std::vector<FoundFile>& files) {
    for (const std::string& path : files_below(layout.active())) {
        const auto active = parse_active_name(last_part(path));
        if (!active) continue;  // Put there by somebody.
        FoundFile file = found({path, visible_text(active->name), "", largest});
        file.taken_at = changed_at(path);
        file.read_from = visible_text(last_part(path));
        files.push_back(std::move(file));
    }
}

}  // namespace

std::vector<FoundFile> files_in_spool(const SpoolLayout& layout, std::size_t largest_file) {
    std::vector<FoundFile> files;
    std::error_code error;
    if (fs::exists(layout.done(), error)) {
        for (const auto& entry : fs::directory_iterator(layout.done())) {
            if (entry.is_directory())
                add_archived(layout, largest_file, entry.path().string(), files);
        }
    }
    std::ranges::stable_sort(files, {}, [](const FoundFile& file) { return *file.batch; });
    add_active(layout, largest_file, files);
    return files;
}

}  // namespace domspool
