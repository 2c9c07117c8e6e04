#include "orders/result_columns.h"

#include <doctest/doctest.h>

using namespace domspool::result_columns;

TEST_CASE("the number of an order is read whatever a spreadsheet made of it") {
    for (const char* cell : {"3", "003", " 3 ", "3.0", "3,00", "'3", "' 3", "\u00a03", "0003.0"}) {
        CAPTURE(cell);
        CHECK(order_number_in(cell) == 3);
    }
    CHECK(order_number_in("1234567") == 1234567);
    for (const char* cell : {"", "0", "-3", "+3", "3.1", "3,000", "1.000", "3.", ".0", "3 4", "3e2",
                             "x", "#REF!", "1234567890123456", "Mar-3", "3,0,0"}) {
        CAPTURE(cell);
        CHECK_FALSE(order_number_in(cell));
    }
}

TEST_CASE("result columns are known by their names") {
    CHECK(is_one("order_id"));
    CHECK(is_one("ledger"));
    CHECK(is_one("previous_nameservers"));
    CHECK_FALSE(is_one("reference"));
    CHECK_FALSE(is_one("Ledger"));
}
