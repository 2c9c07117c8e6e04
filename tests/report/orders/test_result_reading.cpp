#include "report/orders/result_reading.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("a result file is read back row by row") {
    const auto rows = read_result(
        "Domain,note,state,order_id,operation_id,code,message,price\n"
        "a.example,\"x, y\",done,7,5000001,,,9.50 EUR\n"
        "b.example,,failed,8,,E13-M1306,\"refused: \"\"taken\"\"\",\n"
        "c.example,,refused,,,,years 11 is too much,\n");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].domain == "a.example");
    CHECK(rows[0].outcome.state == "done");
    CHECK(rows[0].outcome.order == 7);
    CHECK(rows[0].outcome.operation == 5000001);
    CHECK(rows[0].outcome.price == Money{950, "EUR"});
    CHECK(rows[1].outcome.code == "E13-M1306");
    CHECK(rows[1].outcome.message == "refused: \"taken\"");
    CHECK_FALSE(rows[1].outcome.operation);
    CHECK_FALSE(rows[2].outcome.order);
}

TEST_CASE("a byte order mark, a stated end and guarded cells are read over") {
    const auto rows = read_result(
        "\xEF\xBB\xBF"
        "domain,state,order_id,message,ledger\n"
        "a.example,failed,7,'=1+1,5f1a\n"
        "#end,1\n");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].domain == "a.example");
    CHECK(rows[0].outcome.order == 7);
    CHECK(rows[0].outcome.message == "=1+1");
}

TEST_CASE("what is no result file, or is cut, tells nothing") {
    CHECK(read_result("").empty());
    CHECK(read_result("domain,years\na.example,1\n").empty());
    CHECK(read_result("domain,state,order_id,message\na.example,done,1,\nb.example,do").empty());
    CHECK(read_result("domain,state,order_id,message\na.example,done\n").empty());
}
