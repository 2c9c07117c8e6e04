#include "orders/encoded_twice.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

// As a program does it that takes UTF-8 for Windows-1252: the bytes of the name, one by one; made
// by Python's codecs, of which five bytes are holes in Windows-1252.
struct Twice {
    const char* written;
    const char* meant;
};
constexpr Twice kNames[] = {
    {"StraÃŸe", "Straße"},
    {"DoÄŸan", "Doğan"},
    {"MÃ¼ller", "Müller"},
    {"RenÃ©", "René"},
    {"Ã‰milie", "Émilie"},
    {"BjÃ¶rn", "Björn"},
    {"NuÃ±ez", "Nuñez"},
    {"FranÃ§ois", "François"},
    {"Å\u0081ukasz", "Łukasz"},  // A hole.
    {"MÃ\u0081rquez", "MÁrquez"},
    {"Ã\u008dÃ±igo", "Íñigo"},
    {"WÃ³jcik", "Wójcik"},
    {"Å»ak", "Żak"},
    {"Å½ižek", ""},  // ž by itself was not encoded twice: no such text.
    {"DvoÅ™Ã¡k", "Dvořák"},
    {"Å˜ehoÅ™", "Řehoř"},
    {"Ä\u008cech", "\u010cech"},
    {"ÃžÃ³r", "Þór"},
    {"Nguyá»…n", "Nguyễn"},
    {"Î‘Î¸Î®Î½Î±", "Αθήνα"},
    {"Ð˜Ð²Ð°Ð½", "Иван"},
    {"Oâ€™Brien", "O’Brien"},
    {"NiccolÃ\u00a0", "Niccolà"},
    {"NiccolÃ", "Niccolà"},
    {"CafÃ© â€“ Bar", "Café – Bar"},
    {"StraÃƒÅ¸e", "Straße"},  // Three times.
    {"ðŸ˜€", "😀"},
};

}  // namespace

TEST_CASE("what was encoded twice is told with what was meant") {
    for (const Twice& name : kNames) {
        CAPTURE(std::string(name.written));
        const std::string meant = meant_by_encoded_twice(name.written).value_or("");
        CHECK(meant == name.meant);
    }
}

TEST_CASE("names that only look odd are what they seem to be") {
    for (const char* name :
         {"Ångström",    "Übel",      "Çağla",     "Łukasz",     "Nguyễn",     "Ñandú",
          "Ä & Ö GmbH",  "O'Brien",   "Jean-Ægir", "KNÍŽEK",     "TOMÁŠ",      "CAFÉ’S",
          "Großmann",    "ÍŽA",       "IRMÃ",      "São João",   "Ærø",        "Žižek",
          "É™ Records",  "ÉCOLE “À”", "Þórðr",     "naïve café", "GROß–KLEIN", "BĂŞESCU",
          "Weiß’s Café", "ÚŽICE",     "50 € – ½",  "Straße",     "Müller",     "ß",
          "Doğan",       "Ελλάς",     "Иван",      "日本",       "x",          ""}) {
        CAPTURE(std::string(name));
        CHECK_FALSE(meant_by_encoded_twice(name).has_value());
    }
}

TEST_CASE("bytes that are no UTF-8 are no text") {
    CHECK_FALSE(meant_by_encoded_twice("\xc3\x28").has_value());
}
