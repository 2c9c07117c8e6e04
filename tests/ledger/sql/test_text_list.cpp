#include "ledger/ledger_case.h"
#include "ledger/sql/text_list.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

TEST_CASE("a list comes back as it was, whatever its texts hold") {
    const std::vector<std::vector<std::string>> lists{
        {}, {""}, {"", ""}, {"a"}, {"two\nlines", "back\\slash", "\r", "\\n"}, {"ü", "a=b"}};
    for (const auto& list : lists) CHECK(read_list(write_list(list)) == list);
}

TEST_CASE("what is no list is not read as one") {
    for (const char* text : {"no line end", "bad \\x escape\n", "a\rb\n", "trailing\\\n"}) {
        CHECK(trouble_in([&] { read_list(text); }) == store::Trouble::corrupt);
    }
}
