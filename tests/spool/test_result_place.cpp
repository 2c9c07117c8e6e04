#include "spool/result_place.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("a result stands beside its order file") {
    CHECK(result_path_beside("orders.csv") == "orders.result.csv");
    CHECK(result_path_beside("in/orders.yaml") == "in/orders.result.csv");
    CHECK(result_path_beside("/srv/ORDERS.CSV") == "/srv/ORDERS.result.csv");
    CHECK(result_path_beside("./a.b.csv") == "./a.b.result.csv");
}

TEST_CASE("a dot of a folder, or in front, is no ending") {
    CHECK(result_path_beside("in.d/orders") == "in.d/orders.result.csv");
    CHECK(result_path_beside("in/.orders") == "in/.orders.result.csv");
}

TEST_CASE("standard input has no side") {
    CHECK(result_path_beside("-").empty());
    CHECK(result_path_beside("").empty());
}
