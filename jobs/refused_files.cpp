#include "jobs/refused_files.h"

#include "orders/code_wiping.h"
#include "util/crash_point.h"
#include "util/failure.h"
#include "util/file.h"
#include "util/regular_file.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <sys/stat.h>

namespace domspool {

namespace {

constexpr std::size_t kLargestProblems = 16u << 20;

// By the time of the last change of whatever sort, its coming here included; nobody can set it.
bool is_untouched_since(const std::string& path, UtcTime time) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return false;
    const auto changed = std::chrono::seconds(about.st_ctim.tv_sec) +
                         std::chrono::nanoseconds(about.st_ctim.tv_nsec);
    return changed <= time.time_since_epoch();
}

// What is damaged and knows no codes keeps its text, whatever else is wrong with it.
bool may_hold_codes(std::string_view text) {
    constexpr std::string_view kField = "auth_code";
    const auto found =
        std::search(text.begin(), text.end(), kField.begin(), kField.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
    return found != text.end();
}

void say_so(const std::string& problems) {
    const RegularFile file(problems);
    if (file.fault() == RegularFile::Fault::missing) return;
    const std::string said = file.whole(kLargestProblems);
    file::write_whole(problems, said +
                                    "Its EPP codes were overwritten with (wiped): nobody had "
                                    "touched it for auth_code_keep_days.\n");
}

// Whether there was something to wipe.
bool wipe(const std::string& path, FileFormat format, std::size_t largest) {
    const RegularFile file(path);
    const std::string text = file.whole(largest);
    if (!may_hold_codes(text)) return false;
    const CodeWiping wiping(text, format);
    if (!wiping.is_needed() || file_state(path) != file.state()) return false;
    std::ignore = file::place_in_pieces(path, file::IfThere::replace,
                                        [&](const auto& append) { wiping.write(append); });
    crash_point("spool_refused_wiped");
    say_so(problems_name(path));
    return true;
}

}  // namespace

void wipe_codes_of_refused(const SpoolLayout& layout, const RefusedWiping& wiping) {
    for (const std::string& name : file::names_in(layout.refused())) {
        const std::string path = layout.refused() + "/" + name;
        const auto format = format_of_name(path);
        if (!format || !is_untouched_since(path, wiping.untouched_since)) continue;
        try {
            if (wipe(path, *format, wiping.largest_file)) wiping.wiped(name);
        } catch (const RunFailure& failure) {
            wiping.failed(name, failure.what());  // The others are wiped all the same.
        }
    }
}

}  // namespace domspool
