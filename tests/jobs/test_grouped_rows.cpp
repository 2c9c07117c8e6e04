#include "jobs/grouped_rows.h"
#include "support/holds.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;
using domspool::test::holds;

namespace {

const Look kPipe;

}  // namespace

TEST_CASE("rows of several files: equal problems in one line, the worst file and problem first") {
    GroupedRows rows;
    rows.add({"a.csv", "a.com", 2, "failed: closed"});
    rows.add({"b.csv", "b.com", 2, "held: look at it"});
    rows.add({"b.csv", "c.com", 3, "failed: closed"});
    rows.add({"b.csv", "d.com", 4, "failed: closed"});
    rows.add({"b.csv", "e.com", 9, "refused", {"b.csv:9: years '11': at most 10", "odd"}});
    CHECK(rows.count() == 5);
    CHECK(rows.text(kPipe) ==
          "\nb.csv:3: domain 'c.com': failed: closed (and in line 4; 2 rows)"
          "\nb.csv:2: domain 'b.com': held: look at it"
          "\nb.csv:9: years '11': at most 10"
          "\nb.csv:9: odd"
          "\na.csv:2: domain 'a.com': failed: closed");
}

TEST_CASE("of many problems in many files a mail tells the first, and how many there are") {
    GroupedRows rows;
    for (int file = 0; file < 5; ++file) {
        for (int line = 2; line < 11; ++line) {
            rows.add({std::to_string(file) + ".csv", "a.com", line, "no " + std::to_string(line)});
        }
    }
    const std::string text = rows.text(kPipe);
    CAPTURE(text);
    // 9, 9 and 2, a line for the 7 others of the third file, and one for two files.
    CHECK(std::ranges::count(text, '\n') == 22);
    CHECK(holds(text, "\nand 7 more problems"));
    CHECK(text.ends_with("\nand rows of 2 more files"));
}

TEST_CASE("rows are alike by their problems, whatever their values") {
    CHECK(kind_of_trouble({"a.csv", "a.com", 2, "failed: closed"}) ==
          kind_of_trouble({"b.csv", "b.com", 3, "failed: closed"}));
    CHECK(kind_of_trouble({"a.csv", "a.com", 2, "", {"a.csv:2: years '11': at most 10"}}) ==
          kind_of_trouble({"a.csv", "b.com", 3, "", {"a.csv:3: years '12': at most 10"}}));
    CHECK(kind_of_trouble({"a.csv", "a.com", 2, "failed: closed"}) !=
          kind_of_trouble({"a.csv", "a.com", 2, "held: closed"}));
}
