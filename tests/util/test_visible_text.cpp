#include "util/visible_text.h"

#include <doctest/doctest.h>

#include <string>

using domspool::visible_text;

TEST_CASE("plain and accented text stays as it is") {
    CHECK(visible_text("a b~ \u00e9 \u4e2d \U0001F600") == "a b~ \u00e9 \u4e2d \U0001F600");
}

TEST_CASE("what could drive a terminal is shown, not sent") {
    CHECK(visible_text("a\x1b[2Jb") == "a\\x1b[2Jb");
    CHECK(visible_text("a\nb\rc\td\x7f") == "a\\nb\\rc\\td\\x7f");
    CHECK(visible_text("a\u009bb") == "a\\xc2\\x9bb");
    CHECK(visible_text("a\u2028b") == "a\\xe2\\x80\\xa8b");
    CHECK(visible_text("moc.\u202eelpmaxe") == "moc.\\xe2\\x80\\xaeelpmaxe");
    CHECK(visible_text(std::string("a\0b", 3)) == "a\\x00b");
}

TEST_CASE("bytes that are no UTF-8 are shown one by one") {
    CHECK(visible_text("caf\xe9!") == "caf\\xe9!");
    CHECK(visible_text("\xc3") == "\\xc3");
    CHECK(visible_text("\xc0\xaf") == "\\xc0\\xaf");           // '/' in too long a form
    CHECK(visible_text("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate
    CHECK(visible_text("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
    CHECK(visible_text("\xe2\x82") == "\\xe2\\x82");
}
