#include "report/terminal/text_width.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("Chinese, Japanese and Korean letters and emoji take two columns, marks none") {
    CHECK(text_width("") == 0);
    CHECK(text_width("bücher") == 6);
    CHECK(text_width("例え.jp") == 7);
    CHECK(text_width("한국") == 4);
    CHECK(text_width("\xF0\x9F\x98\x80") == 2);  // an emoji
    CHECK(text_width("e\xCC\x81") == 1);         // e and a combining accent
}

TEST_CASE("bytes that are no UTF-8 take a column each and break nothing") {
    CHECK(text_width("a\xFF\xC3") == 3);
    CHECK(wrapped("\xFF\xFF\xFF", 2).size() == 2);
}

TEST_CASE("padding counts columns, not bytes") {
    CHECK(padded("例", 4) == "例  ");
    CHECK(padded("7", 3, Align::right) == "  7");
    CHECK(padded("wider", 3) == "wider");
}

TEST_CASE("a cut text never takes more columns than it is given, and no half letter") {
    CHECK(cut_to_width("example", 7) == "example");
    CHECK(cut_to_width("example", 4) == "exa…");
    CHECK(cut_to_width("例例例", 4) == "例…");
    CHECK(cut_to_width("例", 1) == "…");
    CHECK(cut_to_width("x", 0).empty());
}

TEST_CASE("lines break at blanks, a long word within itself") {
    CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrapped("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
    CHECK(wrapped("", 10) == std::vector<std::string>{""});
    CHECK(wrapped("one     two", 5) == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a wide letter in a single column ends the line all the same") {
    CHECK(wrapped("例例", 1).size() == 2);
    CHECK(wrapped("ab", 0).size() == 2);
}

TEST_CASE("no letter is lost by breaking, whatever the width") {
    const std::string text = "Der Name bücher.example 例え is pending since yesterday";
    for (int width = 1; width < 60; ++width) {
        std::string letters;
        for (const std::string& line : wrapped(text, width)) {
            CHECK((width == 1 || text_width(line) <= width));
            letters += line;
        }
        std::string expected = text, found = letters;
        std::erase(expected, ' ');
        std::erase(found, ' ');
        CHECK(found == expected);
    }
}
