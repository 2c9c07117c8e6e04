#include "orders/country_codes.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;

TEST_CASE("countries are the 249 of ISO 3166-1") {
    int countries = 0;
    for (char a = 'A'; a <= 'Z'; ++a) {
        for (char b = 'A'; b <= 'Z'; ++b) countries += country_codes::is_country(std::string{a, b});
    }
    CHECK(countries == 249);
    CHECK(country_codes::is_country("FR"));
    CHECK(country_codes::is_country("ZW"));
    for (const char* none : {"", "F", "UK", "EU", "fr", "FRA", "D ", " D", "AD AE"}) {
        CAPTURE(none);
        CHECK_FALSE(country_codes::is_country(none));
    }
}

TEST_CASE("ten countries have areas, each its own") {
    // (API, "Contacts")
    for (const char* country : {"AU", "BR", "CA", "ES", "GB", "IE", "IT", "JP", "MX", "US"}) {
        CHECK(country_codes::wants_area(country));
        CHECK_FALSE(country_codes::is_area(country, ""));
        CHECK_FALSE(country_codes::is_area(country, "ZZZZ"));
    }
    CHECK_FALSE(country_codes::wants_area("FR"));
    CHECK_FALSE(country_codes::wants_area(""));
    CHECK(country_codes::is_area("US", "DC"));
    CHECK_FALSE(country_codes::is_area("US", "ON"));
    CHECK(country_codes::is_area("CA", "ON"));
    CHECK(country_codes::is_area("JP", "47"));
    CHECK_FALSE(country_codes::is_area("JP", "48"));
    CHECK_FALSE(country_codes::is_area("GB", "Lnd"));
}

TEST_CASE("a calling code is known by its first digits") {
    CHECK(country_codes::calling_code_length("12025550123") == 1);
    CHECK(country_codes::calling_code_length("74955550123") == 1);
    CHECK(country_codes::calling_code_length("33155501234") == 2);
    CHECK(country_codes::calling_code_length("49305550123") == 2);
    CHECK(country_codes::calling_code_length("352621555123") == 3);
    CHECK(country_codes::calling_code_length("213215550123") == 3);
    CHECK(country_codes::calling_code_length("420255501234") == 3);
    CHECK(country_codes::calling_code_length("0155501234") == 0);
    CHECK(country_codes::calling_code_length("33") == 0);
}
