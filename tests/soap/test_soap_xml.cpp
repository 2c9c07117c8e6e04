#include "soap/soap_xml.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace domspool::soap;

namespace {

std::string envelope(const std::string& body) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><e:Envelope "
           "xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" "
           "xmlns:SOAP-ENC=\"http://schemas.xmlsoap.org/soap/encoding/\" "
           "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
           "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
           "xmlns:ns1=\"urn:DRS\" xmlns:ns2=\"http://xml.apache.org/xml-soap\"><e:Body>" +
           body + "</e:Body></e:Envelope>";
}

Value answer_of(const std::string& body, const std::string& function) {
    return std::get<Answer>(read_reply(envelope(body), function)).value;
}

const std::string kOperation =
    "<ns1:domainTransferInResponse><return xsi:type=\"ns1:StructOperationResponse\">\n"
    " <ID_OPE xsi:type=\"xsd:int\">4958385</ID_OPE>\n"
    " <STATUS xsi:type=\"xsd:string\">Pending</STATUS>\n"
    " <MESSAGE xsi:type=\"xsd:string\"/>\n"
    "</return></ns1:domainTransferInResponse>";

std::string pending_rows(int count) {
    std::string rows = "<ns1:queryOpePendingResponse><return SOAP-ENC:arrayType=\"ns1:R[" +
                       std::to_string(count) + "]\" xsi:type=\"ns1:ArrayR\">";
    for (int i = 1; i <= count; ++i) {
        rows += "<item xsi:type=\"ns1:R\"><id_ope xsi:type=\"xsd:string\">" + std::to_string(i) +
                "</id_ope><code_ope>domainCreate</code_ope></item>";
    }
    return rows + "</return></ns1:queryOpePendingResponse>";
}

}  // namespace

TEST_CASE("an operation reply is read") {
    const Value value = answer_of(kOperation, "domainTransferIn");
    CHECK(value.kind == Value::Kind::record);
    CHECK(value.type_name == "StructOperationResponse");
    CHECK(value.integer_of("id_ope") == 4958385);
    CHECK(value.text_of("status") == "Pending");
    CHECK(value.text_of("message") == "");
}

TEST_CASE("a single text is the answer whatever its element's name") {
    CHECK(answer_of("<x:sessionOpenResponse xmlns:x=\"urn:other\"><Anything>abc</Anything>"
                    "</x:sessionOpenResponse>",
                    "sessionopen") == Value::of("abc"));
}

TEST_CASE("an empty response element is nil") {
    CHECK(answer_of("<ns1:sessionCloseResponse/>", "sessionClose") == Value::nil());
    CHECK(answer_of("<ns1:cancelOpeResponse><return xsi:nil=\"true\"/></ns1:cancelOpeResponse>",
                    "cancelOpe") == Value::nil());
}

TEST_CASE("maps in maps are read, with and without a declared type") {
    const Value expected =
        Value::map({{"US_APP_PURPOSE", Value::map({{"example.us", Value::of("P3")}})}});
    const std::string inner =
        "<item><key>US_APP_PURPOSE</key><value%><item><key>example.us</key>"
        "<value>P3</value></item></value></item>";
    for (const std::string type : {"", " xsi:type=\"ns2:Map\""}) {
        std::string text = inner;
        text.replace(text.find('%'), 1, type);
        CHECK(answer_of("<fResponse><return" + type + ">" + text + "</return></fResponse>", "f") ==
              expected);
    }
    CHECK(answer_of("<fResponse><return xsi:type=\"ns2:Map\"/></fResponse>", "f") ==
          Value::map({}));
}

TEST_CASE("an array without items stays a list") {
    const Value value = answer_of(
        "<fResponse><return SOAP-ENC:arrayType=\"ns1:R[0]\" "
        "xsi:type=\"SOAP-ENC:Array\"/></fResponse>",
        "f");
    CHECK(value.kind == Value::Kind::list);
    CHECK(value.type_name == "R");
    CHECK(value.is_empty());
}

TEST_CASE("list rows go to the sink one by one") {
    std::vector<std::int64_t> ids;
    const Message reply =
        read_reply(envelope(pending_rows(1000)), "queryOpePending",
                   [&](Value&& row) { ids.push_back(row.integer_of("id_ope").value_or(-1)); });
    REQUIRE(ids.size() == 1000);
    CHECK(ids.front() == 1);
    CHECK(ids.back() == 1000);
    const Value& rest = std::get<Answer>(reply).value;
    CHECK(rest.kind == Value::Kind::list);
    CHECK(rest.members.empty());
}

TEST_CASE("list rows behind links reach the sink in their order") {
    const std::string body =
        "<ns1:queryOpePendingResponse><return href=\"#a\"/></ns1:queryOpePendingResponse>"
        "<multiRef id=\"a\" SOAP-ENC:arrayType=\"ns1:R[2]\" xsi:type=\"SOAP-ENC:Array\">"
        "<item href=\"#c\"/><item href=\"#b\"/></multiRef>"
        "<multiRef id=\"b\"><id_ope>2</id_ope></multiRef>"
        "<multiRef id=\"c\"><id_ope>1</id_ope></multiRef>";
    std::vector<std::string> ids;
    read_reply(envelope(body), "queryOpePending",
               [&](Value&& row) { ids.push_back(row.text_of("id_ope")); });
    CHECK(ids == std::vector<std::string>{"1", "2"});
}

