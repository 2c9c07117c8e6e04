#include "report/terminal/problem_list.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

constexpr Look kTerminal{80, false};

Problem phone(int line, const std::string& value) {
    return {"orders.csv", line, "owner.phone", value, "must look like +33.123456789"};
}

}  // namespace

TEST_CASE("like problems stand together with their lines, and the first value") {
    ProblemList list;
    for (const int line : {2, 3, 4, 9, 11, 12}) list.add(phone(line, "0" + std::to_string(line)));
    list.add({"orders.csv", 5, "years", "", "is missing; there is no default"});
    CHECK(list.text(kTerminal) ==
          "  owner.phone: must look like +33.123456789\n"
          "      lines 2-4, 9, 11-12 (6 rows), such as '02'\n"
          "  years: is missing; there is no default\n"
          "      line 5\n");
}

TEST_CASE("a pipe gets a line for each different problem") {
    ProblemList list;
    list.add(phone(2, "02"));
    list.add(phone(3, "03"));
    list.add({"orders.csv", 3, "years", "", "is missing; there is no default"});
    CHECK(list.text(Look{}) ==
          "orders.csv:2: owner.phone '02': must look like +33.123456789 (and in line 3; 2 rows)\n"
          "orders.csv:3: years: is missing; there is no default\n");
}

TEST_CASE("what refuses the file is first, then what most rows have") {
    ProblemList list;
    list.add({"orders.csv", 2, "years", "", "is missing"});
    for (const int line : {3, 4}) list.add(phone(line, "0"));
    list.add({"orders.csv", 9, "", "", "is a header line again; delete it", {}, true});
    const std::vector<Problem> problems = list.worst_first();
    REQUIRE(problems.size() == 3);
    CHECK(problems[0].line == 9);
    CHECK(problems[1].field == "owner.phone");
    CHECK(problems[2].field == "years");
}

TEST_CASE("a problem's line is taken apart as it was put together") {
    ProblemList list;
    for (const int line : {2, 3}) list.add(line, to_text(phone(line, "0" + std::to_string(line))));
    list.add(4, to_text(Problem{"orders.csv", 4, "domain", "a_b", "is no name: it holds '_': no"}));
    list.add(5, to_text(Problem{"orders.csv", 5, "years", "", "is missing"}));
    list.add(6, "the same domain stands in line 7 too");
    CHECK(list.text(kTerminal) ==
          "  owner.phone: must look like +33.123456789\n"
          "      lines 2-3, such as '02'\n"
          "  domain: is no name: it holds '_': no\n"
          "      line 4: 'a_b'\n"
          "  years: is missing\n"
          "      line 5\n"
          "  the same domain stands in line 7 too\n"
          "      line 6\n");
}

TEST_CASE("a problem of the whole file has no line") {
    ProblemList list;
    list.add({"orders.csv", 0, "", "", "is not UTF-8"});
    CHECK(list.text(kTerminal) == "  is not UTF-8\n      the whole file\n");
}

TEST_CASE("very many different problems are counted after the first ones") {
    ProblemList list;
    for (int i = 0; i < 100; ++i) {
        list.add({"orders.csv", i + 2, "field" + std::to_string(i), "", "is no field"});
    }
    CHECK(list.is_cut(kTerminal));
    CHECK_FALSE(list.is_cut(Look{}));
    CHECK(list.text(kTerminal).ends_with("  and 60 more problems\n"));
}

TEST_CASE("scattered lines are not listed without end") {
    ProblemList list;
    for (int line = 2; line < 4002; line += 2) list.add(phone(line, "0"));
    const std::string text = list.text(kTerminal);
    CHECK(text.find("22, 24, … (2000 rows)") != std::string::npos);
    CHECK(text.size() < 300);
}

TEST_CASE("a hostile value does not reach the terminal") {
    ProblemList list;
    list.add({"orders.csv", 2, "note", "\x1b[2J", "holds a \x1b"});
    list.add(3, "orders.csv:3: note '\x1b[2J': holds a \x1b");
    CHECK(list.text(kTerminal).find('\x1b') == std::string::npos);
    CHECK(list.text(Look{}).find('\x1b') == std::string::npos);
}
