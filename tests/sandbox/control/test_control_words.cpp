#include "sandbox/control/control_words.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace domspool::sandbox;

namespace {

Fields field(const std::string& word) {
    Fields fields;
    set_domain_field(fields, word);
    return fields;
}

std::string first_known(std::string (*read)(std::istringstream&), const std::string& text) {
    std::istringstream words(text);
    return read(words);
}

}  // namespace

TEST_CASE("numbers are read to their last sign and within their bounds") {
    CHECK(decimal("0.25", 0, 1) == doctest::Approx(0.25));
    CHECK(whole("-12") == -12);
    CHECK(cents("12.345") == 1235);
    CHECK(cents("-0.01") == -1);
    for (const char* text : {"", "x", "1x", "1,5", "nan", "inf", "2", "-0.1", "1e300"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(decimal(text, 0, 1), std::invalid_argument);
    }
    for (const char* text : {"", "1.0", "12 ", "99999999999999999999"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(whole(text), std::invalid_argument);
    }
}

TEST_CASE("words follow one another, and what is missing is named") {
    std::istringstream words("fail 12   for no reason");
    CHECK(next_word(words, "verb") == "fail");
    CHECK(next_word(words, "id") == "12");
    CHECK(rest_of(words) == "for no reason");
    CHECK(rest_of(words).empty());
    CHECK_THROWS_WITH(next_word(words, "operation id"), "missing: operation id");
}

TEST_CASE("only what a domain has can be set, in its form") {
    CHECK(field("ns=a.example,b.example") == Fields{{"ns", "a.example b.example"}});
    CHECK(field("status=ACTIVE,_NOT_DELEGATED") == Fields{{"status", "ACTIVE, NOT DELEGATED"}});
    CHECK(field("ds=17_2_ABCD") == Fields{{"ds", "17 2 ABCD"}});
    CHECK(field("note=a_b,c=d") == Fields{{"note", "a_b,c=d"}});
    CHECK(field("IsSigned=1") == Fields{{"IsSigned", "1"}});
    CHECK(field("dateExpiration=2028-02-29") == Fields{{"dateExpiration", "2028-02-29"}});
    for (const char* word : {"ns", "isSigned=1", "IsSigned=2", "IsSigned=", "dateExpiration=soon",
                             "dateExpiration=2027-02-29", "=x", "owner=x"}) {
        CAPTURE(word);
        CHECK_THROWS_AS(field(word), std::invalid_argument);
    }
}

TEST_CASE("extensions and operation codes are known in any letter case") {
    CHECK(first_known(known_extension, "CO.UK") == "co.uk");
    CHECK(first_known(known_operation_code, "domainAuthID") == "domainauthid");
    CHECK_THROWS_AS(first_known(known_extension, ".com"), std::invalid_argument);
    CHECK_THROWS_AS(first_known(known_extension, ""), std::invalid_argument);
    CHECK_THROWS_AS(first_known(known_operation_code, "domain"), std::invalid_argument);
}