TEST_CASE("a sink sees nothing of a record or a map") {
    int rows = 0;
    const auto count = [&](Value&&) { ++rows; };
    read_reply(envelope(kOperation), "domainTransferIn", count);
    const Message map =
        read_reply(envelope("<fResponse><return><item><key>a</key><value>1</value></item></return>"
                            "</fResponse>"),
                   "f", count);
    CHECK(std::get<Answer>(map).value == Value::map({{"a", Value::of("1")}}));
    CHECK(rows == 0);
}

TEST_CASE("a fault is read under any prefix") {
    const std::string fault =
        "<e:Fault><faultcode>E01-M0101</faultcode><faultstring>E01-M0101 : no &amp; no"
        "</faultstring><detail><x>a</x><y>b</y></detail></e:Fault>";
    const Message reply = read_reply(envelope(fault), "sessionOpen");
    CHECK(std::get<Fault>(reply).code == "E01-M0101");
    CHECK(std::get<Fault>(reply).text == "E01-M0101 : no & no");
    CHECK(std::get<Fault>(reply).detail == "a b");
}

TEST_CASE("a fault of SOAP 1.2 shape is still a fault") {
    const Message reply =
        read_reply(envelope("<e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason>"
                            "<e:Text>broken</e:Text></e:Reason></e:Fault>"),
                   "f");
    CHECK(std::get<Fault>(reply).code == "e:Receiver");
    CHECK(std::get<Fault>(reply).text == "broken");
}

TEST_CASE("a message cut at any byte gives neither answer nor fault") {
    const std::string fault =
        "<e:Fault><faultcode>E02</faultcode><faultstring>x</faultstring>"
        "</e:Fault>";
    for (const std::string& body : {kOperation, pending_rows(3), fault}) {
        const std::string whole = envelope(body);
        CHECK_THROWS_AS(read_reply("", "domainTransferIn"), UnreadableMessage);
        for (std::size_t length = 1; length < whole.size(); ++length) {
            CAPTURE(length);
            CHECK_THROWS_AS(
                read_reply(std::string_view(whole).substr(0, length), "domainTransferIn"),
                CutMessage);
        }
    }
}

TEST_CASE("what is whole and makes no sense was not cut") {
    for (const std::string& text :
         {std::string("<html><body>502</body></html>"), std::string("<html><body>502"),
          std::string("busy"), std::string(""), envelope("<fResponse>"), envelope("<a></b>"),
          envelope("<gResponse/>"), envelope("<fResponse/>") + "HTTP/1.1 200 OK"}) {
        CAPTURE(text);
        bool was_cut = false;
        try {
            read_reply(text, "f");
            FAIL("it was read");
        } catch (const CutMessage&) {
            was_cut = true;
        } catch (const UnreadableMessage&) {
        }
        CHECK_FALSE(was_cut);
    }
}

