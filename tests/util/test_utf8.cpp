#include "util/utf8.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;

TEST_CASE("valid text is told from bytes that are none") {
    CHECK(utf8::is_valid(""));
    CHECK(utf8::is_valid("plain é 中 \U0001F600 \U0010FFFF"));
    CHECK(utf8::is_valid(std::string("\0", 1)));
    for (const char* bad :
         {"\x80", "\xbf", "\xc3", "\xc3(", "\xe2\x82", "\xf0\x9f\x98", "\xc0\xaf", "\xc1\x81",
          "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "ok\xfe"}) {
        CAPTURE(bad);
        CHECK_FALSE(utf8::is_valid(bad));
    }
}

TEST_CASE("characters are taken one by one") {
    CHECK(utf8::first_character("a").code == U'a');
    CHECK(utf8::first_character("é!").code == 0xe9);
    CHECK(utf8::first_character("é!").bytes == 2);
    CHECK(utf8::first_character("\U0001F600").code == 0x1f600);
    CHECK(utf8::first_character("\xff").bytes == 0);
}

TEST_CASE("what is appended is what is read") {
    for (const char32_t code : {U'\x01', U'a', U'\x7f', U'\x80', U'\u07ff', U'\u0800', U'\uffff',
                                U'\U00010000', U'\U0010ffff'}) {
        std::string text;
        utf8::append(text, code);
        CHECK(utf8::first_character(text).code == code);
        CHECK(utf8::first_character(text).bytes == text.size());
        CHECK(utf8::length(text) == 1);
    }
}

TEST_CASE("a text is shortened between characters") {
    CHECK(utf8::shortened("äöü", 3) == "äöü");
    CHECK(utf8::shortened("äöüß", 3) == "äöü…");
    CHECK(utf8::shortened("", 3) == "");
    CHECK(utf8::shortened("\xff\xff\xff\xff", 3) == "\xff\xff\xff…");
}

TEST_CASE("what cannot be printed or carried by XML is found") {
    CHECK(utf8::first_unprintable("a é 中 \U0001F600") == "");
    CHECK(utf8::first_unprintable("ab\nc") == "\n");
    CHECK(utf8::first_unprintable("\u0085") == "\u0085");
    CHECK(utf8::first_unprintable("a\uffff") == "\uffff");
    CHECK(utf8::first_unprintable("a\xff z") == "\xff");
}
