#include "app/shell_words.h"

#include <doctest/doctest.h>

using namespace domspool;

using Words = std::vector<std::string>;

TEST_CASE("words are quoted where a shell would take them otherwise") {
    CHECK(shell_line({"domain-register", "--config=/etc/x.yaml", "a.csv"}) ==
          "domain-register --config=/etc/x.yaml a.csv");
    CHECK(shell_line({"a b", "it's", "", "$HOME", "*", "ü"}) ==
          "'a b' 'it'\\''s' '' '$HOME' '*' 'ü'");
}

TEST_CASE("an option is set in place of what was said of it before") {
    CHECK(with_option({"p", "a.csv"}, "max", "5") == Words{"p", "--max", "5", "a.csv"});
    CHECK(with_option({"p", "--max", "3", "a.csv"}, "max", "5") ==
          Words{"p", "--max", "5", "a.csv"});
    CHECK(with_option({"p", "a.csv", "--max=3"}, "max", "5") == Words{"p", "--max", "5", "a.csv"});
    CHECK(with_option({"p", "--", "--max", "3"}, "max", "5") ==
          Words{"p", "--max", "5", "--", "--max", "3"});
    CHECK(with_option({"p", "--maximum", "3"}, "max", "5") ==
          Words{"p", "--max", "5", "--maximum", "3"});
}
