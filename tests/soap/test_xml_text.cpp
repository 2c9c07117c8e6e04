#include "soap/xml_text.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool::soap;

TEST_CASE("UTF-8 of printable characters may stand in XML") {
    CHECK(is_xml_text(""));
    CHECK(is_xml_text("a\tb\r\nc"));
    CHECK(is_xml_text("Łódź, Ștefan, bücher"));
    CHECK(is_xml_text("\xf0\x9f\x98\x80"));
    CHECK(is_xml_text("\xef\xbf\xbd"));
}

TEST_CASE("control characters and broken UTF-8 may not") {
    const std::string bad[] = {std::string("a\0b", 3),
                               "\x01",
                               "\x1b[0m",
                               "\xff",
                               "\xc3",
                               "\x80",
                               "\xc0\xaf",
                               "\xe2\x82",
                               "\xed\xa0\x80",
                               "\xf5\x80\x80\x80",
                               "\xef\xbf\xbf",
                               "\xe0\x80\x80",
                               "\xf4\x90\x80\x80"};
    for (const std::string& text : bad) {
        CAPTURE(text.size());
        CHECK_FALSE(is_xml_text(text));
    }
}

TEST_CASE("escaping keeps a carriage return from becoming a line feed") {
    CHECK(escape("a<b>&\"c\r\n") == "a&lt;b&gt;&amp;&quot;c&#13;\n");
}

TEST_CASE("names of elements are plain") {
    CHECK(is_element_name("ns1"));
    CHECK(is_element_name("_a.b-c"));
    CHECK_FALSE(is_element_name(""));
    CHECK_FALSE(is_element_name("1a"));
    CHECK_FALSE(is_element_name("a b"));
    CHECK_FALSE(is_element_name("a>b"));
}

TEST_CASE("a prefix is taken off") {
    CHECK(local_part("ns1:StructContact") == "StructContact");
    CHECK(local_part("Map") == "Map");
    CHECK(local_part("") == "");
}
