#include "orders/extension_rules.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

using Years = std::set<int>;

}  // namespace

TEST_CASE("periods are read in all the registrar's spellings") {
    // (API, "Extensions"): lists by ';' or ':', ranges by '-'.
    CHECK(parse_periods("1-10") == Years{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(parse_periods("1;3;5") == Years{1, 3, 5});
    CHECK(parse_periods("1:3") == Years{1, 3});
    CHECK(parse_periods("1-5:10") == Years{1, 2, 3, 4, 5, 10});
    CHECK(parse_periods("2-2") == Years{2});
    CHECK(parse_periods(" 1 - 2 ; 5 ") == Years{1, 2, 5});
    CHECK(parse_periods("1") == Years{1});
}

TEST_CASE("periods that cannot be read allow nothing") {
    for (const char* text : {"", " ", "0", "0-3", "5-1", "1-", "-1", "1;", ";1", "1;;2", "1,2",
                             "one", "1-1000", "101", "1-2-3", "1.5"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_periods(text));
    }
}
