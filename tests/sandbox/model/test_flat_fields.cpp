#include "sandbox/model/flat_fields.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("fields survive the way into text and back") {
    const sandbox::Fields fields = {
        {"a", ""},        {"b=c", "d=e"}, {"f", "two\nlines\r\nand a \\ backslash"},
        {"g\nh", "i\tj"}, {"k", "\\n"},   {"l", "ends with \\"}};
    CHECK(sandbox::decode_fields(sandbox::encode_fields(fields)) == fields);
}

TEST_CASE("no fields are an empty text") {
    CHECK(sandbox::encode_fields({}).empty());
    CHECK(sandbox::decode_fields("").empty());
}

TEST_CASE("a cell holds no tab and no line break") {
    CHECK(sandbox::escape_cell("a\tb\nc\\d") == "a\\tb\\nc\\\\d");
}
