#include "orders/country_codes.h"
#include "orders/place_names.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::place_names;

TEST_CASE("countries are known by their names and by other codes") {
    for (const auto& [name, code] : {std::pair{"UK", "GB"},
                                     {"uk", "GB"},
                                     {"EL", "GR"},
                                     {"France", "FR"},
                                     {"FRANCE", "FR"},
                                     {"Deutschland", "DE"},
                                     {"Österreich", "AT"},
                                     {"España", "ES"},
                                     {"FRA", "FR"},
                                     {"USA", "US"},
                                     {"United States", "US"},
                                     {"Great Britain", "GB"},
                                     {"Côte d'Ivoire", "CI"},
                                     {"Czech Republic", "CZ"},
                                     {"Afghanistan", "AF"},
                                     {"Zimbabwe", "ZW"}}) {
        CAPTURE(std::string(name));
        CHECK(country_named(name) == code);
    }
    for (const char* name : {"", "-", "F", "Atlantis", "rance", "FR;"}) {
        CAPTURE(std::string(name));
        CHECK(country_named(name) == "");
    }
}

TEST_CASE("parts of countries are known by their names, and their codes are right") {
    for (const auto& [country, name, code] : {std::tuple{"US", "California", "CA"},
                                              {"US", "new york", "NY"},
                                              {"CA", "Québec", "QC"},
                                              {"CA", "Ontario", "ON"},
                                              {"AU", "New South Wales", "NSW"},
                                              {"IE", "Dublin", "D"},
                                              {"JP", "Tokyo", "13"},
                                              {"BR", "São Paulo", "SP"},
                                              {"MX", "Jalisco", "JAL"},
                                              {"ES", "Barcelona", "B"},
                                              {"IT", "Milano", "MI"}}) {
        CAPTURE(std::string(name));
        CHECK(area_named(country, name) == code);
        CHECK(country_codes::is_area(country, code));
    }
    CHECK(area_named("FR", "California") == "");
    CHECK(area_named("US", "Bavaria") == "");
}
