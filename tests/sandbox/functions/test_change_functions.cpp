#include "sandbox/sandbox_caller.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;
using soap::Value;

namespace {

struct Owner : SandboxAccount {
    Owner() {
        answering->control("add-domain a.com idOwner=" + owner + "\nadd-domain b.com idOwner=" +
                           owner + " ns=a.example.net,b.example.net\nadd-domain c.is\n");
    }
    Got sign_outside(const std::string& domain, const std::string& tag, const std::string& type,
                     const std::string& digest) {
        const Value record = Value::record(
            "StructDSRecord", {{"key", text(tag)}, {"type", text(type)}, {"digest", text(digest)}});
        return call_with("domainSetDNSSecExt",
                         {text(domain), Value::list("StructDSRecord", {record}), text("257"),
                          text("3"), text("13"), text("a2V5")});
    }
};

}  // namespace

TEST_CASE("all three contacts are replaced at once") {
    Owner account;
    const std::string other = account.new_contact(0);
    CHECK(account.call("domainChangeContact", {"a.com", other, "AB123", other}).state() == "Done");
    CHECK(account.shown("a.com", "idAdmin") == other);
    CHECK(account.shown("a.com", "idTech") == "AB123");
    CHECK(account.call("domainChangeContact", {"a.com", other, account.owner, other}).code() ==
          "E11-M1103");
    CHECK(account.call("domainChangeContact", {"a.com", other, "", other}).code() == "E10-M1001");
}

TEST_CASE("preferences are the documented five") {
    Owner account;
    const auto set = [&](const char* code, const char* value) {
        const Got got = account.call("domainSetPreference", {"a.com", code, value});
        return got.fault ? got.code() : got.value.text_of("TYPE");
    };
    CHECK(set("whois_privacy", "1") == "domainSetPreference.whois_privacy");
    CHECK(set("registrar_lock", "1") == "domainSetPreference.registrar_lock");
    CHECK(set("auto_renew", "0") == "domainSetPreference.auto_renew");
    CHECK(set("tag", "spring sale") == "domainSetPreference");
    CHECK(set("note", "") == "domainSetPreference");
    CHECK(set("to_be_renewed", "1") == "E10-M1001");
    CHECK(set("auto_renew", "on") == "E10-M1001");
    CHECK(set("auto_renew", "") == "E10-M1001");
}

TEST_CASE("a service the extension does not offer is closed") {
    Owner account;
    CHECK(account.call("domainSetPreference", {"c.is", "registrar_lock", "1"}).code() ==
          "E12-M1204");
    CHECK(account.call("domainSetDNSsec", {"c.is", "1"}).code() == "E12-M1204");
    CHECK(account.call("domainAuthID", {"c.is", "0"}).code() == "E12-M1204");
}

TEST_CASE("DNSSEC goes one way on our name servers and another on others") {
    Owner account;
    CHECK(account.call("domainSetDNSsec", {"a.com", "1"}).state() == "Done");
    CHECK(account.shown("a.com", "IsSigned") == "1");
    CHECK(account.call("domainSetDNSsec", {"a.com", "0"}).state() == "Done");
    CHECK(account.shown("a.com", "IsSigned") == "0");
    CHECK(account.call("domainSetDNSsec", {"a.com", "2"}).code() == "E10-M1001");
    CHECK(account.call("domainSetDNSsec", {"b.com", "1"}).code() == "E12-M1220");
    CHECK(account.call("domainSetDNSsec", {"b.com", "0"}).state() == "Done");
    CHECK(account.sign_outside("a.com", "1", "2", "AB").code() == "E12-M1220");
    CHECK(account.sign_outside("b.com", "1", "2", "AB").state() == "Done");
    CHECK(account.shown("b.com", "IsSigned") == "1");
}

TEST_CASE("a DS record that is none is refused") {
    Owner account;
    CHECK(account.sign_outside("b.com", "65536", "2", "AB").code() == "E10-M1001");
    CHECK(account.sign_outside("b.com", "1", "two", "AB").code() == "E10-M1001");
    CHECK(account.sign_outside("b.com", "1", "2", "ABC").code() == "E10-M1001");
    CHECK(account.sign_outside("b.com", "1", "2", "XY").code() == "E10-M1001");
    CHECK(account
              .call_with("domainSetDNSSecExt", {text("b.com"), Value::list("StructDSRecord", {}),
                                                text("257"), text("3"), text("13"), text("a2V5")})
              .code() == "E10-M1001");
    CHECK(account.shown("b.com", "IsSigned") == "0");
}

TEST_CASE("name servers are replaced as a whole set") {
    Owner account;
    const auto change = [&](const std::string& ns1, const std::string& ns2) {
        return account.call("domainChangeDNS", {"a.com", ns1, ns2, "", "", ""});
    };
    CHECK(change("", "").code() == "E10-M1001");
    CHECK(change("only.example.net", "").state() == "Failed");
    CHECK(change("x.example.net", "y.example.net").state() == "Done");
    const Got info = account.call("domainInfo", {"a.com"});
    CHECK(info.value.find("ns")->members.size() == 2);
    CHECK(info.value.integer_of("HasDNS4Service") == 0);
    CHECK(account.call("queryZoneList", {"elsewhere.com"}).code() == "E15-M1502");
}

TEST_CASE("a new code differs from the old, wherever it is sent") {
    Owner account;
    std::string before = account.shown("a.com", "authID");
    for (const char* to : {"0", "1"}) {
        const Got got = account.call("domainAuthID", {"a.com", to});
        CHECK(got.value.text_of("TYPE") == "domainAuthid");
        CHECK(got.value.text_of("MESSAGE").empty());
        const std::string after = account.shown("a.com", "authID");
        CHECK(after != before);
        before = after;
    }
    CHECK(account.call("domainAuthID", {"a.com", "2"}).code() == "E10-M1001");
}

TEST_CASE("a domain under way or blocked is not changed") {
    Owner account;
    account.answering->control("hold on");
    REQUIRE(account.order("slow.com", account.owner).state() == "Pending");
    CHECK(account.call("domainAuthID", {"slow.com", "0"}).code() == "E12-M1220");
    account.answering->control("set-domain a.com status=QUARANTINE,_NOT_DELEGATED");
    CHECK(account.call("domainAuthID", {"a.com", "0"}).code() == "E12-M1220");
    account.answering->control("set-domain a.com status=EXPIRED");
    CHECK(account.call("domainAuthID", {"a.com", "0"}).state() == "Done");
}
