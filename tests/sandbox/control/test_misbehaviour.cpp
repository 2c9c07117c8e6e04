#include "sandbox/control/misbehaviour.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace domspool::sandbox;

TEST_CASE("a rule is met once unless it says otherwise") {
    Misbehaviour misbehaviour(1);
    misbehaviour.add(read_rule("domainCreate:lose_reply"));
    CHECK_FALSE(misbehaviour.next_for("queryOpe").has_value());
    REQUIRE(misbehaviour.next_for("DOMAINCREATE").has_value());
    CHECK_FALSE(misbehaviour.next_for("domainCreate").has_value());
}

TEST_CASE("count and after are counted in fitting calls") {
    Misbehaviour misbehaviour(1);
    misbehaviour.add(read_rule("domainCreate:drop_before:2:3"));
    std::string met;
    for (int i = 0; i < 7; ++i) met += misbehaviour.next_for("domainCreate") ? 'x' : '.';
    CHECK(met == "...xx..");
}

TEST_CASE("always is for ever and a star is for every function") {
    Misbehaviour misbehaviour(1);
    misbehaviour.add(read_rule("*:delay=0.5:always"));
    for (int i = 0; i < 50; ++i) {
        const auto rule = misbehaviour.next_for("hello");
        REQUIRE(rule.has_value());
        CHECK(rule->seconds.value_or(0) == doctest::Approx(0.5));
    }
    misbehaviour.clear();
    CHECK_FALSE(misbehaviour.next_for("hello").has_value());
}

TEST_CASE("the same seed gives the same misdeeds") {
    const auto course = [](std::uint64_t seed) {
        Misbehaviour misbehaviour(seed);
        misbehaviour.add(read_rule("*:lose_reply:0.25"));
        std::string met;
        for (int i = 0; i < 400; ++i) met += misbehaviour.next_for("hello") ? 'x' : '.';
        return met;
    };
    CHECK(course(7) == course(7));
    CHECK(course(7) != course(8));
    const std::string met = course(7);
    const auto count = std::count(met.begin(), met.end(), 'x');
    CHECK(count > 60);
    CHECK(count < 140);
}

TEST_CASE("the first rule that fits is the one met") {
    Misbehaviour misbehaviour(1);
    misbehaviour.add(read_rule("hello:empty_500"));
    misbehaviour.add(read_rule("hello:html_502"));
    CHECK(misbehaviour.next_for("hello")->misdeed == Misdeed::empty_500);
    CHECK(misbehaviour.next_for("hello")->misdeed == Misdeed::html_502);
}

TEST_CASE("a rule that cannot be read says so") {
    for (const char* text : {"", "domainCreate", ":lose_reply", "a:b", "a:lose_reply:x",
                             "a:lose_reply:1.5", "a:lose_reply:-1", "a:delay", "a:lose_reply=3",
                             "a:lose_reply:1:2:3", "a:lose_reply:1:x", "a:delay=nan"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(read_rule(text), std::invalid_argument);
    }
}
