#include "util/nearest_word.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("a mistyped word finds the known one") {
    const std::vector<std::string> known{"endpoint", "reseller_id", "lanes", "language"};
    CHECK(nearest_word("endpont", known) == "endpoint");
    CHECK(nearest_word("endpoitn", known) == "endpoint");
    CHECK(nearest_word("reseller-id", known) == "reseller_id");
    CHECK(nearest_word("Lanes", known) == "lanes");
    CHECK(nearest_word("lane", known) == "lanes");
}

TEST_CASE("a word far from all known ones finds none") {
    const std::vector<std::string> known{"endpoint", "lanes"};
    CHECK(nearest_word("password", known).empty());
    CHECK(nearest_word("", known).empty());
    CHECK(nearest_word(std::string(100'000, 'a'), known).empty());
    CHECK(did_you_mean("password", known).empty());
}

TEST_CASE("the proposal carries the prefix it is to be written with") {
    CHECK(did_you_mean("lanse", {"lanes"}, "registrar.") == "; did you mean 'registrar.lanes'?");
}
