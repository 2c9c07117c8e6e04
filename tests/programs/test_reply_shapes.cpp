// The registrar's replies in all the shapes met or guessed, and what cannot be read.
#include "support/shop.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

using namespace domspool::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string answer(const std::string& function, const std::string& fields) {
    return answer_xml(function, "<return>" + fields + "</return>");
}

// new-shop.com is ordered, its operation 4711 is pending at a registrar whose replies are said
// here.
struct Ordered {
    Ordered() {
        stub.always("domainTldInfo",
                    answer("domainTldInfo",
                           "<Tld>com</Tld><PeriodCreate>1-10</PeriodCreate><HasEppCode>1"
                           "</HasEppCode><HasRegistrarLock>1</HasRegistrarLock><FeeCurrency>EUR"
                           "</FeeCurrency><Fee4Registration>10.00</Fee4Registration>"));
        stub.always("queryOpeList", answer("queryOpeList", "<domainCreate>1</domainCreate>"));
        stub.always("contactInfo",
                    answer("contactInfo", "<idContact>GK1</idContact><isOwner>1</isOwner>"));
        stub.answer("queryOpePending", answer_xml("queryOpePending", "<return xsi:nil=\"true\"/>"));
        stub.answer("domainInfo", fault_xml("E15-M1502", "E15-M1502 : not in your account"), 500);
        stub.answer("domainCreate", operation_xml("domainCreate", "4711", "Pending"));
        shop.write_settings({{"registrar.endpoint", stub.settings().endpoint},
                             {"ledger", shop / "stub.db"},
                             {"checks.price", "false"},
                             {"checks.balance", "false"},
                             {"checks.dns_test", "never"}});
        REQUIRE(shop.run("domain-orders", {"init"}).code == 0);
        const std::string file =
            shop.write("new-shop.csv",
                       "domain,years,owner,nameservers,lock\n"
                       "new-shop.com,1,GK1,ns1.example.net ns2.example.net,on\n");
        const ProgramEnd end = shop.run("domain-register", {file});
        CAPTURE(end.out);
        CAPTURE(end.err);
        REQUIRE(stub.count("domainCreate") == 1);
        REQUIRE(state() == "waiting");
    }

    std::string state() const { return shop.orders().at("new-shop.com").at("state"); }

    // As documented; where a test says nothing else.
    void show_domain() {
        stub.always("domainInfo",
                    answer("domainInfo",
                           "<domain>new-shop.com</domain><status>ACTIVE</status><idOwner>GK1"
                           "</idOwner><ns><item>ns1.example.net</item><item>ns2.example.net</item>"
                           "</ns><domainIsLock>0</domainIsLock>"));
        stub.always("domainSetPreference", operation_xml("domainSetPreference", "4712", "Done"));
    }

    Shop shop;
    StubRegistrar stub;
};

}  // namespace

TEST_CASE("an operation ends whatever the shape in which the registrar tells it") {
    const std::string row =
        "<id_ope>9</id_ope><code_ope>domainRenew</code_ope><data_ope>a.com"
        "</data_ope>";
    struct Shape {
        const char* what;
        std::string list, operation;
    };
    const Shape shapes[] = {
        {"nil, Status and Comment", "<return xsi:nil=\"true\"/>",
         "<return><Status>Done</Status><Comment/></return>"},
        {"no child, no code", "", "<return><ID_OPE>4711</ID_OPE><STATUS>DONE</STATUS></return>"},
        {"an empty element, no element around the fields", "<return/>",
         "<IDOpe>4711</IDOpe><Status>Done</Status>"},
        {"an array of no type, a map", "<return xsi:type=\"SOAP-ENC:Array\"/>",
         "<return xsi:type=\"ns2:Map\"><item><key>STATUS</key><value>Done</value></item>"
         "<item><key>TYPE</key><value>domaincreate</value></item></return>"},
        {"rows without an array, a list of one",
         "<return>" + row + "</return><return>" + row + "</return>",
         "<return><item><STATUS>Done</STATUS><TYPE>domainCreate</TYPE></item></return>"},
        {"rows of another name", "<return><ope>" + row + "</ope></return>",
         "<return><ID_OPE>4711</ID_OPE><STATUS>Done</STATUS><DATA>NEW-SHOP.com</DATA></return>"},
    };
    for (const Shape& shape : shapes) {
        CAPTURE(shape.what);
        Ordered order;
        order.show_domain();
        order.stub.always("queryOpePending", answer_xml("queryOpePending", shape.list));
        order.stub.always("queryOpe", answer_xml("queryOpe", shape.operation));
        const ProgramEnd end = order.shop.run("pending-check", {});
        CAPTURE(end.err);
        CHECK(end.code == 0);
        CHECK(end.err == "");
        CHECK(order.state() == "done");
        CHECK(order.stub.count("domainSetPreference") == 1);
    }
}

TEST_CASE("a list that cannot be read keeps back what needs it alone, and the exit says so") {
    Ordered order;
    order.show_domain();
    order.stub.always("queryOpePending", answer("queryOpePending", "maintenance"));
    order.stub.always("queryOpe", answer("queryOpe", "<STATUS>Done</STATUS>"));
    for (int pass = 0; pass < 6; ++pass) {
        const ProgramEnd end = order.shop.run("pending-check", {"--now"});
        CHECK(end.code == 75);
        CHECK(contains(end.err, "queryOpePending: the reply is no list"));
        order.shop.let_pass(std::chrono::hours(12));
    }
    // The operation has ended, the domain was read back; the lock is sent with the list as its
    // picture, however long that takes.
    CHECK(order.stub.count("queryOpe") == 1);
    CHECK(order.stub.count("domainSetPreference") == 0);
    CHECK(order.state() == "in_progress");
    order.stub.always("queryOpePending", answer_xml("queryOpePending", "<return/>"));
    const ProgramEnd end = order.shop.run("pending-check", {});
    CHECK(end.code == 0);
    CHECK(order.state() == "done");
    CHECK(order.stub.count("domainSetPreference") == 1);
}

TEST_CASE("an order waits where the list cannot be read, and the exit says so") {
    Ordered order;
    order.stub.always("queryOpePending", answer("queryOpePending", "maintenance"));
    order.stub.always("domainInfo", fault_xml("E15-M1502", "E15-M1502 : not yours"), 500);
    const std::string file = order.shop.write("other.csv", "domain,years,owner\nother.com,1,GK1\n");
    const ProgramEnd end = order.shop.run("domain-register", {file});
    CAPTURE(end.out);
    CHECK(end.code == 75);
    CHECK(contains(end.out + end.err, "queryOpePending"));
    CHECK(order.stub.count("domainCreate") == 1);
    CHECK(order.shop.orders().at("other.com").at("state") == "accepted");
}
