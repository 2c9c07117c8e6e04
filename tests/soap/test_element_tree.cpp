#include "soap/element_tree.h"
#include "soap/soap_xml.h"

#include <doctest/doctest.h>

using namespace domspool::soap;

namespace {

Element leaf(const std::string& name, const std::string& text) {
    Element element;
    element.name = name;
    element.text = text;
    return element;
}

Element link_to(const std::string& name, const std::string& target) {
    Element element;
    element.name = name;
    element.href = target;
    element.has_links = true;
    return element;
}

Element with_id(Element element, const std::string& id) {
    element.id = id;
    element.has_links = true;
    return element;
}

Element parent(const std::string& name, std::vector<Element> children) {
    Element element;
    element.name = name;
    for (const Element& child : children) element.has_links |= child.has_links;
    element.children = std::move(children);
    return element;
}

}  // namespace

TEST_CASE("key and value pairs are a map, other items a list") {
    const Element map = parent("r", {parent("item", {leaf("key", "a"), leaf("value", "1")})});
    const Element list = parent("r", {leaf("item", "1"), leaf("item", "2")});
    ValueReader reader(8);
    CHECK(reader.value_of(map) == Value::map({{"a", Value::of("1")}}));
    CHECK(reader.value_of(list) == Value::list("", {Value::of("1"), Value::of("2")}));
}

TEST_CASE("a link is followed") {
    const Element body = parent("Body", {link_to("a", "x"), with_id(leaf("multiRef", "42"), "x")});
    ValueReader reader(8);
    reader.learn(body);
    CHECK(reader.value_of(body.children[0]) == Value::of("42"));
}

TEST_CASE("links to nowhere, in a circle and doubled ids are refused") {
    ValueReader reader(8);
    CHECK_THROWS_AS(reader.value_of(link_to("a", "x")), UnreadableMessage);
    const Element circle = parent("Body", {with_id(parent("m", {link_to("in", "x")}), "x")});
    reader.learn(circle);
    CHECK_THROWS_AS(reader.value_of(circle.children[0]), UnreadableMessage);
    const Element doubled =
        parent("Body", {with_id(leaf("m", "1"), "y"), with_id(leaf("m", "2"), "y")});
    ValueReader other(8);
    CHECK_THROWS_AS(other.learn(doubled), UnreadableMessage);
}

TEST_CASE("an element that links to itself is refused") {
    Element self = link_to("m", "x");
    self.id = "x";
    const Element body = parent("Body", {self});
    ValueReader reader(8);
    reader.learn(body);
    CHECK_THROWS_AS(reader.value_of(body.children[0]), UnreadableMessage);
}
