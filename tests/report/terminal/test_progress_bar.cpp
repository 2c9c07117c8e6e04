#include "report/terminal/progress_bar.h"
#include "report/terminal/text_width.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace std::chrono_literals;

namespace {

Progress half_way() {
    Progress progress;
    progress.total = 40;
    progress.ended = 12;
    progress.pending = 6;
    progress.wrong = 2;
    progress.now = "example.com";
    progress.elapsed = 75s;
    return progress;
}

}  // namespace

TEST_CASE("a pipe gets no progress bar") {
    CHECK(progress_bar(half_way(), Look{}).empty());
}

TEST_CASE("the bar tells how far it is and what is wrong") {
    CHECK(progress_bar(half_way(), Look{80, false}) ==
          "[##########..........] 20 of 40 1:15, 6 pending, 2 wrong  example.com");
}

TEST_CASE("the bar stays on one line of a narrow terminal") {
    Progress progress = half_way();
    progress.now = std::string(500, 'x') + ".example";
    for (const int width : {40, 60, 80, 200}) {
        CHECK(text_width(progress_bar(progress, Look{width, true})) == width - 1);
    }
}

TEST_CASE("a hostile name does not reach the terminal") {
    Progress progress = half_way();
    progress.now = "\x1b[2Jevil\n";
    const std::string line = progress_bar(progress, Look{80, true});
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("a run without orders and counts beyond the total break nothing") {
    CHECK(progress_bar(Progress{}, Look{80, false}) == "[....................] 0 of 0 0:00");
    Progress progress = half_way();
    progress.ended = 100;
    CHECK(progress_bar(progress, Look{80, false}).starts_with("[####################] 40 of 40"));
}
