#include "soap/soap_xml.h"
#include "soap/wsdl.h"

#include <doctest/doctest.h>

using namespace domspool::soap;

namespace {

ServiceDescription description() {
    return {"http://127.0.0.1:8080/2.0/",
            {{"StructPendingRow", {{"id_ope", "string"}, {"data_ope", "string"}}},
             {"StructContact", {{"firstName", "string"}, {"additional", "Map"}}}},
            {{"sessionOpen",
              {{"idReseller", "string"}, {"password", "string"}, {"language", "string"}},
              {"IDSession", "string"}},
             {"contactCreate",
              {{"IDSession", "string"}, {"contact", "StructContact"}},
              {"idContact", "string"}},
             {"queryOpePending", {{"IDSession", "string"}}, {"return", "StructPendingRow[]"}},
             {"sessionClose", {{"IDSession", "string"}}, {}}}};
}

}  // namespace

TEST_CASE("a description is written and its functions read back") {
    auto expected = description().functions;
    expected[2].result.type = "ArrayStructPendingRow";
    CHECK(read_wsdl(write_wsdl(description())) == expected);
}

TEST_CASE("a foreign WSDL with other prefixes is read") {
    const char* text = R"(<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:t="u">
        <w:message name="aIn"><w:part name="sid" type="x:string"/><w:part name="dom"/></w:message>
        <w:message name="aOut"><w:part name="r" type="t:Struct"/></w:message>
        <w:portType name="P"><w:operation name="a"><w:documentation>t</w:documentation>
        <w:input message="t:aIn"/><w:output message="t:aOut"/></w:operation></w:portType>
        <w:binding name="B"><w:operation name="a"><w:input/></w:operation></w:binding>
        </w:definitions>)";
    const auto functions = read_wsdl(text);
    REQUIRE(functions.size() == 1);
    CHECK(functions[0].name == "a");
    CHECK(functions[0].parts == std::vector<WsdlPart>{{"sid", "string"}, {"dom", ""}});
    CHECK(functions[0].result == WsdlPart{"r", "Struct"});
}

TEST_CASE("what is no WSDL is refused") {
    CHECK_THROWS_AS(read_wsdl(""), UnreadableMessage);
    CHECK_THROWS_AS(read_wsdl("<html/>"), UnreadableMessage);
    CHECK_THROWS_AS(read_wsdl("<definitions/>"), UnreadableMessage);
    CHECK_THROWS_AS(read_wsdl("<!DOCTYPE d><definitions/>"), UnreadableMessage);
    const std::string whole = write_wsdl(description());
    CHECK_THROWS_AS(read_wsdl(whole.substr(0, whole.size() / 2)), UnreadableMessage);
}
