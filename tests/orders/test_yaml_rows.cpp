#include "orders/yaml_rows.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;

namespace {

std::string shown(const YamlNode& node) {
    if (node.form == YamlNode::Form::scalar) return "'" + node.text + "'";
    std::string text;
    for (const auto& [name, member] : node.members) {
        text += (text.empty() ? "" : ", ") + (name.empty() ? "" : name + ": ") + shown(member);
    }
    return node.form == YamlNode::Form::map ? "{" + text + "}" : "[" + text + "]";
}

struct Result {
    std::vector<std::string> parts;     // "LINE section/name VALUE"
    std::vector<std::string> troubles;  // "LINE field: reason"
    bool is_ended = false;
};

Result read(const std::string& text, const YamlLimits& limits = {}) {
    Result result;
    std::size_t at = 0;
    read_yaml_parts(
        [&] {
            const std::string_view next = std::string_view(text).substr(at, 1000);
            at += next.size();
            return next;
        },
        limits,
        [&](YamlPart&& part) {
            result.parts.push_back(std::to_string(part.line) + " " + part.section + "/" +
                                   part.name + " " + shown(part.node));
        },
        [&](YamlTrouble&& trouble) {
            result.troubles.push_back(std::to_string(trouble.line) + " " + trouble.field + ": " +
                                      trouble.reason);
            result.is_ended = result.is_ended || trouble.ends_reading;
        });
    return result;
}

using Texts = std::vector<std::string>;

bool says(const Result& result, const std::string& text) {
    for (const std::string& trouble : result.troubles) {
        if (trouble.find(text) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("sections are handed out member by member, with their lines") {
    const Result result = read(
        "# a file\n"
        "defaults:\n"
        "  tech: reseller\n"
        "orders:\n"
        "- domain: example.com\n"
        "  owner:\n"
        "    firstName: Ann\n"
        "-\n"
        "  nameservers: [a.example, b.example]\n"
        "count: 2\n"
        "...\n");
    CHECK(result.troubles.empty());
    CHECK(result.parts == Texts{"3 defaults/tech 'reseller'",
                                "5 orders/ {domain: 'example.com', owner: {firstName: 'Ann'}}",
                                "9 orders/ {nameservers: ['a.example', 'b.example']}",
                                "10 count/ '2'"});
}

TEST_CASE("scalars come as they are written") {
    const Result result = read(
        "orders:\n"
        "- {a: 0012, b: on, c: 1.10, d: ' x ', e: \"null\", f: 2026-01-02, g: \"\", h: 0x1F}\n"
        "- a: |\n    two\n    lines\n");
    CHECK(result.troubles.empty());
    CHECK(result.parts ==
          Texts{"2 orders/ {a: '0012', b: 'on', c: '1.10', d: ' x ', e: 'null', f: '2026-01-02', "
                "g: '', h: '0x1F'}",
                "3 orders/ {a: 'two\nlines\n'}"});
}

TEST_CASE("a bare null is refused however it is written") {
    for (const char* null : {"null", "~", "Null", "NULL", ""}) {
        CAPTURE(null);
        const Result result =
            read(std::string("orders:\n- domain: example.com\n  tag: ") + null + "\n  note: x\n");
        REQUIRE(result.troubles.size() == 1);
        CHECK(result.troubles[0].starts_with("3 tag: has no value"));
        CHECK_FALSE(result.is_ended);
    }
    CHECK(read("orders:\n- tag: \"null\"\n").troubles.empty());
}

TEST_CASE("anchors, aliases and tags are refused") {
    CHECK(says(read("orders:\n- domain: &a example.com\n"), "2 domain: carries an anchor"));
    CHECK(says(read("orders:\n- &a {domain: example.com}\n"), "carries an anchor"));
    CHECK(says(read("orders:\n- domain: &a example.com\n- domain: *a\n"), "3 domain: is an alias"));
    CHECK(says(read("orders:\n- domain: !!str example.com\n"), "2 domain: carries a tag"));
    CHECK(says(read("orders: !mine\n- domain: example.com\n"), "carries a tag"));
    CHECK(says(read("orders:\n- domain: *nowhere\n"), "2 "));
}

TEST_CASE("an alias bomb stays what it is in the text") {
    std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
    for (char name = 'b'; name < 'z'; ++name) {
        const std::string before(1, static_cast<char>(name - 1));
        text += std::string(1, name) + ": &" + name + " [";
        for (int i = 0; i < 10; ++i) text += (i > 0 ? ", *" : "*") + before;
        text += "]\n";
    }
    const Result result = read(text);
    CHECK(says(result, "carries an anchor"));
    CHECK(says(result, "is an alias"));
    CHECK(result.parts.size() == 250);
}

TEST_CASE("doubled keys are refused on every level") {
    CHECK(says(read("orders:\n- tag: a\n  tag: b\n"), "3 tag: stands there twice"));
    CHECK(says(read("orders:\n- owner: {city: a, city: b}\n"), "2 city: stands there twice"));
    CHECK(says(read("count: 1\ncount: 2\n"), "2 count: stands there twice"));
    CHECK(says(read("contacts:\n  a: {}\n  a: {}\n"), "3 a: stands there twice"));
}

TEST_CASE("a second document is refused") {
    CHECK(says(read("count: 1\n---\ncount: 2\n"), "begins a second document"));
    CHECK(says(read("count: 1\n...\n---\ncount: 2\n...\n"), "begins a second document"));
    CHECK(read("---\ncount: 1\n...\n").troubles.empty());
}

TEST_CASE("a comma outside of any list ends the reading, with its line") {
    for (const auto& [text, line] :
         {std::pair("--- ,", 1), std::pair("# x\n\n,\n", 3),
          std::pair("orders:\n- a: b\n...\n,", 4), std::pair("\t,\norders:\n- a: b\n...\n", 1)}) {
        CAPTURE(text);
        const Result result = read(text);
        CHECK(result.is_ended);
        CHECK(says(result, std::to_string(line) + " : begins a second document, or holds a comma"));
    }
}

TEST_CASE("what is no mapping is no order file") {
    CHECK(says(read("- a\n- b\n"), "is no order file"));
    CHECK(says(read("just text\n"), "is no order file"));
    CHECK(says(read("orders:\n- ? [a, b]\n  : c\n"), "a key is a plain word"));
    CHECK(read("").parts.empty());
    CHECK(read("# nothing\n").parts.empty());
}

TEST_CASE("nesting has an end") {
    CHECK(says(read("a: [[[[[[[[[[x]]]]]]]]]]\n"), "nested deeper than 8 levels"));
    CHECK(read("a: " + std::string(20'000, '[') + "\n").is_ended);
    CHECK(read("a: " + std::string(500'000, '[') + "\n").is_ended);
    CHECK(read("a: " + std::string(500'000, '{') + "\n").is_ended);
    std::string dashes;
    for (int i = 0; i < 20'000; ++i) dashes += "- ";
    CHECK(says(read("a:\n" + dashes + "x\n"), "nested deeper than 8 levels"));
}

TEST_CASE("a giant scalar ends the reading before it is read whole") {
    const YamlLimits limits;
    CHECK(says(read("a: " + std::string(limits.scalar_bytes + 1, 'x') + "\n"), "is larger than"));
    CHECK(read("a: " + std::string(limits.scalar_bytes, 'x') + "\n").troubles.empty());
    std::size_t given = 0;
    std::string trouble;
    const std::string piece = std::string(60, 'x') + "\n ";
    read_yaml_parts(
        [&]() -> std::string_view {
            given += piece.size();
            if (given > 50'000'000) return {};
            return given == piece.size() ? std::string_view("a: \"x\n ") : piece;
        },
        limits, [](YamlPart&&) { FAIL("nothing is whole here"); },
        [&](YamlTrouble&& told) { trouble = told.reason; });
    CHECK(trouble.find("without an end") != std::string::npos);
    CHECK(given < 400'000);
}

TEST_CASE("brackets around the whole list are read piece by piece too") {
    CHECK(read("orders: [{domain: a.example}, {domain: b.example}]\n").parts.size() == 2);
    std::string text = "orders: [";
    for (int i = 0; i < 20'000; ++i) text += "{domain: a.example}, ";
    const Result result = read(text + "]\n");
    CHECK(result.troubles.empty());
    CHECK(result.parts.size() == 20'000);
}

TEST_CASE("an entry of too many values ends the reading") {
    std::string text = "orders:\n- a0: x\n";
    for (int i = 1; i < 10'000; ++i) text += "  a" + std::to_string(i) + ": x\n";
    CHECK(says(read(text), "of more than 1000 values"));
}

TEST_CASE("a mapping of too many keys ends the reading") {
    YamlLimits limits;
    limits.keys = 3;
    CHECK_FALSE(read("a: 1\nb: 1\nc: 1\n", limits).is_ended);
    const Result result = read("a: 1\nb: 1\nc: 1\nd: 1\n", limits);
    CHECK(result.is_ended);
    CHECK(says(result, "4 : is one key more than the 3 that a mapping may have"));
}

TEST_CASE("a text of too many entries ends the reading") {
    YamlLimits limits;
    limits.mappings = 4;  // The whole, the list, and two orders.
    CHECK_FALSE(read("orders:\n- a: 1\n- a: 1\n", limits).is_ended);
    const Result result = read("orders:\n- a: 1\n- a: 1\n- a: 1\n", limits);
    CHECK(result.is_ended);
    CHECK(says(result, "4 : is one entry more than the 4 that a file may have"));
}

TEST_CASE("broken YAML is told with its line") {
    const Result result = read("orders:\n- domain: example.com\n  tag: \"open\n...\n");
    CHECK(result.is_ended);
    CHECK(says(result, "is broken YAML here"));
    CHECK(result.parts.empty());
    CHECK(says(read("orders:\n\t- domain: x\n"), "is broken YAML"));
    CHECK(says(read("orders:\n- domain: x: y\n"), "2 : is broken YAML"));
}

TEST_CASE("a secret that breaks the YAML is not told") {
    for (const char* secret : {"*S3cret", "&S3cret", "!S3cret", "@S3cret", "S3cret: x", "\"S3cret",
                               "%S3cret", "`S3cret", "[S3cret", "\"\\qS3cret\""}) {
        CAPTURE(secret);
        const Result result = read(std::string("orders:\n- auth_code: ") + secret + "\n");
        CHECK_FALSE(says(result, "S3cret"));
    }
}
