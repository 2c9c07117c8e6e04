#include "orders/damaged_values.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

std::string reason_for(const std::string& field, const std::string& value,
                       const std::string& country = "FR") {
    FieldMap fields{{field, value}};
    fields.emplace("owner.country", country);
    for (const FieldFault& fault : damage_of(fields)) {
        if (fault.field == field) return fault.reason;
    }
    return "";
}

bool passes(const std::string& field, const std::string& value, const std::string& country = "FR") {
    return reason_for(field, value, country).empty();
}

}  // namespace

TEST_CASE("what programs write for nothing is refused in every field") {
    for (const char* field : {"domain", "reference", "owner.firstName", "owner.bodyName",
                              "owner.zipCode", "owner.phone", "tag", "note", "nameservers", "ns1",
                              "additional.EU_CITIZENSHIP", "max_price"}) {
        CAPTURE(field);
        for (const char* value : {"NULL", "\\N", "nan", "#N/A", " NULL ", "null", "NaN"}) {
            CAPTURE(value);
            CHECK_FALSE(passes(field, value));
        }
    }
    CHECK(reason_for("owner.bodyName", "NULL") == "stands for nothing; leave it empty");
}

TEST_CASE("what may be meant is refused only where anything may stand") {
    for (const char* value : {"-", "0", "N/A", "None", "n/a", "--"}) {
        CAPTURE(value);
        CHECK_FALSE(passes("owner.bodyName", value));
        CHECK_FALSE(passes("tag", value));
        CHECK_FALSE(passes("note", value));
        CHECK(passes("reference", value));
        CHECK(passes("owner.firstName", value));
    }
    // People and companies are called so.
    for (const char* name : {"Null", "Nan", "None", "Na"}) {
        CAPTURE(name);
        CHECK(passes("owner.lastName", name));
    }
    CHECK(passes("owner.bodyName", "Null & Nan Ltd."));
    CHECK(passes("lock", "0"));
}

TEST_CASE("a postcode for nothing passes where the country has none") {
    for (const char* code : {"-", "0", "000"}) {
        CAPTURE(code);
        CHECK(passes("owner.zipCode", code, "AE"));
        CHECK(passes("owner.zipCode", code, "HK"));
        CHECK_FALSE(passes("owner.zipCode", code, "FR"));
    }
    CHECK(reason_for("owner.zipCode", "1000") ==
          "has 4 digits, those of FR have 5; is '01000' meant? A spreadsheet may have taken the "
          "zero");
    CHECK(passes("owner.zipCode", "1000", "BE"));
}

TEST_CASE("EPP codes that something was done to are refused") {
    for (const char* code : {" xyz12345",
                             "xyz12345 ",
                             "\txyz",
                             "xyz\u00a012345",
                             "xyz12345\u00a0",
                             "\u201cxyz\u201d",
                             "xyz\u200b12345",
                             "\ufeffxyz",
                             "\u2018xyz\u2019",
                             "#NAME?",
                             "#N/A",
                             "NULL",
                             "=\"0012\"",
                             "a&amp;b12345",
                             "a&#38;b",
                             "a&#x26;b",
                             "&lt;abc",
                             "1.23457E+11",
                             "1,23457E+11",
                             "cod\u00e9",
                             "   ",
                             "a\nb"}) {
        CAPTURE(code);
        const std::string reason = reason_for("auth_code", code);
        CHECK_FALSE(reason.empty());
        CHECK(reason.find("12345") == std::string::npos);
        CHECK(reason.find("xyz") == std::string::npos);
    }
    for (const FieldFault& fault : damage_of({{"auth_code", " S3cret"}})) CHECK(fault.value == "");
}

TEST_CASE("EPP codes of any printable ASCII pass") {
    for (const char* code : {"0042", "000000", "a b", "a&b", "a&b;c", "&amp", "=abc", "'abc",
                             "\"abc\"", "#abc", "~!@#$%^&*()_+{}|:<>?", "1E5", "12E+34x", "-", "0",
                             "(kept)", "(wiped)", "a,b;c", "\\N1"}) {
        CAPTURE(code);
        CHECK(passes("auth_code", code));
    }
}

TEST_CASE("a number with decimals is no phone, and a phone must be possible") {
    CHECK_FALSE(passes("owner.phone", "+33123456789.0"));
    CHECK_FALSE(passes("owner.phone", "33123456789.00"));
    CHECK_FALSE(passes("owner.phone", "+33 123456789,0"));
    CHECK_FALSE(passes("owner.fax", "+33 0123456789"));
    CHECK_FALSE(passes("owner.phone", "+33 12345"));
    CHECK(passes("owner.phone", "+33.123456789"));
    CHECK(passes("owner.phone", "+33 1.23.45.67.80"));
    CHECK(passes("owner.phone", "0033 123456789"));
    CHECK(passes("owner.phone", "'+33 123456789"));
    // Told by the rules of contacts.
    CHECK(passes("owner.phone", "0123456789"));
}

TEST_CASE("signs that nobody sees are named by their number") {
    CHECK(reason_for("reference", "R\u200b1") ==
          "holds the invisible sign U+200B; delete it: RU+200B1");
    CHECK_FALSE(passes("owner.lastName", "\ufeffLee"));
    CHECK_FALSE(passes("tag", "a\u00adb"));
    CHECK(passes("note", "soft\u00adly"));
    CHECK(passes("tag", "\U0001F468\u200d\U0001F469\u200d\U0001F467"));
    CHECK(passes("tag", "\u2764\ufe0f"));
}

TEST_CASE("text encoded twice is refused in any text, a good name in none") {
    for (const char* field : {"owner.lastName", "domain", "note", "owner.city", "additional.X"}) {
        CAPTURE(field);
        CHECK(reason_for(field, "StraÃŸe").find("'Straße' was probably meant") !=
              std::string::npos);
        CHECK(passes(field, "Ångström"));
    }
}
