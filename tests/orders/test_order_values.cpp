#include "orders/order_values.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::order_values;

TEST_CASE("blanks at the ends go, those inside stay") {
    CHECK(trimmed(" \t\u00a0a b\u00a0 \r\n") == "a b");
    CHECK(trimmed(" \u00a0 ") == "");
    CHECK(trimmed("") == "");
    CHECK(trimmed("à") == "à");  // Its last byte is that of a no-break space.
}

TEST_CASE("words stand between blanks of any number") {
    CHECK(words_of(" a\tb \n c") == std::vector<std::string>{"a", "b", "c"});
    CHECK(words_of(" ").empty());
}

TEST_CASE("numbers are digits and nothing else") {
    CHECK(number_of("0") == 0);
    CHECK(number_of("007") == 7);
    CHECK(number_of("999999999") == 999'999'999);
    for (const char* text : {"", "1000000000", "-1", "+1", "1.0", " 1", "1 ", "x", "１"}) {
        CAPTURE(text);
        CHECK_FALSE(number_of(text));
    }
}

TEST_CASE("contact ids are initials and a number, or the registrar's own") {
    for (const char* id : {"GK521", "AB1", "TRUST4FR", "NETIM4EE", "XX1234567890"}) {
        CAPTURE(id);
        CHECK(is_contact_id(id));
    }
    for (const char* id :
         {"", "GK", "521", "G5", "gk521", "GK-5", "GK 5", "GKé5", "#AUTO#", "XX12345678901"}) {
        CAPTURE(id);
        CHECK_FALSE(is_contact_id(id));
    }
}

TEST_CASE("a key is written as it is read") {
    const auto key = dnssec_key_of(" 256  3 8 AwEA\nAQ== ");
    REQUIRE(key);
    CHECK(to_value(*key) == "256 3 8 AwEAAQ==");
    CHECK(dnssec_key_of(to_value(*key)) == key);
}