TEST_CASE("what is no answer to this call is unreadable") {
    const std::string bodies[] = {"",
                                  "<ns1:domainInfoResponse/>",
                                  "<ns1:domainCreate/>",
                                  "<ns1:fResponse/><ns1:fResponse/>",
                                  "<ns1:fResponse/><e:Fault><faultcode>x</faultcode></e:Fault>",
                                  "<ns1:fResponse><return href=\"#nowhere\"/></ns1:fResponse>"};
    for (const std::string& body : bodies) {
        CAPTURE(body);
        CHECK_THROWS_AS(read_reply(envelope(body), "f"), UnreadableMessage);
    }
    for (const char* text : {"", "<html><body>502</body></html>", "OK", "{}",
                             "<e:Envelope xmlns:e=\"x\"/>", "<fResponse/>"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(read_reply(text, "f"), UnreadableMessage);
    }
}

TEST_CASE("a reply with something behind its end is unreadable") {
    CHECK_THROWS_AS(read_reply(envelope("<fResponse/>") + "HTTP/1.1 200 OK", "f"),
                    UnreadableMessage);
    CHECK_NOTHROW(read_reply(envelope("<fResponse/>") + "\n", "f"));
}

TEST_CASE("document types and entities are refused") {
    const std::string text =
        "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>"
        "<e:Envelope xmlns:e=\"x\"><e:Body><fResponse><a>&a;</a></fResponse></e:Body></e:Envelope>";
    CHECK_THROWS_WITH_AS(read_reply(text, "f"), "holds a document type", UnreadableMessage);
}

TEST_CASE("depth and size have limits") {
    std::string deep;
    for (int i = 0; i < 200000; ++i) deep += "<a>";
    CHECK_THROWS_WITH_AS(read_reply(envelope("<fResponse>" + deep), "f"), "nested too deeply",
                         UnreadableMessage);
    Limits small;
    small.bytes = 100;
    CHECK_THROWS_AS(read_reply(envelope("<fResponse/>"), "f", {}, small), UnreadableMessage);
}

TEST_CASE("the elements kept of a reply have a limit, rows that are taken do not count") {
    Limits few;
    few.elements = 20;
    std::string rows, wide;
    for (int i = 0; i < 100; ++i) {
        rows += "<item><a>1</a><b>2</b></item>";
        wide += "<a/>";
    }
    CHECK_THROWS_WITH_AS(
        read_reply(envelope("<fResponse><r>" + wide + "</r></fResponse>"), "f", {}, few),
        "has too many elements", UnreadableMessage);
    int taken = 0;
    const RowSink sink = [&](Value&&) { ++taken; };
    read_reply(envelope("<fResponse><r>" + rows + "</r></fResponse>"), "f", sink, few);
    CHECK(taken == 100);
}

TEST_CASE("links that multiply each other stop at the depth limit") {
    std::string body = "<fResponse><return href=\"#i0\"/></fResponse>";
    for (int i = 0; i < 40; ++i) {
        const std::string next = "<a href=\"#i" + std::to_string(i + 1) + "\"/>";
        body += "<m id=\"i" + std::to_string(i) + "\">" + next + "</m>";
    }
    body += "<m id=\"i40\">x</m>";
    CHECK_THROWS_AS(read_reply(envelope(body), "f"), UnreadableMessage);
}

TEST_CASE("a call is written and read back unchanged") {
    Call call;
    call.function = "contactCreate";
    call.parameters = {
        {"p0", Value::of("0123456789abcdef")},
        {"p1",
         Value::record(
             "StructContact",
             {{"firstName", Value::of("Zo\xc3\xab <&> \"q\" ]]>")},
              {"empty", Value::of("")},
              {"additional",
               Value::map({{"US_APP_PURPOSE", Value::map({{"example.us", Value::of("P3")}})}})}})},
        {"p2", Value::list("StructDSRecord",
                           {Value::record("StructDSRecord", {{"digest", Value::of("ab\r\n")}})})},
        {"p3", Value::nil()}};
    const Call back = read_call(write_call(call));
    CHECK(back.function == call.function);
    CHECK(back.parameters == call.parameters);
}

TEST_CASE("a number is written as xsd:int") {
    const std::string text = write_call({"queryOpe", {{"p1", Value::of(std::int64_t{17})}}});
    CHECK(text.find("<p1 xsi:type=\"xsd:int\">17</p1>") != std::string::npos);
}

TEST_CASE("text that XML cannot carry is refused by name, without showing it") {
    const Value contact = Value::record("T", {{"city", Value::of(std::string("hidden\x01words"))}});
    try {
        write_call({"contactCreate", {{"p1", contact}}});
        FAIL("a control character was written");
    } catch (const std::invalid_argument& error) {
        CHECK(std::string(error.what()).find("'p1.city'") != std::string::npos);
        CHECK(std::string(error.what()).find("hidden") == std::string::npos);
    }
    CHECK_THROWS_AS(write_call({"f", {{"p1", Value::of("\xff")}}}), std::invalid_argument);
    CHECK_THROWS_AS(write_call({"f", {{"p 1", Value::of("")}}}), std::invalid_argument);
    CHECK_THROWS_AS(write_call({"f><g", {}}), std::invalid_argument);
}

TEST_CASE("answers and faults are written as the registrar writes them") {
    const Value rows =
        Value::list("StructQueryOpePending",
                    {Value::record("StructQueryOpePending", {{"id_ope", Value::of("7")}})});
    const std::string text = write_answer("queryOpePending", "return", rows);
    CHECK(text.find("xsi:type=\"ns1:ArrayStructQueryOpePending\"") != std::string::npos);
    CHECK(std::get<Answer>(read_reply(text, "queryOpePending")).value == rows);
    CHECK(
        std::get<Answer>(read_reply(write_answer("sessionClose", "", Value::nil()), "sessionClose"))
            .value == Value::nil());
    const Fault fault{"E12-M1204", "E12-M1204 : closed <now>", ""};
    const Message back = read_reply(write_fault(fault), "domainCreate");
    CHECK(std::get<Fault>(back).text == fault.text);
}

TEST_CASE("a header in the envelope is passed over") {
    std::string text = envelope("<fResponse><r>1</r></fResponse>");
    text.insert(text.find("<e:Body>"), "<e:Header><x>y</x></e:Header>");
    CHECK(std::get<Answer>(read_reply(text, "f")).value == Value::of("1"));
}

TEST_CASE("a Latin-1 reply that says so arrives as UTF-8") {
    std::string text = envelope("<fResponse><r>Andr\xe9</r></fResponse>");
    text.replace(text.find("UTF-8"), 5, "ISO-8859-1");
    CHECK(std::get<Answer>(read_reply(text, "f")).value == Value::of("Andr\xc3\xa9"));
}
