#include "sandbox/functions/function.h"
#include "sandbox/server/published_wsdl.h"
#include "soap/wsdl.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace domspool;

TEST_CASE("every function stands in the WSDL with its documented parts in order") {
    const std::string wsdl = sandbox::published_wsdl("http://127.0.0.1:1/2.0/");
    const auto described = soap::read_wsdl(wsdl);
    CHECK(described.size() == sandbox::all_functions().size());
    const auto create = std::find_if(described.begin(), described.end(),
                                     [](const auto& f) { return f.name == "domainCreate"; });
    REQUIRE(create != described.end());
    std::vector<std::string> names;
    for (const auto& part : create->parts) names.push_back(part.name);
    // With the session first (API, "Domains").
    CHECK(names == std::vector<std::string>{"IDSession", "domain", "idOwner", "idAdmin", "idTech",
                                            "idBilling", "ns1", "ns2", "ns3", "ns4", "ns5",
                                            "duration", "templateDNS"});
    CHECK(create->result.name == "return");
    CHECK(wsdl.find("location=\"http://127.0.0.1:1/2.0/\"") != std::string::npos);
}

TEST_CASE("the functions of the five use cases are all there") {
    for (const char* name : {"login",
                             "sessionOpen",
                             "sessionClose",
                             "sessionInfo",
                             "queryAllSessions",
                             "sessionSetPreference",
                             "hello",
                             "contactCreate",
                             "contactInfo",
                             "contactUpdate",
                             "contactOwnerUpdate",
                             "contactDelete",
                             "queryContactList",
                             "domainCheck",
                             "domainInfo",
                             "domainTldInfo",
                             "domainPriceList",
                             "queryDomainPrice",
                             "queryDomainList",
                             "domainCreate",
                             "domainTransferIn",
                             "domainTransferTrade",
                             "domainInternalTransfer",
                             "domainTransferOwner",
                             "domainChangeDNS",
                             "domainChangeContact",
                             "domainSetPreference",
                             "DOMAINSETDNSSEC",
                             "domainSetDNSSecExt",
                             "domainZoneInit",
                             "queryZoneList",
                             "domainAuthID",
                             "queryResellerAccount",
                             "queryOpe",
                             "queryOpePending",
                             "queryOpeList",
                             "cancelOpe",
                             "domainRenew",
                             "domainDelete"}) {
        CAPTURE(name);
        CHECK(sandbox::function_named(name) != nullptr);
    }
    CHECK(sandbox::function_named("domainRelease") == nullptr);
}
