#include "orders/money.h"

#include <doctest/doctest.h>

#include <limits>

using namespace domspool;

TEST_CASE("an amount is read to the cent") {
    CHECK(parse_money("12.50 EUR") == Money{1250, "EUR"});
    CHECK(parse_money("12.5 EUR") == Money{1250, "EUR"});
    CHECK(parse_money("12 USD") == Money{1200, "USD"});
    CHECK(parse_money("0 EUR") == Money{0, "EUR"});
    CHECK(parse_money("0.01 EUR") == Money{1, "EUR"});
}

TEST_CASE("an amount that is not clear is refused") {
    for (const char* text : {"",           "12.50",        "EUR",        "EUR 12.50",
                             "12,50 EUR",  "1.000,00 EUR", "12.505 EUR", "-1 EUR",
                             "+1 EUR",     "1e3 EUR",      "12. EUR",    ".5 EUR",
                             "12.50  EUR", "12.50 eur",    "12.50 EURO", "12.50EUR",
                             " 12.50 EUR", "12.50 EUR ",   "0x10 EUR",   "9999999999999999 EUR"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_money(text));
    }
}

TEST_CASE("a registrar's decimal is read, and never counted too low") {
    CHECK(parse_cents("1093.00") == 109'300);
    CHECK(parse_cents("12.5") == 1250);
    CHECK(parse_cents("12") == 1200);
    CHECK(parse_cents("-3.20") == -320);
    CHECK(parse_cents("9.5000") == 950);
    CHECK(parse_cents("9.501") == 951);
    CHECK(parse_cents("9.999") == 1000);
    CHECK_FALSE(parse_cents(""));
    CHECK_FALSE(parse_cents("-"));
    CHECK_FALSE(parse_cents("9,50"));
    CHECK_FALSE(parse_cents("9."));
    CHECK_FALSE(parse_cents("9.5 "));
    CHECK_FALSE(parse_cents("9.5.1"));
    CHECK_FALSE(parse_cents("1e3"));
}

TEST_CASE("money is written as it is read") {
    CHECK(to_text(Money{1250, "EUR"}) == "12.50 EUR");
    CHECK(to_text(Money{5, "EUR"}) == "0.05 EUR");
    CHECK(to_text(Money{0, "EUR"}) == "0.00 EUR");
    CHECK(to_text(Money{-320, "EUR"}) == "-3.20 EUR");
    CHECK(to_text(Money{-5, "EUR"}) == "-0.05 EUR");
    CHECK(to_text(Money{std::numeric_limits<std::int64_t>::min(), "EUR"}) ==
          "-92233720368547758.08 EUR");
}
