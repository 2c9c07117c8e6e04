#include "orders/post_codes.h"

#include <doctest/doctest.h>

using namespace domspool::post_codes;

TEST_CASE("zeros that a spreadsheet took away are put back where the length is fixed") {
    const auto padded = [](const char* country, const char* code) {
        return with_lost_zeros(country, code).value_or("");
    };
    CHECK(padded("FR", "1000") == "01000");
    CHECK(padded("DE", "1067") == "01067");
    CHECK(padded("IT", "118") == "00118");
    CHECK(padded("US", "2138") == "02138");
    CHECK(padded("US", "501") == "00501");
    CHECK(padded("NO", "150") == "0150");
    CHECK(padded("ZA", "1") == "0001");
    CHECK(padded("JP", "640941") == "0640941");
}

TEST_CASE("codes that are whole, or of no fixed length, stay") {
    for (const auto& [country, code] : {std::pair{"FR", "75001"},
                                        {"FR", "75 001"},
                                        {"DE", "01067"},
                                        {"AT", "101"},
                                        {"GB", "SW1A 1AA"},
                                        {"LU", "L-1111"},
                                        {"US", "90001-1234"},
                                        {"IE", "D02"},
                                        {"PT", "1000-001"},
                                        {"HK", "0"},
                                        {"CH", "800"},
                                        {"", "1000"},
                                        {"FR", ""}}) {
        CAPTURE(country);
        CAPTURE(code);
        CHECK_FALSE(with_lost_zeros(country, code).has_value());
    }
}

TEST_CASE("a placeholder passes only where no code may be") {
    for (const char* code : {"-", "0", "000", "00000"}) {
        CAPTURE(code);
        CHECK(is_placeholder("FR", code));
        CHECK(is_placeholder("GB", code));
        for (const char* country : {"AE", "HK", "QA", "BS", "UG", "IE", "", "XX"}) {
            CAPTURE(country);
            CHECK_FALSE(is_placeholder(country, code));
        }
    }
    CHECK_FALSE(is_placeholder("FR", "00100"));
    CHECK_FALSE(is_placeholder("FR", ""));
}
