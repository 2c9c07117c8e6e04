#include "report/terminal/first_lines.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("a few lines are told as they came, below what is said of them") {
    FirstLines lines;
    CHECK(lines.text() == "");
    lines.add("line 2 a.example: failed");
    lines.add("line 5 b.example: held");
    CHECK(lines.count() == 2);
    CHECK(lines.text() == "\n  line 2 a.example: failed\n  line 5 b.example: held");
}

TEST_CASE("of many lines twenty are told, and how many more there are") {
    FirstLines lines;
    for (int i = 1; i <= 20; ++i) lines.add("line " + std::to_string(i));
    CHECK(lines.text().ends_with("\n  line 20"));
    for (int i = 21; i <= 23; ++i) lines.add("line " + std::to_string(i));
    CHECK(lines.count() == 23);
    CHECK(lines.text().ends_with("\n  line 20\n  and 3 more"));
}
