#include "sandbox/sandbox_caller.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

namespace {

// Transfers into the account, by default of an unknown domain with a code that is not wrong.
struct Mover : SandboxAccount {
    using SandboxAccount::SandboxAccount;
    Got transfer(const std::string& domain, const std::string& code, const std::string& new_owner,
                 const std::string& ns1 = "", const std::string& ns2 = "") {
        return call("domainTransferIn",
                    {domain, code, new_owner, "AB123", "AB123", "AB123", ns1, ns2, "", "", ""});
    }
    // What became of it when its time was over.
    Got ended(const Got& operation) {
        pass(std::chrono::seconds(5));
        return call("queryOpe", {std::to_string(operation.id())});
    }
};

}  // namespace

TEST_CASE("a renewal adds its years and takes its fee") {
    Mover account;
    REQUIRE(account.order("example.com", account.owner).state() == "Done");
    CHECK(account.call("domainRenew", {"example.com", "2"}).state() == "Done");
    CHECK(account.shown("example.com", "dateExpiration") == "2029-03-02");
    CHECK(account.balance() == "9971.50");
    CHECK(account.call("domainRenew", {"example.com", "11"}).code() == "E13-M1307");
    CHECK(account.call("domainRenew", {"elsewhere.com", "1"}).code() == "E15-M1502");
}

TEST_CASE("a deletion takes the domain away, and only NOW is a way to delete") {
    Mover account;
    REQUIRE(account.order("example.com", account.owner).state() == "Done");
    CHECK(account.call("domainDelete", {"example.com", "LATER"}).code() == "E10-M1001");
    CHECK(account.call("domainDelete", {"example.com", "NOW"}).state() == "Done");
    CHECK(account.shown("example.com", "status") == "E15-M1502");
    CHECK(account.order("example.com", account.owner).state() == "Done");
}

TEST_CASE("a transfer with a change of owner wants a contact, also where others take #AUTO#") {
    Mover account;
    const auto trade = [&](const std::string& domain, const std::string& owner) {
        return account.call("domainTransferTrade",
                            {domain, "code", owner, "AB123", "AB123", "AB123", "", "", "", "", ""});
    };
    CHECK(trade("a.com", "#AUTO#").code() == "E11-M1102");
    CHECK(trade("a.de", account.owner).code() == "E12-M1204");
    const Got got = trade("a.com", account.owner);
    CHECK(got.state() == "Pending");
    CHECK(account.ended(got).state() == "Done");
    CHECK(account.shown("a.com", "idOwner") == account.owner);
}

TEST_CASE("a transfer from another account of the registrar needs no owner") {
    Mover account;
    account.answering->control("add-domain a.com outside authID=c idOwner=ZZ1");
    const Got got = account.call("domainInternalTransfer",
                                 {"a.com", "c", "AB123", "AB123", "AB123", "", "", "", "", ""});
    CHECK(got.state() == "Pending");
    CHECK(account.ended(got).state() == "Done");
    CHECK(account.shown("a.com", "idOwner") == "ZZ1");
}

TEST_CASE("a transfer without name servers leaves those the domain has") {
    Mover account;
    account.answering->control("add-domain a.com outside authID=c ns=x.example.net,y.example.net");
    CHECK(account.ended(account.transfer("a.com", "c", account.owner)).state() == "Done");
    const Got info = account.call("domainInfo", {"a.com"});
    REQUIRE(info.value.find("ns")->members.size() == 2);
    CHECK(info.value.find("ns")->members.front().value.text == "x.example.net");
    CHECK(info.value.text_of("status") == "ACTIVE, DELEGATED");
}

TEST_CASE("a locked domain does not move") {
    Mover account;
    account.answering->control("add-domain a.com outside authID=c domainIsLock=1");
    const Got ended = account.ended(account.transfer("a.com", "c", account.owner));
    CHECK(ended.state() == "Failed");
    CHECK(ended.value.text_of("MESSAGE") == "domain is locked");
    CHECK(account.balance() == "10000.00");
}

TEST_CASE("an extension without EPP codes wants none, another goes without") {
    Mover account;
    CHECK(account.transfer("a.co.uk", "", account.owner).state() == "Pending");
    CHECK(account.transfer("a.be", "", "#AUTO#").state() == "Pending");
    CHECK(account.transfer("a.com", "", account.owner).code() == "E10-M1001");
}

TEST_CASE("a code that begins with wrong fails at a domain nobody knows") {
    Mover account;
    CHECK(account.ended(account.transfer("a.com", "wrong-1", account.owner)).state() == "Failed");
    CHECK(account.shown("a.com", "status") == "ERROR");
    CHECK(account.ended(account.transfer("a.com", "right-1", account.owner)).state() == "Done");
    CHECK(account.shown("a.com", "status") == "ACTIVE, NOT DELEGATED");
}

TEST_CASE("a domain that has left can be fetched back but not created") {
    Mover account;
    REQUIRE(account.order("a.com", account.owner).state() == "Done");
    account.answering->control("set-domain a.com status=TRANSFERRED_OUT");
    CHECK(account.order("a.com", account.owner).state() == "Failed");
    CHECK(account.shown("a.com", "status") == "TRANSFERRED OUT");
    CHECK(account.call("domainChangeDNS", {"a.com", "a.example.net", "b.example.net", "", "", ""})
              .code() == "E12-M1220");
    CHECK(account.ended(account.transfer("a.com", "code", account.owner)).state() == "Done");
    CHECK(account.shown("a.com", "status") == "ACTIVE, DELEGATED");
}

TEST_CASE("a change of owner costs what the extension asks and wants another owner") {
    Mover account;
    account.answering->control("add-domain a.lu idOwner=" + account.owner);
    CHECK(account.call("domainTransferOwner", {"a.lu", account.owner}).code() == "E11-M1103");
    CHECK(account.call("domainTransferOwner", {"a.lu", account.new_contact(0)}).code() ==
          "E11-M1103");
    CHECK(account.call("domainTransferOwner", {"a.lu", account.new_contact(1)}).state() ==
          "Pending");
    CHECK(account.balance() == "9985.00");
}

TEST_CASE("name servers are host names, each once") {
    Mover account;
    const auto order = [&](const std::string& ns1, const std::string& ns2) {
        return account.call("domainCreate", {"a.com", account.owner, "AB123", "AB123", "AB123", ns1,
                                             ns2, "", "", "", "1"});
    };
    CHECK(order("a.example.net", "A.example.net").code() == "E13-M1308");
    CHECK(order("a.example.net", "nodots").code() == "E13-M1308");
    CHECK(order("a.example.net", "b_c.example.net").code() == "E13-M1308");
    CHECK(order("a.example.net", "b.example.net").state() == "Done");
}

TEST_CASE("a zone comes from the template given, else the first, and only on our servers") {
    Mover account;
    const auto zone_of = [&](const std::string& domain, const std::string& ns1,
                             const std::string& ns2, const std::string& number) {
        const Got got = account.call("domainCreate", {domain, account.owner, "AB123", "AB123",
                                                      "AB123", ns1, ns2, "", "", "", "1", number});
        if (got.fault) return got.code();
        const Got zone = account.call("queryZoneList", {domain});
        return zone.value.members.empty() ? "none"
                                          : zone.value.members.front().value.text_of("value");
    };
    CHECK(zone_of("a.com", "", "", "7") == "192.0.2.7");
    CHECK(zone_of("b.com", "", "", "") == "192.0.2.1");
    CHECK(zone_of("c.com", "a.example.net", "b.example.net", "7") == "none");
    CHECK(zone_of("d.com", "", "", "10") == "E10-M1001");
}
