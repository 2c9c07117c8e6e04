// Questions over the wire: what counts as an answer, and what as none.
#include "registrar/netim_registrar.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

#include <functional>
#include <utility>
#include <vector>

using namespace domspool;
using domspool::test::answer_xml;
using domspool::test::fault_xml;
using domspool::test::ListedLog;
using domspool::test::StubRegistrar;
using Why = QueryFailure::Why;

namespace {

struct Window {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    NetimRegistrar registrar{std::make_shared<NetimAccount>(stub.settings(), clock, log)};
};

template <typename Ask>
QueryFailure failure_of(Ask ask) {
    try {
        ask();
    } catch (const QueryFailure& failure) {
        return failure;
    }
    FAIL("there was an answer");
    return {Why::unreadable, "", ""};
}

const DomainName kDomain = DomainName::from_stored("example.com");

std::string list_of(const std::string& function, const std::string& rows) {
    return answer_xml(function, "<return SOAP-ENC:arrayType=\"ns1:X[9]\" xsi:type=\"ns1:ArrayX\">" +
                                    rows + "</return>");
}

}  // namespace

TEST_CASE("a domain is not in the account exactly on E15-M1502") {
    Window window;
    const auto ask = [&] { return window.registrar.domain(kDomain); };
    for (const char* code : {"E15-M1502", "SOAP-ENV:Server"}) {
        window.stub.answer("domainInfo", fault_xml(code, "E15-M1502 : not yours"), 500);
        CHECK_FALSE(ask().has_value());
    }
    for (const char* code : {"E15-M1501", "E15", "E01-M0101"}) {
        window.stub.answer("domainInfo", fault_xml(code, std::string(code) + " : no"), 500);
        const QueryFailure failure = failure_of(ask);
        CHECK(failure.why() == Why::refused);
        CHECK(failure.code() == code);
    }
    window.stub.answer("domainInfo", fault_xml("SOAP-ENV:Server", "not yours"), 500);
    CHECK(failure_of(ask).why() == Why::unreadable);
    window.stub.answer("domainInfo", answer_xml("domainInfo", "<return xsi:nil=\"true\"/>"));
    CHECK(failure_of(ask).why() == Why::unreadable);
    window.stub.answer("domainInfo",
                       answer_xml("domainInfo", "<return><domain>other.com</domain></return>"));
    CHECK(failure_of(ask).why() == Why::unreadable);
}

TEST_CASE("a pending list is whole when each of its rows could be read") {
    Window window;
    const std::string row =
        "<item><id_ope>5</id_ope><code_ope>domainCreate</code_ope><data_ope>a.example</data_ope></"
        "item>";
    window.stub.answer("queryOpePending", list_of("queryOpePending", row + row));
    const auto before = window.clock.now();
    const PendingList whole = window.registrar.pending();
    CHECK(whole.whole);
    CHECK(whole.rows.size() == 2);
    CHECK(whole.server_date == "Thu, 01 Jan 2026 10:00:00 GMT");
    CHECK(whole.asked_at.since_boot >= before.since_boot);
    CHECK(whole.asked_at.boot_id == before.boot_id);

    window.stub.answer("queryOpePending", list_of("queryOpePending", ""));
    CHECK(window.registrar.pending().whole);
    for (const char* damaged : {"<item><code_ope>domainCreate</code_ope></item>",
                                "<item><id_ope>6</id_ope></item>", "<item>5</item>", "<item/>"}) {
        CAPTURE(damaged);
        window.stub.answer("queryOpePending", list_of("queryOpePending", row + damaged + row));
        const PendingList list = window.registrar.pending();
        CHECK_FALSE(list.whole);
        CHECK(list.rows.size() >= 2);
    }
    // Of which operation of the domain is not told; of other domains it is none.
    const std::string codeless = "<item><id_ope>6</id_ope><data_ope>b.example</data_ope></item>";
    window.stub.answer("queryOpePending", list_of("queryOpePending", row + codeless));
    const PendingList list = window.registrar.pending();
    CHECK(list.whole);
    CHECK(list.rows.at(1).code.empty());
    window.stub.answer("queryOpePending", answer_xml("queryOpePending", "<return>busy</return>"));
    CHECK(failure_of([&] { window.registrar.pending(); }).why() == Why::unreadable);
}

