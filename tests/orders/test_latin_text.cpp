#include "orders/latin_text.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;

TEST_CASE("all accents of Latin Extended-A are joined to their letters") {
    CHECK(latin_text::tidied("e\u0301a\u0300o\u0302n\u0303a\u0304g\u0306z\u0307") == "éàôñāğż");
    CHECK(latin_text::tidied("u\u0308u\u030ao\u030bc\u030cs\u0326c\u0327a\u0328") == "üůőčșçą");
    CHECK(latin_text::tidied("I\u0307Y\u0308") == "İŸ");
    // No such letter: left as it is.
    CHECK(latin_text::tidied("q\u0301") == "q\u0301");
    CHECK(latin_text::tidied("\u0301a") == "\u0301a");
}

TEST_CASE("blanks become one space, line breaks stay") {
    CHECK(latin_text::tidied(" a \t\u00a0\u2003\u202f\u3000b ") == "a b");
    CHECK(latin_text::tidied("a\nb") == "a\nb");
    CHECK(latin_text::tidied(" \t ") == "");
}

TEST_CASE("apostrophes become one sign, other quotes stay") {
    CHECK(latin_text::tidied("‘a’‛b`c´d′eʼf") == "'a''b'c'd'e'f");
    CHECK(latin_text::tidied("“a”") == "“a”");
}

TEST_CASE("what is not UTF-8 is left alone and found") {
    CHECK(latin_text::tidied(" caf\xe9 ") == " caf\xe9 ");
    CHECK(latin_text::first_stranger("caf\xe9", " ") == "\xe9");
}

TEST_CASE("letters are those of ISO 8859-1 and Latin Extended-A, and s and t with comma") {
    CHECK(latin_text::first_stranger("AZazÀÿĀſȘșȚț", "") == "");
    for (const char* other : {"×", "÷", "ª", "ƀ", "Ȁ", "ʼ", "α", "я", "中", "ﬁ", "1", " "}) {
        CAPTURE(other);
        CHECK(latin_text::first_stranger(std::string("a") + other + "b", "") == other);
    }
    CHECK(latin_text::first_stranger("a1 b", " 1") == "");
}
