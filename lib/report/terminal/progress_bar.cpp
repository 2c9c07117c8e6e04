#include "report/terminal/progress_bar.h"

#include "report/terminal/text_width.h"
#include "util/visible_text.h"

#include <algorithm>
#include <cstdint>

namespace domspool {

namespace {

constexpr int kBarWidth = 20;

std::string bar(int over, int total) {
    const int filled = total == 0 ? 0 : static_cast<int>(std::int64_t{kBarWidth} * over / total);
    return "[" + std::string(static_cast<std::size_t>(filled), '#') +
           std::string(static_cast<std::size_t>(kBarWidth - filled), '.') + "]";
}

std::string two_digits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string clock_text(std::chrono::seconds elapsed) {
    const std::int64_t seconds = std::max<std::int64_t>(0, elapsed.count());
    return std::to_string(seconds / 60) + ":" + two_digits(seconds % 60);
}

}  // namespace

std::string progress_bar(const Progress& progress, const Look& look) {
    if (!look.is_terminal()) return "";
    const int over =
        std::clamp(progress.ended + progress.pending + progress.wrong, 0, progress.total);
    std::string line = bar(over, progress.total) + " " + std::to_string(over) + " of " +
                       std::to_string(progress.total) + " " + clock_text(progress.elapsed);
    if (progress.pending > 0) line += ", " + std::to_string(progress.pending) + " pending";
    if (progress.wrong > 0) line += ", " + std::to_string(progress.wrong) + " wrong";
    if (!progress.now.empty()) line += "  " + visible_text(progress.now);
    // The last column stays free: some terminals begin a new line when it is filled.
    return cut_to_width(line, look.width - 1);
}

}  // namespace domspool