TEST_CASE("a list cut in the middle is no list, and a row nobody understands spoils it") {
    Window window;
    std::string rows;
    for (int i = 0; i < 2000; ++i) {
        rows += "<item><domain>d" + std::to_string(i) + ".example</domain></item>";
    }
    const std::string list = list_of("queryDomainList", rows);
    std::size_t taken = 0;
    const auto ask = [&] {
        taken = 0;
        window.registrar.domains("*", [&](const std::string&) { ++taken; });
    };
    window.stub.answer("queryDomainList", list);
    ask();
    CHECK(taken == 2000);
    window.stub.answer("queryDomainList", list.substr(0, list.size() / 2));
    CHECK(failure_of(ask).why() == Why::unreadable);
    window.stub.answer("queryDomainList", list_of("queryDomainList", rows + "<item><x/></item>"));
    CHECK(failure_of(ask).why() == Why::unreadable);
}

TEST_CASE("what a taker of rows throws comes through, and the connection goes on") {
    Window window;
    struct Enough {};
    const std::string list = list_of("queryDomainList", "<item><domain>a.example</domain></item>");
    window.stub.always("queryDomainList", list);
    CHECK_THROWS_AS(window.registrar.domains("*", [](const std::string&) { throw Enough{}; }),
                    Enough);
    std::size_t taken = 0;
    window.registrar.domains("*", [&](const std::string&) { ++taken; });
    CHECK(taken == 1);
    CHECK(window.stub.server().connections() == 1);
}

TEST_CASE("a question that cannot be sent is refused, not asked") {
    Window window;
    const QueryFailure failure = failure_of([&] { window.registrar.contact("GK\x01"); });
    CHECK(failure.why() == Why::refused);
    CHECK(failure.code().empty());
    CHECK(window.stub.count("contactInfo") == 0);
}

TEST_CASE("an unreadable answer names its function and what is wrong") {
    Window window;
    window.stub.answer("queryDomainPrice", answer_xml("queryDomainPrice", "<r>free</r>"));
    const QueryFailure failure = failure_of([&] { window.registrar.price(kDomain, Secret()); });
    CHECK(failure.why() == Why::unreadable);
    CHECK(std::string(failure.what()) == "queryDomainPrice: the reply is no price");
}

namespace {

// A list function of the API sheet: its row as documented, how its rows are asked for, and the one
// the row is read as.
struct ListFunction {
    const char* function;
    std::vector<std::pair<const char*, const char*>> row;
    std::function<std::vector<std::string>(NetimRegistrar&)> read;
    const char* read_as;
};

std::vector<ListFunction> list_functions() {
    return {
        {"queryOpePending",
         {{"id_ope", "5"}, {"code_ope", "domainCreate"}, {"data_ope", "a.example"}},
         [](NetimRegistrar& registrar) {
             std::vector<std::string> rows;
             const PendingList list = registrar.pending();
             CHECK(list.whole);
             for (const PendingRow& row : list.rows)
                 rows.push_back(std::to_string(row.id) + " " + row.code + " " + *row.target);
             return rows;
         },
         "5 domainCreate a.example"},
        {"queryContactList",
         {{"idContact", "GK5"}, {"firstName", "Grace"}, {"lastName", "Keller"}, {"isOwner", "1"}},
         [](NetimRegistrar& registrar) {
             std::vector<std::string> rows;
             for (const ContactListRow& row : registrar.contacts("", ""))
                 rows.push_back(row.id + " " + row.first_name + (*row.is_owner ? " owner" : ""));
             return rows;
         },
         "GK5 Grace owner"},
        {"queryDomainList",
         {{"domain", "a.example"}, {"dateCreate", "2026-03-02"}},
         [](NetimRegistrar& registrar) {
             std::vector<std::string> rows;
             registrar.domains("*", [&](const std::string& domain) { rows.push_back(domain); });
             return rows;
         },
         "a.example"},
        {"queryZoneList",
         {{"subdomain", "www"}, {"type", "A"}, {"value", "192.0.2.1"}},
         [](NetimRegistrar& registrar) {
             std::vector<std::string> rows;
             for (const ZoneRow& row : registrar.zone(DomainName::from_stored("a.example")))
                 rows.push_back(row.subdomain + " " + row.type + " " + row.value);
             return rows;
         },
         "www A 192.0.2.1"},
        {"queryAllSessions",
         {{"IDSession", "0123456789abcdef0123456789abcdef"}, {"timeLogin", "1767225600"}},
         [](NetimRegistrar& registrar) {
             std::vector<std::string> rows;
             for (const SessionRecord& row : registrar.sessions())
                 rows.push_back(row.id_ending + " " + std::to_string(row.opened));
             return rows;
         },
         "cdef 1767225600"},
    };
}

std::string struct_xml(const ListFunction& list) {
    std::string fields;
    for (const auto& [name, value] : list.row)
        fields += "<" + std::string(name) + ">" + value + "</" + name + ">";
    return fields;
}

std::string map_xml(const ListFunction& list) {
    std::string entries;
    for (const auto& [name, value] : list.row)
        entries += "<item><key>" + std::string(name) + "</key><value>" + value + "</value></item>";
    return entries;
}

}  // namespace

