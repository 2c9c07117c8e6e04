#include "orders/code_wiping.h"
#include "support/cpu_time.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace domspool;

namespace {

std::string wiped_csv(const std::string& text) {
    return with_codes_wiped(text, FileFormat::csv).value_or("(as it was)");
}

std::string wiped_yaml(const std::string& text) {
    return with_codes_wiped(text, FileFormat::yaml).value_or("(as it was)");
}

bool is_given_up(const std::string& text) {
    return text.starts_with("# (wiped) ") && text.find("result file") != std::string::npos;
}

}  // namespace

TEST_CASE("of a CSV file only the codes go, all else stays byte for byte") {
    CHECK(wiped_csv("domain,auth_code,note\n"
                    "a.example,Se-cret1,\"x, \"\"y\"\"\"\n"
                    "b.example,,empty\n"
                    "c.example,\"Se,cret\n\"\"2\",\n") ==
          "domain,auth_code,note\n"
          "a.example,(wiped),\"x, \"\"y\"\"\"\n"
          "b.example,,empty\n"
          "c.example,(wiped),\n");
}

TEST_CASE(
    "semicolons, a byte order mark, CRLF, blanks and any case in the header are no hindrance") {
    CHECK(wiped_csv("\xEF\xBB\xBF domain ;\" Auth_Code \"\r\na.example;Se,cret\r\n#end;1\r\n") ==
          "\xEF\xBB\xBF domain ;\" Auth_Code \"\r\na.example;(wiped)\r\n#end;1\r\n");
}

TEST_CASE("a code in the first column, in bad rows too, is wiped; the count is no code") {
    CHECK(wiped_csv("auth_code,domain\nSecret-1,a.example\nSecret-2,no_domain\n#end,2\n") ==
          "auth_code,domain\n(wiped),a.example\n(wiped),no_domain\n#end,2\n");
    CHECK(wiped_csv("domain,auth_code\na.example,Secret-1\n#end,1\n") ==
          "domain,auth_code\na.example,(wiped)\n#end,1\n");
}

TEST_CASE("a file without codes, or wiped already, stays as it is") {
    CHECK(wiped_csv("domain,years\na.example,1\n") == "(as it was)");
    CHECK(wiped_csv("domain,new_auth_code\na.example,yes\n") == "(as it was)");
    CHECK(wiped_csv("domain,auth_code\na.example,(wiped)\nb.example,\n") == "(as it was)");
    CHECK(wiped_yaml("orders:\n- domain: a.example\n...\n") == "(as it was)");
    const std::string yaml =
        "orders:\n- domain: a.example\n  auth_code: (wiped)\n- {domain: b.example, auth_code: ''}\n"
        "- {domain: b.example, auth_code: \"\", new_auth_code: yes}\n...\n";
    CHECK(wiped_yaml(yaml) == "(as it was)");
}

TEST_CASE("of a YAML file the codes go however they are written") {
    CHECK(wiped_yaml("defaults:\n"
                     "  auth_code: Default-1   # for all\n"
                     "orders:\n"
                     "- domain: a.example\n"
                     "  auth_code: ab, c}d\n"
                     "  note: kept\n"
                     "- {domain: b.example, auth_code: Se#cret, years: 1}\n"
                     "- {auth_code: 'it''s', domain: c.example}\n"
                     "- \"auth_code\": \"a\\\"b \\\\\"\n"
                     "  domain: d.example\n"
                     "- domain: e.example\n"
                     "  Auth_Code:\n"
                     "    next-line\n"
                     "  new_auth_code: yes\n"
                     "...\n") ==
          "defaults:\n"
          "  auth_code: (wiped)   # for all\n"
          "orders:\n"
          "- domain: a.example\n"
          "  auth_code: (wiped)\n"
          "  note: kept\n"
          "- {domain: b.example, auth_code: (wiped), years: 1}\n"
          "- {auth_code: (wiped), domain: c.example}\n"
          "- \"auth_code\": (wiped)\n"
          "  domain: d.example\n"
          "- domain: e.example\n"
          "  Auth_Code:\n"
          "    (wiped)\n"
          "  new_auth_code: yes\n"
          "...\n");
}

TEST_CASE("a code that cannot be taken out alone takes the whole text with it") {
    for (const std::string text :
         {"orders:\n- domain: a.example\n  auth_code: |\n    Sec-ret\n    two\n...\n",
          "orders:\n- domain: a.example\n  auth_code: Sec-ret\n    two\n...\n",
          "orders:\n- domain: a.example\n  \"auth\\x5fcode\": Sec-ret\n...\n",
          "orders:\n- domain: a.example\n  ? auth_code\n  : Sec-ret\n...\n",
          "orders: [{domain: a.example, auth_code: Sec-ret\n...\n"}) {
        CAPTURE(text);
        const auto wiped = with_codes_wiped(text, FileFormat::yaml);
        REQUIRE(wiped);
        CHECK(is_given_up(*wiped));
        CHECK(with_codes_wiped(*wiped, FileFormat::yaml) == std::nullopt);
    }
    CHECK(is_given_up(wiped_csv("domain,auth_code\na.example,\"Sec-ret\n")));
}

TEST_CASE("blank lines and rows before the header hide no code") {
    CHECK(wiped_csv("\n\r\ndomain;auth_code\na.example;Sec-ret\n") ==
          "\n\r\ndomain;auth_code\na.example;(wiped)\n");
}

TEST_CASE("fifty thousand codes are wiped in the time of a reading") {
    std::string text = "orders:\n", line = "orders: [";
    for (int i = 0; i < 50'000; ++i) {
        text += "- domain: a.example\n  auth_code: Sec-ret\n";
        line += "{auth_code: x, note: auth_code},";
    }
    const auto begun = test::cpu_time();
    CHECK(wiped_yaml(text + "...\n").find("Sec-ret") == std::string::npos);
    CHECK(wiped_yaml(line + "]\n...\n").find("auth_code: x") == std::string::npos);
    // Quadratic it took minutes; what a slow and busy machine needs is let pass.
    CHECK(test::cpu_time() - begun < std::chrono::seconds(60));
}
