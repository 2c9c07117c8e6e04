#include "spool/result_place.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("a result stands beside its order file") {
    CHECK(result_path_beside("orders.csv") == "orders.result.csv");
    CHECK(result_path_beside("./a.b.csv") == "./a.b.result.csv");
    CHECK(result_path_beside("in.d/orders") == "in.d/orders.result.csv");
    CHECK(result_path_beside("in/.csv") == "in/.csv.result.csv");
}

TEST_CASE("order files beside each other that differ in their ending have a result each") {
    CHECK(result_path_beside("in/orders.yaml") == "in/orders.yaml.result.csv");
    CHECK(result_path_beside("in/orders.yml") == "in/orders.yml.result.csv");
    CHECK(result_path_beside("in/orders.CSV") == "in/orders.CSV.result.csv");
}

TEST_CASE("standard input has no side") {
    CHECK(result_path_beside("-").empty());
    CHECK(result_path_beside("").empty());
}
