#include "orders/spreadsheet_dates.h"

#include <doctest/doctest.h>

using namespace domspool::spreadsheet_dates;

TEST_CASE("two or three numbers, or a month and one or two, are a date") {
    for (const char* text : {"1/2", "1.2.2026", "2026-03-01", "1 Mar", "mar 1", "1. mai 26",
                             "SEPT2", "2 d\u00e9c. 2026", "ott-5"}) {
        CAPTURE(text);
        CHECK(is_date(text));
    }
    for (const char* text : {"", "1", "may", "1/2/3/4", "mar-1.com", "123/4", "1:2", "1 mar mar",
                             "K-1", "12345-6", "Markt 5"}) {
        CAPTURE(text);
        CHECK_FALSE(is_date(text));
    }
}

TEST_CASE("a time has a colon or says which half of the day it is in") {
    for (const char* text : {"12:30", "0:05:00", "5 pm", "5a", "12:30 AM"}) {
        CAPTURE(text);
        CHECK(is_time(text));
    }
    for (const char* text : {"", "12", "12 x", "pm", "1:2:3:4", "a5"}) {
        CAPTURE(text);
        CHECK_FALSE(is_time(text));
    }
    CHECK(is_same_time("12 am", "0:00"));
    CHECK(is_same_time("12 pm", "12:00"));
}
