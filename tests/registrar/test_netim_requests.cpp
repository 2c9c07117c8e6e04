// Each call as it goes over the wire, against tests/golden/calls: written from the registrar's
// documentation, by position and by name.
#include "registrar/netim_registrar.h"
#include "registrar/netim_requests.h"
#include "support/scratch.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::answer_xml;
using domspool::test::ListedLog;
using domspool::test::operation_xml;
using domspool::test::read_text;
using domspool::test::StubRegistrar;

namespace {

// Blanks between elements, which the golden files have for the reader's sake.
std::string without_layout(const std::string& xml) {
    std::string squeezed;
    for (std::size_t i = 0; i < xml.size(); ++i) {
        const bool is_blank = xml[i] == ' ' || xml[i] == '\n';
        const auto next = xml.find_first_not_of(" \n", i);
        const bool is_before_element = next == std::string::npos || xml[next] == '<';
        if (is_blank && is_before_element && (squeezed.empty() || squeezed.back() == '>')) continue;
        squeezed += xml[i];
    }
    return squeezed;
}

std::string golden(const std::string& name) {
    return without_layout(read_text(std::string(SOURCE_DIR) + "/tests/golden/calls/" + name));
}

std::string call_in(const std::string& envelope) {
    const std::string_view open = "<SOAP-ENV:Body>";
    const auto begin = envelope.find(open) + open.size();
    return envelope.substr(begin, envelope.find("</SOAP-ENV:Body>") - begin);
}

const DomainName kDomain = DomainName::from_stored("xn--bcher-kva.example");
const Contacts kContacts{"GK521", "AB123", "AB123", "AB123"};

ContactData organisation() {
    ContactData data;
    data.fields = {{"firstName", "Grâce"},
                   {"lastName", "O'Keller"},
                   {"bodyForm", "ORG"},
                   {"bodyName", "Keller & Söhne"},
                   {"address1", "1, Rue de Test"},
                   {"zipCode", "75001"},
                   {"city", "Paris"},
                   {"country", "FR"},
                   {"phone", "+33 102030405"},
                   {"email", "grace@example.com"},
                   {"language", "EN"},
                   {"companyNumber", "123456789"}};
    data.additional = {{"EU_CITIZENSHIP", "FR"}};
    data.bound["US_APP_PURPOSE"] = {{"example.us", "P3"}, {"other.us", "P1"}};
    return data;
}

using Act = std::function<void(NetimRegistrar&)>;

// Every call once, by the name of its golden file.
const std::vector<std::pair<std::string, Act>>& calls() {
    static const std::vector<std::pair<std::string, Act>> all{
        {"queryAllSessions", [](auto& r) { r.sessions(); }},
        {"queryResellerAccount", [](auto& r) { r.account(); }},
        {"queryOpePending", [](auto& r) { r.pending(); }},
        {"contactInfo", [](auto& r) { r.contact("GK521"); }},
        {"queryContactList", [](auto& r) { r.contacts("Keller", "lastName"); }},
        {"domainInfo", [](auto& r) { r.domain(kDomain); }},
        {"queryDomainList", [](auto& r) { r.domains("*", [](const std::string&) {}); }},
        {"domainTldInfo", [](auto& r) { r.extension("co.uk"); }},
        {"queryOpeList", [](auto& r) { r.open_operations("co.uk"); }},
        {"queryDomainPrice", [](auto& r) { r.price(kDomain, Secret()); }},
        {"queryDomainPrice.with_code", [](auto& r) { r.price(kDomain, Secret("A<b>&\"c\"")); }},
        {"queryOpe", [](auto& r) { r.operation(4958385); }},
        {"queryZoneList", [](auto& r) { r.zone(kDomain); }},
        {"contactCreate", [](auto& r) { r.create_contact(organisation(), true); }},
        {"contactCreate.simple", [](auto& r) { r.create_contact({}, false); }},
        {"contactOwnerUpdate", [](auto& r) { r.update_owner_contact("GK521", organisation()); }},
        {"domainCreate",
         [](auto& r) {
             r.create_domain({kDomain, kContacts, {"ns1.example.net", "ns2.example.net"}, 2, 3});
         }},
        {"domainCreate.plain",
         [](auto& r) {
             r.create_domain({kDomain, kContacts, {}, 1, std::nullopt});
         }},
        {"domainTransferIn",
         [](auto& r) {
             r.transfer_in({kDomain,
                            Secret("A<b>&\"c\""),
                            kContacts,
                            {"ns1.example.net", "ns2.example.net"}});
         }},
        {"domainTransferIn.without_code",
         [](auto& r) {
             r.transfer_in({kDomain, Secret(), {"#AUTO#", "AB123", "AB123", "AB123"}, {}});
         }},
        {"domainTransferOwner", [](auto& r) { r.transfer_owner(kDomain, "GK521"); }},
        {"domainChangeDNS",
         [](auto& r) {
             r.change_nameservers(kDomain, {"ns1.example.net", "ns2.example.net", "ns3.example.net",
                                            "ns4.example.net", "ns5.example.net"});
         }},
        {"domainAuthID", [](auto& r) { r.new_auth_code(kDomain, false); }},
        {"domainAuthID.to_owner", [](auto& r) { r.new_auth_code(kDomain, true); }},
        {"domainZoneInit", [](auto& r) { r.init_zone(kDomain, 3); }},
        {"domainSetDNSsec", [](auto& r) { r.set_dnssec(kDomain, true); }},
        {"domainSetDNSsec.off", [](auto& r) { r.set_dnssec(kDomain, false); }},
        {"domainSetDNSSecExt",
         [](auto& r) {
             r.set_dnssec_ext(kDomain, {{20326, 2, "E06D44B8"}, {38696, 2, "683D2D0A"}},
                              {257, 3, 13, "c2FtcGxlIGtleQ=="});
         }},
        {"domainSetPreference", [](auto& r) { r.set_preference(kDomain, "registrar_lock", "1"); }},
        {"domainSetPreference.note",
         [](auto& r) { r.set_preference(kDomain, "note", "a <b> & \"c\""); }},
        {"cancelOpe", [](auto& r) { r.cancel_operation(4958385); }},
    };
    return all;
}

}  // namespace

