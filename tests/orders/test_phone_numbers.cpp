#include "orders/phone_numbers.h"

#include <doctest/doctest.h>

using domspool::phone_numbers::reason_against;

TEST_CASE("numbers that can exist pass, whether they do or not") {
    for (const char* phone :
         {"+33 123456789",  "+33 199001234",   "+1 2025550101",   "+44 2079460123",
          "+49 3012345",    "+49 15123456789", "+352 27555010",   "+352 621123456",
          "+39 0612345678", "+39 3331234567",  "+34 915550100",   "+31 205550101",
          "+358 912345",    "+41 225550100",   "+54 91123456789", "+52 15512345678",
          "+52 5512345678", "+378 0549886377", "+225 0712345678", "+86 13812345678",
          "+7 4951234567",  "+91 9812345678",  "+800 12345678",   "+30 2101234567"}) {
        CAPTURE(phone);
        CHECK(reason_against(phone) == "");
    }
}

TEST_CASE("numbers that no country has are refused") {
    CHECK(reason_against("+33 12345") == "has too few digits for a number of +33");
    CHECK(reason_against("+33 1234567890") == "has too many digits for a number of +33");
    CHECK(reason_against("+1 20255501011") == "has too many digits for a number of +1");
    CHECK(reason_against("+999 123456789") == "begins with +999, which is no country's code");
    CHECK(reason_against("+33 0000000000") != "");
}

TEST_CASE("the zero of numbers dialled inside the country is told with the number without it") {
    CHECK(reason_against("+33 0123456789") ==
          "has the 0 of numbers dialled inside the country; is '+33 123456789' meant?");
    CHECK(reason_against("+49 03012345678").find("'+49 3012345678'") != std::string::npos);
    CHECK(reason_against("+44 02079460123").find("'+44 2079460123'") != std::string::npos);
}
