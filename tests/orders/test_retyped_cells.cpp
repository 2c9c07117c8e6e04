#include "orders/retyped_cells.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace domspool;
using namespace domspool::retyped_cells;

namespace {

const std::vector<std::string> kEndangered = {"=1+1",
                                              "+33 123456789",
                                              "-1",
                                              "@SUM(A1)",
                                              "\t=1",
                                              "\r1",
                                              "0071",
                                              "01000",
                                              "00",
                                              "123456789012",
                                              "1234567890123456",
                                              "1.50",
                                              "1,5",
                                              ".5",
                                              "1e5",
                                              "12E10",
                                              "1.23457E+11",
                                              "1/2",
                                              "3-4",
                                              "1.2.26",
                                              "2026-03-01",
                                              "01/03/2026",
                                              "75 001",
                                              "12:30",
                                              "1:2",
                                              "5 pm",
                                              "12:30:15 AM",
                                              "5%",
                                              "$5",
                                              "5 \u20ac",
                                              "(12)",
                                              "Mar-1",
                                              "MAR1",
                                              "1 mai 2026",
                                              "Sept 2",
                                              "3. M\u00e4rz",
                                              "true",
                                              "FALSE",
                                              " 0071",
                                              "M\u00e4r 26",
                                              "d\u00e9c-24"};

const std::vector<std::string> kSafe = {"",
                                        "71",
                                        "0",
                                        "12345678901",
                                        "K-0071",
                                        "first-shop.com",
                                        "5 Rue Test",
                                        "12 Sample Road",
                                        "AB1234",
                                        "15.00 EUR",
                                        "E13-M1306",
                                        "Carl",
                                        "it's",
                                        "'quoted'",
                                        "Markt 5",
                                        "carl@example.org",
                                        "ns1.example.net",
                                        "May",
                                        "truly",
                                        "257 3 13 AwEAAc",
                                        "1st",
                                        "2026-11-25T02:00:00.000Z"};

}  // namespace

TEST_CASE("texts that a spreadsheet makes others of are known, all else is not touched") {
    for (const std::string& text : kEndangered) {
        CAPTURE(text);
        CHECK(may_be_retyped(text));
        CHECK(guarded(text) == "'" + text);
    }
    for (const std::string& text : kSafe) {
        CAPTURE(text);
        CHECK_FALSE(may_be_retyped(text));
        CHECK(guarded(text) == text);
        CHECK(unguarded(text) == text);
    }
}

TEST_CASE("what was guarded is read again as it was, however many marks it had") {
    std::vector<std::string> texts = kEndangered;
    texts.insert(texts.end(), kSafe.begin(), kSafe.end());
    for (const std::string& text : texts) {
        for (const char* marks : {"", "'", "''", "'''"}) {
            CAPTURE(marks + text);
            CHECK(unguarded(guarded(marks + text)) == marks + text);
        }
    }
}

TEST_CASE("a number is the same without its leading zeros, its sign and its last noughts") {
    for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{{"0071", "71"},
                                                                               {"01000", "1000"},
                                                                               {"+71", "71"},
                                                                               {"1.50", "1.5"},
                                                                               {"1,50", "1.5"},
                                                                               {"71", "71.0"},
                                                                               {"0", "000"},
                                                                               {"1E+05", "100000"},
                                                                               {"-5", "-5.0"}}) {
        CAPTURE(a);
        CHECK(may_be_the_same(a, b));
        CHECK(may_be_the_same(b, a));
    }
    for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
             {"71", "710"}, {"0071", "0072"}, {"5", "-5"}, {"1.5", "15"}, {"71", "K-71"}}) {
        CAPTURE(a);
        CHECK_FALSE(may_be_the_same(a, b));
    }
}

TEST_CASE("of long numbers the digits that a spreadsheet loses do not count") {
    const std::string sixteen = "1234567890123456";
    CHECK(may_be_the_same(sixteen, "1234567890123450"));      // cut
    CHECK(may_be_the_same(sixteen, "1234567890123460"));      // rounded
    CHECK(may_be_the_same(sixteen, "1.23457E+15"));           // as it is shown
    CHECK(may_be_the_same(sixteen, "1,23456789012346E+15"));  // by another spreadsheet
    CHECK(may_be_the_same("123456789012", "1.23457E+11"));
    CHECK(may_be_the_same("9999999999999999", "1E+16"));
    CHECK(may_be_the_same("9999999999999999", "10000000000000000"));
    CHECK_FALSE(may_be_the_same(sixteen, "1234567890123"));
    CHECK_FALSE(may_be_the_same(sixteen, "1.23457E+14"));
    CHECK_FALSE(may_be_the_same(sixteen, "1234567890123457"));
    // What is not long has not lost anything.
    CHECK_FALSE(may_be_the_same("123456", "123457"));
    CHECK_FALSE(may_be_the_same("123456789012345", "123456789012346"));
}

TEST_CASE("a date is the same in another form") {
    for (const auto& [a, b] :
         std::vector<std::pair<std::string, std::string>>{{"2026-03-01", "3/1/2026"},
                                                          {"2026-03-01", "01.03.2026"},
                                                          {"2026-03-01", "1-Mar-26"},
                                                          {"1-2", "02-Jan"},
                                                          {"1-2", "01. Feb"},
                                                          {"1/2", "2026-01-02"},
                                                          {"3/2026", "Mar-26"},
                                                          {"MAR1", "1-Mar"},
                                                          {"12:30", "12:30:00"},
                                                          {"5 pm", "17:00"}}) {
        CAPTURE(a);
        CHECK(may_be_the_same(a, b));
        CHECK(may_be_the_same(b, a));
    }
    CHECK_FALSE(may_be_the_same("2026-03-01", "2026-03-02"));
    CHECK_FALSE(may_be_the_same("2026-03-01", "2025-03-01"));
    CHECK_FALSE(may_be_the_same("1-2", "1-3"));
    CHECK_FALSE(may_be_the_same("12:30", "12:31"));
}

TEST_CASE("quotes, blanks and TRUE are the same in another form, words are not") {
    CHECK(may_be_the_same("Rue d'Est", "Rue d\u2019Est"));
    CHECK(may_be_the_same(" 5  Rue Test\u00a0", "5 Rue Test"));
    CHECK(may_be_the_same("two\r\nlines", "two lines"));
    CHECK(may_be_the_same("'0071", "71"));
    CHECK(may_be_the_same("true", "TRUE"));
    CHECK_FALSE(may_be_the_same("Carl", "carl"));
    CHECK_FALSE(may_be_the_same("Carl", ""));
    CHECK_FALSE(may_be_the_same("true", "false"));
}
