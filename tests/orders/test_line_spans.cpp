#include "orders/line_spans.h"

#include <doctest/doctest.h>

using domspool::LineSpans;

TEST_CASE("lines that follow each other are one span") {
    LineSpans lines;
    for (const int line : {2, 7, 9, 10, 11, 1004}) lines.add(line);
    CHECK(lines.text() == "2, 7, 9-11, 1004");
    CHECK(lines.count() == 6);
    LineSpans more;
    more.add(1005);
    more.add(lines);
    CHECK(more.count() == 7);
    CHECK(more.text() == "1005, 2, 7, 9-11, 1004");
    CHECK(LineSpans().text() == "");
}

TEST_CASE("scattered lines are shown and kept up to a limit, and all counted") {
    LineSpans lines;
    for (int line = 2; line < 20'002; line += 2) lines.add(line);
    CHECK(lines.count() == 10'000);
    CHECK(lines.text(2) == "2, 4, …");
    CHECK(lines.text(1'000'000).ends_with("2000, …"));
}
