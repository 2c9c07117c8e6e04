#include "report/terminal/table_columns.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

TableColumns columns(const Look& look) {
    return TableColumns(look, {{"line", 5, Align::right},
                               {"domain", 20, Align::left, true},
                               {"state", 8},
                               {"order", 6, Align::right}});
}

}  // namespace

TEST_CASE("the domain takes what the terminal leaves") {
    // 50 columns: 5 + 8 + 6, three gaps of 2, the domain 25.
    CHECK(columns(Look{50, false}).header() ==
          " line  domain                     state      order\n");
    CHECK(columns(Look{50, false}).line({{"7"}, {"example.com"}, {"done"}, {"12"}}) ==
          "    7  example.com                done          12\n");
}

TEST_CASE("a pipe's columns are at least so wide, and nothing is cut") {
    CHECK(columns(Look{}).line({{"7"}, {"example.com"}, {"done"}, {"12"}}) ==
          "    7  example.com           done          12\n");
    const std::string name = std::string(60, 'a') + ".example";
    CHECK(columns(Look{}).line({{"7"}, {name}, {"done"}, {"12"}}) ==
          "    7  " + name + "  done          12\n");
}

TEST_CASE("wide letters do not push the columns aside") {
    const std::string line = columns(Look{50, false}).line({{"7"}, {"例え.jp"}, {"done"}, {"12"}});
    CHECK(line == "    7  例え.jp                    done          12\n");
    CHECK(text_width(line.substr(0, line.find("done"))) == 34);
}

TEST_CASE("a domain too wide has a line of its own") {
    CHECK(columns(Look{50, false})
              .line({{"7"}, {"a-name-that-is-too-wide.example"}, {"done"}, {"12"}}) ==
          "    7  a-name-that-is-too-wide.example\n"
          "                                  done          12\n");
}

TEST_CASE("a coloured cell leaves no blanks at the end of its line") {
    const TableColumns table(Look{50, true}, {{"domain", 20, Align::left, true}, {"state", 8}});
    CHECK(table.line({{"example.com"}, {"held", colour_of_state("held")}}) ==
          "example.com" + std::string(31, ' ') + "\x1b[35mheld\x1b[0m\n");
}

TEST_CASE("a name is shown in both forms, and what is no name harmless") {
    CHECK(shown_domain("example.com") == "example.com");
    CHECK(shown_domain("xn--bcher-kva.example") == "xn--bcher-kva.example (bücher.example)");
    CHECK(shown_domain("a_b") == "a_b");
    CHECK(shown_domain("\x1b[2J.com") == "\\x1b[2J.com");
    // A refused row shows the name as it was given.
    CHECK(shown_domain("Bücher.example") == "Bücher.example");
}