TEST_CASE("each call goes out as documented") {
    for (const auto how : {NetimSettings::Parameters::position, NetimSettings::Parameters::names}) {
        const std::string folder =
            how == NetimSettings::Parameters::position ? "position/" : "names/";
        StubRegistrar stub;
        SystemClock clock;
        ListedLog log;
        NetimSettings settings = stub.settings();
        settings.parameters = how;
        auto account = std::make_shared<NetimAccount>(settings, clock, log);
        {
            NetimRegistrar registrar(account);
            for (const auto& [name, act] : calls()) {
                CAPTURE(folder + name);
                try {
                    registrar.make_ready([] {});
                    act(registrar);
                } catch (const QueryFailure&) {  // The stub answers nothing; what was sent counts.
                }
                const std::string function = name.substr(0, name.find('.'));
                CHECK(call_in(stub.last_body(function)) == golden(folder + name + ".xml"));
            }
        }
        account.reset();
        for (const char* function : {"sessionOpen", "sessionSetPreference", "sessionClose"}) {
            CAPTURE(folder + function);
            CHECK(call_in(stub.last_body(function)) ==
                  golden(folder + std::string(function) + ".xml"));
        }
    }
}

TEST_CASE("an envelope is framed as documented, and so is its request") {
    StubRegistrar stub;
    SystemClock clock;
    ListedLog log;
    NetimSettings settings = stub.settings();
    settings.reseller_id = "ab123";
    settings.language = "en";
    NetimRegistrar registrar(std::make_shared<NetimAccount>(settings, clock, log));
    CHECK_THROWS_AS(registrar.account(), QueryFailure);
    CHECK(without_layout(stub.last_body("sessionOpen")) == golden("envelope.xml"));
    const auto request = stub.server().requests().at(0);
    CHECK(request.head.starts_with("POST /2.0/ HTTP/1.1\r\n"));
    CHECK(request.header("Content-Type") == "text/xml; charset=utf-8");
    CHECK(request.header("SOAPAction") == "\"sessionOpen\"");
    CHECK(request.header("User-Agent") == "domspool/test");
}
