#include "orders/domain_name.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace domspool;

namespace {

// The stored form; "refused: ..." with the reason.
std::string parsed(std::string_view text) {
    const auto name = DomainName::parse(text);
    if (const auto* refusal = std::get_if<DomainName::Refusal>(&name)) {
        return "refused: " + refusal->reason;
    }
    return std::get<DomainName>(name).ascii();
}

bool is_refused(std::string_view text) {
    return parsed(text).starts_with("refused: ");
}

}  // namespace

TEST_CASE("a name is kept in lower case without its last dot") {
    CHECK(parsed("example.com") == "example.com");
    CHECK(parsed("EXAMPLE.Co.UK.") == "example.co.uk");
    CHECK(parsed("1-2.example") == "1-2.example");
}

TEST_CASE("an underscore is refused, not taken away") {
    CHECK(parsed("a_b.com") == "refused: a label holds '_'; letters, digits and '-' are allowed");
    CHECK(is_refused("é_b.com"));
}

TEST_CASE("other signs of ASCII are refused with their label") {
    for (const std::string sign : {" ", "/", ":", "@", "*", "'", "\"", "&", "\t", "\n", "%", "#"}) {
        CAPTURE(sign);
        CHECK(
            parsed("www.a" + sign + "b.com").starts_with("refused: a label holds '" + sign + "'"));
    }
    CHECK(is_refused(std::string_view("a\0b.com", 7)));
}

TEST_CASE("a name in letters of any language becomes A-labels") {
    CHECK(parsed("bücher.example") == "xn--bcher-kva.example");
    CHECK(parsed("BÜCHER.Example") == "xn--bcher-kva.example");
    CHECK(parsed("例え.example") == "xn--r8jz45g.example");
    CHECK(parsed("пример.example") == "xn--e1afmkfd.example");
    CHECK(parsed("ПРИМЕР.example") == "xn--e1afmkfd.example");
}

TEST_CASE("a letter and its accent become one character") {
    CHECK(parsed("bu\u0308cher.example") == "xn--bcher-kva.example");
    CHECK(parsed("BU\u0308CHER.example") == "xn--bcher-kva.example");
}

TEST_CASE("a sharp s stays one") {
    // Transitional processing would order fass.example, another name.
    CHECK(parsed("faß.example") == "xn--fa-hia.example");
    CHECK(parsed("xn--fa-hia.example") == "xn--fa-hia.example");
}

TEST_CASE("a soft hyphen is refused, not dropped in silence") {
    CHECK(parsed("exam\u00adple.com") ==
          "refused: it could be 'example.com' or 'examU+00ADple.com'; write the one that is meant, "
          "in lower case and without invisible signs");
}

TEST_CASE("what IDNA would map is refused, showing what it would become") {
    CHECK(
        parsed("example\u3002com") ==
        "refused: IDNA would change 'example。com' into 'example.com'; write that if it is meant");
    CHECK(parsed("ｅｘａｍｐｌｅ.com") ==
          "refused: IDNA would change 'ｅｘａｍｐｌｅ.com' into 'example.com'; write that if it is "
          "meant");
    CHECK(parsed("ﬁne.com") ==
          "refused: IDNA would change 'ﬁne.com' into 'fine.com'; write that if it is meant");
    CHECK(is_refused("a\u200bb.com"));
}

TEST_CASE("what IDNA2008 does not know is refused") {
    CHECK(is_refused("☃.example"));
    CHECK(is_refused("a\u0300\u0301\u202e.com"));
    CHECK(is_refused("\u0301a.com"));
    CHECK(is_refused("caf\xe9.com"));
}

TEST_CASE("an A-label must say a name that gives it back") {
    CHECK(parsed("XN--BCHER-KVA.example") == "xn--bcher-kva.example");
    CHECK(is_refused("xn--a.example"));
    CHECK(is_refused("xn--.example"));
    CHECK(is_refused("xn--example-.com"));
    CHECK(is_refused("www.xn--bcher-kvaa!.example"));
    // Of a capital letter, and of an emoji.
    CHECK(is_refused("xn--n3h.example"));
}

