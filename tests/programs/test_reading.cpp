#include "support/shop.h"

#include <doctest/doctest.h>

using namespace domspool::test;

TEST_CASE("JSON lines are read by a reader that is not ours") {
    const auto rows = json_lines(
        "{\"state\":\"done\",\"price\":null,\"line\":2}\n"
        "{\"message\":\"a\\tb\\\\n\\nc \\u00fc\"}\n");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at("state") == "done");
    CHECK(rows[0].at("price") == "(null)");
    CHECK(rows[0].at("line") == "2");
    CHECK(rows[1].at("message") == "a\tb\\n\nc \u00fc");
}

TEST_CASE("what is no JSON object on one line is told") {
    CHECK_THROWS(json_lines("[1]\n"));
    CHECK_THROWS(json_lines("{\"a\":1\n"));
}

TEST_CASE("CSV records keep quoted commas, quotes and line breaks") {
    const auto records = csv_records("a,b\r\n\"1,2\",\"say \"\"x\"\"\n\"\n,\n");
    REQUIRE(records.size() == 3);
    CHECK(records[1] == std::vector<std::string>{"1,2", "say \"x\"\n"});
    CHECK(records[2] == std::vector<std::string>{"", ""});
    CHECK_THROWS(csv_records("a,b\n1"));
    CHECK_THROWS(csv_records("a\n\"1\n"));
}
