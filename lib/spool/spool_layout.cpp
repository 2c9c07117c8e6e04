#include "spool/spool_layout.h"

#include "util/utf8.h"
#include "util/visible_text.h"

#include <charconv>

namespace domspool {

namespace {

constexpr std::size_t kLongestName = 255;
// Room for what is put before or behind a name: RUN-N-, BATCH.N-, .result.csv, .problems.txt.
constexpr std::size_t kRoom = 48;
constexpr std::size_t kLongestEnding = 8;
constexpr std::string_view kProblems = ".problems.txt";

std::string cut(const std::string& name, std::size_t most) {
    if (name.size() <= most) return name;
    const std::size_t dot = name.rfind('.');
    const bool has_ending = dot != std::string::npos && name.size() - dot <= kLongestEnding;
    const std::string ending = has_ending ? name.substr(dot) : "";
    std::string stem = name.substr(0, most - ending.size());
    // No half character at its end, if it was text.
    while (utf8::is_valid(name) && !utf8::is_valid(stem)) stem.pop_back();
    return stem + ending;
}

// A batch may be named by a whole path: given by hand before.
std::string shown(const std::string& name) {
    return cut(visible_text(name.substr(name.rfind('/') + 1)), kLongestName - kRoom);
}

template <typename Number>
bool take_number(std::string_view& text, char behind, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || number < 1 || length >= text.size()) return false;
    if (text[length] != behind) return false;
    text.remove_prefix(length + 1);
    return true;
}

}  // namespace

std::vector<SpoolFolder> spool_folders(const std::string& directory) {
    // Those who drop must get through the upper folder, but need not see what lies in it.
    const SpoolLayout layout(directory);
    return {{directory, 0711, 0022},
            {layout.incoming(), 02770, 0007},
            {layout.active(), 0700, 0077},
            {layout.done(), 0700, 0077},
            {layout.refused(), 0700, 0077}};
}

std::string SpoolLayout::archive_folder(UtcTime taken_at) const {
    constexpr std::size_t kYearAndMonth = 7;
    return done() + "/" + to_iso(taken_at).substr(0, kYearAndMonth);
}

std::string to_file_name(const ActiveName& active) {
    return std::to_string(active.run) + "-" + std::to_string(active.number) + "-" +
           cut(active.name, kLongestName - kRoom);
}

std::optional<ActiveName> parse_active_name(std::string_view file_name) {
    ActiveName active;
    const bool is_one = take_number(file_name, '-', active.run) &&
                        take_number(file_name, '-', active.number) && !file_name.empty();
    if (!is_one) return std::nullopt;
    active.name = std::string(file_name);
    return active;
}

std::string archive_name(std::int64_t batch, const std::string& name, int copy) {
    const std::string number = std::to_string(batch);
    return number + (copy > 1 ? "." + std::to_string(copy) : "") + "-" + shown(name);
}

std::optional<ArchivedName> parse_archive_name(std::string_view file_name) {
    ArchivedName archived;
    std::string_view rest = file_name;
    if (!take_number(rest, '-', archived.batch)) {
        const bool is_copy =
            take_number(rest, '.', archived.batch) && take_number(rest, '-', archived.copy);
        if (!is_copy) return std::nullopt;
    }
    if (rest.empty()) return std::nullopt;
    archived.name = std::string(rest);
    return archived;
}

bool is_copy_of(std::string_view file_name, std::int64_t batch) {
    return file_name.starts_with(std::to_string(batch) + ".");
}

std::string refused_name(const std::string& name) {
    return shown(name);
}

std::string problems_name(const std::string& refused_name) {
    return refused_name + std::string(kProblems);
}

}  // namespace domspool
