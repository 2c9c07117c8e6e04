#include "soap/value.h"

#include <doctest/doctest.h>

using domspool::soap::Field;
using domspool::soap::Value;

TEST_CASE("a member is found whatever its letter case") {
    const Value value = Value::record("T", {{"ID_OPE", Value::of("17")}});
    REQUIRE(value.find("id_ope") != nullptr);
    CHECK(value.text_of("Id_Ope") == "17");
    CHECK(value.find("id") == nullptr);
    CHECK(value.text_of("id") == "");
}

TEST_CASE("a collection has no text") {
    const Value value = Value::record("T", {{"a", Value::map({{"k", Value::of("v")}})}});
    CHECK(value.text_of("a") == "");
    CHECK_FALSE(value.integer_of("a").has_value());
}

TEST_CASE("nil, an empty leaf and an empty collection are no value") {
    CHECK(Value::nil().is_empty());
    CHECK(Value::of("").is_empty());
    CHECK(Value::map({}).is_empty());
    CHECK_FALSE(Value::of(std::int64_t{0}).is_empty());
    CHECK_FALSE(Value::list("", {Value::nil()}).is_empty());
}

TEST_CASE("numbers are read strictly") {
    const auto number = [](const char* text) { return Value::of(text).integer_value(); };
    CHECK(number("4958385") == 4958385);
    CHECK(number(" 3 ") == 3);
    CHECK(number("3.0") == 3);
    CHECK(number("3.00") == 3);
    CHECK(number("-1") == -1);
    CHECK(number("+4") == 4);
    for (const char* text : {"", " ", "3.5", "3.", ".0", "3x", "0x10", "1 2", "+-3", "-", "1e3",
                             "99999999999999999999"}) {
        CAPTURE(text);
        CHECK_FALSE(number(text).has_value());
    }
}

TEST_CASE("the members of a list are called item") {
    const Value list = Value::list("string", {Value::of("a"), Value::of("b")});
    REQUIRE(list.members.size() == 2);
    CHECK(list.members[1].name == "item");
    CHECK(list.type_name == "string");
    CHECK(list == Value::list("string", {Value::of("a"), Value::of("b")}));
    CHECK_FALSE(list == Value::list("string", {Value::of("a")}));
}
