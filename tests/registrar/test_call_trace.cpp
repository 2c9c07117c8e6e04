#include "registrar/netim_registrar.h"
#include "support/ready.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;
using domspool::test::answer_xml;
using domspool::test::fault_xml;
using domspool::test::ListedLog;
using domspool::test::operation_xml;
using domspool::test::ready;
using domspool::test::StubRegistrar;

namespace {

const DomainName kDomain = DomainName::from_stored("example.com");

std::string no_rows(const std::string& function) {
    return answer_xml(function,
                      "<return SOAP-ENC:arrayType=\"ns1:Struct[0]\" xsi:type=\"ns1:Array\"/>");
}

struct Traced {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    NetimRegistrar registrar{std::make_shared<NetimAccount>(stub.settings(), clock, log)};

    // The lines of calls; the session has its own.
    std::vector<std::string> calls() const {
        std::vector<std::string> lines = log.lines();
        std::erase_if(lines, [](const std::string& line) {
            return line.find(" registrar_call ") == std::string::npos;
        });
        return lines;
    }
    bool last_call_has(const std::string& part) const {
        const auto lines = calls();
        const std::string last = lines.empty() ? "" : lines.back();
        CAPTURE(last);
        return last.find(part) != std::string::npos;
    }
    Outcome create() {
        return registrar.create_domain({kDomain, {"GK1", "A1", "A1", "A1"}, {}, 1, std::nullopt});
    }
    void create_answered(const std::string& envelope, int status = 200) {
        stub.answer("domainCreate", envelope, status);
        registrar.make_ready([] {});
        create();
    }
};

}  // namespace

TEST_CASE("each outcome is one line that says what it was") {
    Traced traced;
    traced.create_answered(operation_xml("domainCreate", "1001", "Done"));
    CHECK(
        traced.last_call_has(" info registrar_call function=domainCreate about=example.com "
                             "operation=1001 outcome=Done ms="));
    traced.create_answered(operation_xml("domainCreate", "7", "Pending"));
    CHECK(traced.last_call_has(" info registrar_call"));
    CHECK(traced.last_call_has("operation=7 status=Pending outcome=Pending"));
    traced.create_answered(operation_xml("domainCreate", "8", "Waiting"));
    CHECK(traced.last_call_has(" warning registrar_call"));
    CHECK(traced.last_call_has("operation=8 status=Waiting outcome=Pending"));
    traced.create_answered(fault_xml("E12-M1204", "E12-M1204 : closed"), 500);
    CHECK(traced.last_call_has(" warning registrar_call"));
    CHECK(traced.last_call_has("code=E12-M1204 text=\"E12-M1204 : closed\" outcome=Refused"));
    traced.create();
    CHECK(traced.last_call_has(" warning registrar_call"));
    CHECK(traced.last_call_has(
        "why=unreachable text=\"the call was not made ready\" outcome=TryLater"));
    traced.create_answered("<html>", 502);
    CHECK(traced.last_call_has(" error registrar_call"));
    CHECK(traced.last_call_has("outcome=InDoubt"));
    CHECK(traced.calls().size() == 6);
}

TEST_CASE("a question is one line, also without an answer, and one nobody can read has none") {
    Traced traced;
    traced.stub.answer("queryOpePending", fault_xml("E99-M9999", "E99-M9999 : no"), 500);
    CHECK_THROWS_AS(traced.registrar.pending(), QueryFailure);
    CHECK(traced.last_call_has(
        " warning registrar_call function=queryOpePending code=E99-M9999 text="));
    CHECK(traced.last_call_has("outcome=refused"));
    traced.stub.answer("queryOpe", answer_xml("queryOpe", "<return>7</return>"));
    CHECK_THROWS_AS(traced.registrar.operation(7), QueryFailure);
    CHECK(traced.last_call_has(" warning registrar_call function=queryOpe about=7 text="));
    CHECK(traced.last_call_has("outcome=unreadable"));
    traced.stub.answer("queryOpePending", no_rows("queryOpePending"));
    traced.registrar.pending();
    CHECK(traced.last_call_has(" info registrar_call function=queryOpePending outcome=answered"));
    CHECK(traced.calls().size() == 3);
}

TEST_CASE("a domain that is not in the account is an answer") {
    Traced traced;
    traced.stub.answer("domainInfo", fault_xml("E15-M1502", "E15-M1502 : not yours"), 500);
    CHECK_FALSE(traced.registrar.domain(kDomain).has_value());
    CHECK(traced.last_call_has(
        " info registrar_call function=domainInfo about=example.com outcome=answered"));
}

TEST_CASE("that no call can be made ready is a line, that one is ready none") {
    Traced traced;
    ready(traced.registrar);
    CHECK(traced.calls().empty());
    Traced refused;
    refused.stub.answer("sessionOpen", fault_xml("E01-M0101", "E01-M0101 : wrong login"), 500);
    CHECK_THROWS_AS(ready(refused.registrar), QueryFailure);
    CHECK(refused.last_call_has(
        " warning registrar_call function=\"making ready\" code=E01-M0101 text="));
    CHECK(refused.last_call_has("outcome=login_refused"));
}

TEST_CASE("lines hold neither contact data nor codes") {
    Traced traced;
    ContactData data;
    data.fields = {{"firstName", "Grace"}, {"lastName", "Keller"}};
    traced.stub.answer("contactCreate", answer_xml("contactCreate", "<return>GK1</return>"));
    ready(traced.registrar).create_contact(data, true);
    CHECK(traced.last_call_has("function=contactCreate about=owner contact=GK1 outcome=Done"));
    traced.stub.answer("queryContactList", no_rows("queryContactList"));
    traced.registrar.contacts("Keller", "lastName");
    CHECK(traced.last_call_has("function=queryContactList about=lastName outcome=answered"));
    ready(traced.registrar).transfer_in({kDomain, Secret("epp-77"), {}, {}});
    ready(traced.registrar).set_preference(kDomain, "note", "for Grace");
    CHECK(traced.last_call_has("function=domainSetPreference about=\"example.com note\""));
    for (const char* hidden : {"Grace", "Keller", "epp-77"}) CHECK_FALSE(traced.log.holds(hidden));
    CHECK(traced.calls().size() == 4);
}
