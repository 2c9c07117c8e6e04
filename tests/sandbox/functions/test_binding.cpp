#include "sandbox/functions/binding.h"
#include "sandbox/model/refusal.h"

#include <doctest/doctest.h>

using namespace domspool;
using sandbox::Part;
using soap::Value;

namespace {

const std::vector<Part> kParts = {
    {"IDSession", "string"}, {"domain", "string"}, {"duration", "int"}};

std::vector<std::string> texts(const std::vector<Value>& values) {
    std::vector<std::string> all;
    for (const Value& value : values) {
        all.push_back(value.kind == Value::Kind::nil ? "(nil)" : value.text);
    }
    return all;
}

soap::Field element(const char* name, const char* text) {
    return {name, Value::of(std::string(text))};
}

}  // namespace

TEST_CASE("names that are no part names bind by position") {
    const auto bound = sandbox::bind_parameters(
        kParts, {element("p0", "abc"), element("p1", "example.com"), element("p2", "1")});
    CHECK(texts(bound) == std::vector<std::string>{"abc", "example.com", "1"});
}

TEST_CASE("part names bind by name in any order") {
    const auto bound = sandbox::bind_parameters(
        kParts,
        {element("duration", "2"), element("IDSession", "abc"), element("domain", "example.com")});
    CHECK(texts(bound) == std::vector<std::string>{"abc", "example.com", "2"});
}

TEST_CASE("one right name makes every wrong one nil") {
    const auto bound = sandbox::bind_parameters(
        kParts,
        {element("idSession", "abc"), element("domain", "example.com"), element("years", "2")});
    CHECK(texts(bound) == std::vector<std::string>{"(nil)", "example.com", "(nil)"});
}

TEST_CASE("too few elements leave the rest nil, surplus ones are ignored") {
    CHECK(texts(sandbox::bind_parameters(kParts, {element("p0", "abc")})) ==
          std::vector<std::string>{"abc", "(nil)", "(nil)"});
    CHECK(sandbox::bind_parameters(
              kParts, {element("a", "1"), element("b", "2"), element("c", "3"), element("d", "4")})
              .size() == 3);
}

TEST_CASE("surplus elements are one too many only by position") {
    const std::vector<soap::Field> four = {element("a", "1"), element("b", "2"), element("c", "3"),
                                           element("d", "4")};
    CHECK(sandbox::has_surplus(kParts, four));
    CHECK_FALSE(sandbox::has_surplus(kParts, {element("a", "1")}));
    std::vector<soap::Field> named = four;
    named.back() = element("domain", "example.com");
    CHECK_FALSE(sandbox::has_surplus(kParts, named));
}

TEST_CASE("of two elements with one name the first counts") {
    const auto bound =
        sandbox::bind_parameters(kParts, {element("domain", "one"), element("domain", "two")});
    CHECK(texts(bound)[1] == "one");
}

TEST_CASE("arguments are read strictly") {
    const sandbox::Arguments arguments(
        kParts,
        {Value::nil(), Value::of(std::string(" example.com ")), Value::of(std::string("two"))});
    CHECK(arguments.text("domain") == "example.com");
    CHECK_THROWS_AS(arguments.needed("IDSession"), sandbox::Refusal);
    CHECK_THROWS_AS(arguments.integer("duration"), sandbox::Refusal);
}