TEST_CASE("an empty list is read in every shape it may have") {
    Window window;
    for (const ListFunction& list : list_functions()) {
        for (const char* shape :
             {"", "<return/>", "<return></return>", "<return xsi:nil=\"true\"/>",
              "<return xsi:type=\"SOAP-ENC:Array\"/>", "<return xsi:type=\"ns1:ArrayOfRow\"/>",
              "<return SOAP-ENC:arrayType=\"ns1:Row[0]\" xsi:type=\"SOAP-ENC:Array\"/>",
              "<return xsi:type=\"ns2:Map\"/>", "<return>\n  </return>",
              "<return><rows xsi:nil=\"true\"/></return>"}) {
            CAPTURE(list.function);
            CAPTURE(shape);
            window.stub.answer(list.function, answer_xml(list.function, shape));
            CHECK(list.read(window.registrar).empty());
        }
    }
}

TEST_CASE("rows are read in every shape a list may have") {
    Window window;
    for (const ListFunction& list : list_functions()) {
        const std::string fields = struct_xml(list), entries = map_xml(list);
        const std::string item = "<item>" + fields + "</item>", row = "<row>" + fields + "</row>";
        const std::string row_map = "<item xsi:type=\"ns2:Map\">" + entries + "</item>";
        const std::string numbered = "<value>" + fields + "</value></item>";
        const std::pair<std::string, std::size_t> shapes[] = {
            {"<return SOAP-ENC:arrayType=\"ns1:Row[2]\">" + item + item + "</return>", 2},
            {"<return xsi:type=\"SOAP-ENC:Array\">" + item + item + "</return>", 2},
            {"<return xsi:type=\"SOAP-ENC:Array\">" + row + row + "</return>", 2},
            {"<return xsi:type=\"ns1:ArrayOfRow\">" + item + item + "</return>", 2},
            {"<return>" + item + item + "</return>", 2},
            {"<return>" + item + "</return>", 1},
            {"<return>" + row + row + "</return>", 2},
            {"<return>" + row + "</return>", 1},
            {"<return><rows>" + item + item + "</rows></return>", 2},
            {"<return>" + fields + "</return><return>" + fields + "</return>", 2},
            {"<return>" + fields + "</return>", 1},
            {item + item, 2},
            {row + row, 2},
            {"<return SOAP-ENC:arrayType=\"ns2:Map[2]\">" + row_map + row_map + "</return>", 2},
            {"<return xsi:type=\"ns2:Map\"><item><key>0</key>" + numbered + "<item><key>1</key>" +
                 numbered + "</return>",
             2},
            {"<return xsi:type=\"ns2:Map\">" + entries + "</return>", 1},
        };
        for (const auto& [shape, count] : shapes) {
            CAPTURE(list.function);
            CAPTURE(shape);
            window.stub.answer(list.function, answer_xml(list.function, shape));
            CHECK(list.read(window.registrar) == std::vector<std::string>(count, list.read_as));
        }
        window.stub.answer(list.function, answer_xml(list.function, "<return>busy</return>"));
        CHECK(failure_of([&] { list.read(window.registrar); }).why() == Why::unreadable);
    }
}
