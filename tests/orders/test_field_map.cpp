#include "orders/field_map.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;

TEST_CASE("fields are written sorted, one on a line") {
    CHECK(write_fields({{"b", "2"}, {"a", "1"}, {"c", ""}}) == "a=1\nb=2\nc=\n");
    CHECK(write_fields({}) == "");
}

TEST_CASE("whatever stands in fields comes back") {
    const FieldMap fields = {{"plain", "x"},
                             {"equals=in=name", "a=b"},
                             {"back\\slash", "\\n is no line break\\"},
                             {"line\nbreak", "two\r\nlines\n"},
                             {"", "nameless"},
                             {"nul", std::string("a\0b", 3)},
                             {"é", "\U0001F600 = \xff"}};
    const auto read = read_fields(write_fields(fields));
    REQUIRE(read);
    CHECK(*read == fields);
    CHECK(read_fields("") == FieldMap{});
}

TEST_CASE("what was not written so is not read") {
    for (const char* text : {"a", "a\n", "a=1", "=\\", "a=1\\", "b=2\na=1\n", "a=1\na=2\n",
                             "a=\\x\n", "\n", "a=1\n\n", "a=\r\n", "a=b\\=c\n"}) {
        CAPTURE(text);
        CHECK_FALSE(read_fields(text));
    }
}

TEST_CASE("a text cut anywhere gives fewer fields or none, never other values") {
    const FieldMap fields = {{"a", "1\n2"}, {"b", "\\"}, {"c=", "x"}};
    const std::string text = write_fields(fields);
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        const auto read = read_fields(text.substr(0, cut));
        if (!read) continue;
        for (const auto& [name, value] : *read) CHECK(fields.at(name) == value);
    }
}

TEST_CASE("an absent field is empty") {
    const FieldMap fields = {{"a", "1"}};
    CHECK(field_of(fields, "a") == "1");
    CHECK(field_of(fields, "b") == "");
}

TEST_CASE("fields under a prefix lose it") {
    const FieldMap fields = {
        {"owner", "x"}, {"owner.", "e"}, {"owner.a", "1"}, {"owner.b.c", "2"}, {"ownerless", "y"}};
    CHECK(fields_under(fields, "owner.") == FieldMap{{"", "e"}, {"a", "1"}, {"b.c", "2"}});
    CHECK(fields_under(fields, "tech.").empty());
}