TEST_CASE("labels have their lengths and edges") {
    const std::string longest(63, 'a');
    CHECK(parsed(longest + ".com") == longest + ".com");
    CHECK(is_refused(longest + "a.com"));
    CHECK(is_refused("-a.com"));
    CHECK(is_refused("a-.com"));
    CHECK(is_refused("a..com"));
    CHECK(is_refused(".a.com"));
    CHECK(is_refused("a.com.."));
    CHECK(is_refused("."));
    CHECK(is_refused(""));
    CHECK(is_refused("com"));
    CHECK(is_refused("192.0.2.1"));
    // 63 + 1 + 63 + 1 + 63 + 1 + 61 is 253.
    const std::string name = longest + "." + longest + "." + longest + "." + std::string(57, 'b');
    CHECK(parsed(name + ".com") == name + ".com");
    CHECK(is_refused(name + "b.com"));
    CHECK(is_refused(std::string(1u << 20, 'a') + ".com"));
}

TEST_CASE("both forms are shown where they differ") {
    const auto name = std::get<DomainName>(DomainName::parse("Bücher.example"));
    CHECK(name.unicode() == "bücher.example");
    CHECK(name.shown() == "xn--bcher-kva.example (bücher.example)");
    CHECK(DomainName::from_stored("example.com").shown() == "example.com");
}

TEST_CASE("the extension is all behind the first label") {
    CHECK(DomainName::from_stored("example.co.uk").extension() == "co.uk");
    CHECK(DomainName::from_stored("example.com").extension() == "com");
}

TEST_CASE("what was stored in another form is not taken") {
    CHECK(DomainName::from_stored("xn--bcher-kva.example").ascii() == "xn--bcher-kva.example");
    CHECK_THROWS_AS(DomainName::from_stored("Example.com"), std::invalid_argument);
    CHECK_THROWS_AS(DomainName::from_stored("bücher.example"), std::invalid_argument);
    CHECK_THROWS_AS(DomainName::from_stored("example.com."), std::invalid_argument);
    CHECK_THROWS_AS(DomainName::from_stored(""), std::invalid_argument);
}

TEST_CASE("a name that could be two is not chosen for the customer") {
    const auto shows = [](const std::string& name, const std::string& one,
                          const std::string& other) {
        const std::string refusal = parsed(name);
        CAPTURE(refusal);
        CHECK(refusal.find("it could be '" + one) != std::string::npos);
        CHECK(refusal.find("or '" + other) != std::string::npos);
    };
    shows("İstanbul.com", "istanbul.com'", "i\u0307stanbul.com' (xn--");
    shows("I\u0307stanbul.com", "istanbul.com'", "i\u0307stanbul.com'");
    shows("STRAẞE.de", "strasse.de'", "straße.de'");
    shows("ΛΟΓΟΣ.gr", "λογοσ.gr'", "λογος.gr'");
    shows("ΛΟΓΟΣ-ΛΟΓΟΣ.gr", "λογοσ-λογοσ.gr'", "λογος-λογος.gr'");
    for (const std::string sign : {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e"}) {
        CAPTURE(sign);
        const std::string refusal = parsed("exam" + sign + "ple.com");
        CHECK(refusal.starts_with("refused: it could be 'example.com' or 'examU+"));
    }
    // As they are written, and in the middle of a word.
    CHECK(parsed("straße.de") == "xn--strae-oqa.de");
    CHECK(parsed("λόγος.gr") == "xn--oxapnm1c.gr");
    CHECK(parsed("ΣΟΦΟ.gr") == parsed("σοφο.gr"));
    CHECK(parsed("ISTANBUL.com") == "istanbul.com");
    CHECK(parsed("ısparta.com") == "xn--sparta-o9a.com");
    CHECK(parsed("xn--istanbul-o0e.com") == "xn--istanbul-o0e.com");
}
