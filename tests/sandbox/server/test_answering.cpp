#include "sandbox/sandbox_caller.h"
#include "sandbox/server/answering.h"

#include <doctest/doctest.h>

#include <set>

using namespace domspool;
using namespace domspool::test;
using soap::Value;

namespace {

soap::Call by_name(const std::string& function, std::vector<soap::Field> fields) {
    return {function, std::move(fields)};
}

}  // namespace

TEST_CASE("a call is understood by position and by name in any order") {
    SandboxAccount account;
    CHECK(account.order("position.com", account.owner).state() == "Done");
    const Got named = account.send(by_name("domainCreate", {{"duration", text("1")},
                                                            {"idBilling", text("AB123")},
                                                            {"idTech", text("AB123")},
                                                            {"idAdmin", text("AB123")},
                                                            {"idOwner", text(account.owner)},
                                                            {"domain", text("name.com")},
                                                            {"IDSession", text(account.session)}}));
    CHECK(named.state() == "Done");
    CHECK(account.shown("name.com", "idOwner") == account.owner);
}

TEST_CASE("one right name among wrong ones nulls all the wrong ones") {
    SandboxAccount account;
    const Got got = account.send(by_name(
        "domainInfo", {{"IDSession", text(account.session)}, {"name", text("example.com")}}));
    CHECK(got.code() == "E10-M1001");
    const Got lost_session = account.send(by_name(
        "domainInfo", {{"idSession", text(account.session)}, {"domain", text("example.com")}}));
    CHECK(lost_session.code() == "E02-M0201");
}

TEST_CASE("more elements than parts are refused by position, ignored by name") {
    SandboxAccount account;
    CHECK(account.call("hello", {"more"}).code() == "SOAP-ENV:Client");
    CHECK_FALSE(
        account.send(by_name("hello", {{"IDSession", text(account.session)}, {"more", text("x")}}))
            .fault);
}

TEST_CASE("a fault has status 500 and its code in front of its text") {
    SandboxCaller caller;
    const Got got = caller.call_bare("sessionOpen", {text("AB123"), text("wrong"), text("EN")});
    REQUIRE(got.fault);
    CHECK(got.status == 500);
    CHECK(got.fault->code == "E01-M0101");
    CHECK(got.fault->text.starts_with("E01-M0101 : "));
}

TEST_CASE("the reseller id is taken in any letter case, also as it was set") {
    SandboxCaller caller({.reseller_id = "cd456"});
    CHECK_FALSE(
        caller.call_bare("login", {text("Cd456"), text("sandbox"), text("FR"), text("x=1")}).fault);
    CHECK(caller.call_bare("sessionOpen", {text("CD45"), text("sandbox"), text("EN")}).code() ==
          "E01-M0101");
}

TEST_CASE("what is no call of ours is refused as PHP's server does it, and is logged") {
    SandboxCaller caller;
    const Got unknown = caller.call_bare("domainRelease", {});
    CHECK(unknown.code() == "SOAP-ENV:Server");
    CHECK(unknown.fault->text == "Procedure 'domainRelease' not present");
    const auto reply = caller.answering->answer("<html>");
    CHECK(reply.status == 500);
    CHECK(reply.body.find("SOAP-ENV:Client") != std::string::npos);
    const std::string log = caller.answering->list_calls(0).body;
    CHECK(log.find("\tdomainRelease\t") != std::string::npos);
    CHECK(log.find("\t(unreadable)\t") != std::string::npos);
}

TEST_CASE("function names are matched without letter case") {
    SandboxAccount account;
    CHECK_FALSE(account.call("HELLO").fault);
}

TEST_CASE("a session ends by closing and is unknown then") {
    SandboxAccount account;
    CHECK(account.session.size() == 32);
    CHECK_FALSE(account.call("sessionClose").fault);
    CHECK(account.call("hello").code() == "E02-M0201");
    CHECK(account.call("sessionClose").code() == "E02-M0201");
}

TEST_CASE("a session ends after 20 minutes without a call") {
    SandboxAccount account;
    account.pass(std::chrono::minutes(19));
    CHECK_FALSE(account.call("hello").fault);
    account.pass(std::chrono::minutes(19));
    CHECK_FALSE(account.call("hello").fault);
    account.pass(std::chrono::minutes(20));
    CHECK(account.call("hello").code() == "E02-M0201");
}

TEST_CASE("sessions are counted, and idle ones free their place") {
    SandboxCaller caller({.most_sessions = 3});
    for (int i = 0; i < 3; ++i) REQUIRE(caller.log_in());
    CHECK_FALSE(caller.log_in());
    CHECK(caller.call("queryAllSessions").value.members.size() == 3);
    CHECK_FALSE(caller.call("sessionClose").fault);
    CHECK(caller.log_in());
    caller.pass(std::chrono::minutes(21));
    CHECK(caller.log_in());
    CHECK(caller.call("queryAllSessions").value.members.size() == 1);
}

TEST_CASE("session preferences are kept and their bounds refused") {
    SandboxAccount account;
    CHECK_FALSE(account.call("sessionSetPreference", {"syncDelay", "25"}).fault);
    CHECK_FALSE(account.call("sessionSetPreference", {"lang", "FR"}).fault);
    CHECK_FALSE(account.call("sessionSetPreference", {"sync", "0"}).fault);
    CHECK(account.call("sessionSetPreference", {"syncDelay", "128"}).fault);
    CHECK(account.call("sessionSetPreference", {"sync", "2"}).fault);
    CHECK(account.call("sessionSetPreference", {"colour", "red"}).fault);
    const Got info = account.call("sessionInfo");
    CHECK(info.value.text_of("lang") == "FR");
    CHECK(info.value.text_of("sync") == "0");
    CHECK(info.value.text_of("IDSession") == account.session);
}

TEST_CASE("a fresh account can order at once") {
    SandboxCaller caller;
    REQUIRE(caller.log_in());
    const Got account = caller.call("queryResellerAccount");
    CHECK(account.value.text_of("BALANCE_AMOUNT") == "10000.00");
    CHECK(account.value.text_of("DEFAULT_DNS_1") == "ns1.sandbox.example");
    CHECK(account.value.text_of("DEFAULT_DNS_2") == "ns2.sandbox.example");
    CHECK(account.value.text_of("DEFAULT_ADMIN") == "AB123");
    CHECK(caller.call("queryDomainList", {"*"}).value.members.empty());
    CHECK(caller.call("queryContactList", {"", ""}).value.members.empty());
    CHECK(caller.call("queryOpePending").value.members.empty());
    const std::string owner = caller.new_contact(1);
    REQUIRE(caller.order("example.com", owner).state() == "Done");
    const Got domain = caller.call("domainInfo", {"example.com"});
    CHECK(domain.value.text_of("status") == "ACTIVE, DELEGATED");
    CHECK(domain.value.text_of("idAdmin") == "AB123");
    CHECK(domain.value.text_of("dateExpiration") == "2027-03-02");
    REQUIRE(domain.value.find("ns") != nullptr);
    CHECK(domain.value.find("ns")->members.front().value.text == "ns1.sandbox.example");
    CHECK(caller.balance() == "9990.50");
}

TEST_CASE("owners own, and only others serve as admin, tech and billing") {
    SandboxAccount account;
    const std::string other = account.new_contact(0);
    CHECK(account.order("example.com", other).code() == "E11-M1103");
    CHECK(account
              .call("domainCreate", {"example.com", account.owner, account.owner, other, other, "",
                                     "", "", "", "", "1"})
              .code() == "E11-M1103");
    CHECK(account
              .call("domainCreate",
                    {"example.com", account.owner, other, "XX999", other, "", "", "", "", "", "1"})
              .code() == "E11-M1102");
    CHECK(account
              .call("domainCreate",
                    {"example.com", account.owner, other, other, "ab123", "", "", "", "", "", "1"})
              .state() == "Done");
}

TEST_CASE("a contact that breaks a rule is refused and not kept") {
    SandboxAccount account;
    CHECK(account.call_with("contactCreate", {contact_of(1, "Иванов")}).code() == "E11-M1101");
    CHECK(account.call("queryContactList", {"", ""}).value.members.size() == 1);
}

TEST_CASE("contacts are found by a field and a filter") {
    SandboxAccount account;
    const Got other = account.call_with("contactCreate", {contact_of(0, "Muster")});
    const Got found = account.call("queryContactList", {"Mus*", "lastName"});
    REQUIRE(found.value.members.size() == 1);
    CHECK(found.value.members.front().value.text_of("idContact") == other.value.text);
    CHECK(account.call("queryContactList", {"Mus", "lastName"}).value.members.empty());
}

TEST_CASE("a contact in use cannot be deleted, nor one about to be in use") {
    SandboxAccount account;
    REQUIRE(account.order("example.com", account.owner).state() == "Done");
    const std::string next = account.new_contact(1);
    CHECK(account.call("contactInfo", {next}).value.text_of("isLinked") == "0");
    REQUIRE(account.call("domainTransferOwner", {"example.com", next}).state() == "Pending");
    CHECK(account.call("contactInfo", {next}).value.text_of("isLinked") == "1");
    CHECK(account.call("contactDelete", {account.owner}).code() == "E11-M1105");
    CHECK(account.call("contactDelete", {next}).code() == "E11-M1105");
    account.pass(std::chrono::seconds(5));
    CHECK(account.call("contactDelete", {account.owner}).state() == "Done");
    CHECK(account.call("contactInfo", {account.owner}).code() == "E11-M1102");
}

TEST_CASE("an owner's update keeps the name and takes the rest") {
    SandboxAccount account;
    Value changed = contact_of(1, "Other");
    changed.members.erase(changed.members.begin(), changed.members.begin() + 4);
    changed.members.front().value = text("2 New Road");
    CHECK(account.call_with("contactUpdate", {text(account.owner), changed}).code() == "E11-M1103");
    CHECK(account.call_with("contactOwnerUpdate", {text(account.owner), changed}).state() ==
          "Done");
    const Got shown = account.call("contactInfo", {account.owner});
    CHECK(shown.value.text_of("lastName") == "Sample");
    CHECK(shown.value.text_of("address1") == "2 New Road");
}

TEST_CASE("availability queries are limited by day") {
    SandboxAccount account({.most_checks_a_day = 3});
    const Got two = account.call("domainCheck", {"example.com;taken-1.com"});
    REQUIRE(two.value.members.size() == 2);
    CHECK(two.value.members[0].value.text_of("result") == "AVAILABLE");
    CHECK(two.value.members[1].value.text_of("result") == "NOT AVAILABLE");
    CHECK(account.call("domainCheck", {"example.com;b.com"}).code() == "E03-M0301");
    CHECK_FALSE(account.call("domainCheck", {"example.com"}).fault);
    CHECK(account.call("domainCheck", {"example.com"}).code() == "E03-M0301");
    account.pass(std::chrono::hours(24));
    REQUIRE(account.log_in());
    CHECK_FALSE(account.call("domainCheck", {"example.com"}).fault);
}

TEST_CASE("an account without money cannot order, and loses nothing by trying") {
    SandboxAccount account({.opening_balance_cents = 1000});
    CHECK(account.order("one.com", account.owner).state() == "Done");
    CHECK(account.balance() == "0.50");
    CHECK(account.order("two.com", account.owner).code() == "E16-M1601");
    CHECK(account.balance() == "0.50");
    CHECK(account.shown("two.com", "status") == "E15-M1502");
    CHECK(account.order("two.com", account.owner).code() == "E16-M1601");
}

TEST_CASE("an operation ends after its delay and not before") {
    SandboxAccount account;
    const Got slow = account.order("slow.com", account.owner);
    CHECK(slow.state() == "Pending");
    CHECK(account.shown("slow.com", "status") == "PENDING");
    account.pass(std::chrono::milliseconds(4999));
    CHECK(account.call("queryOpe", {std::to_string(slow.id())}).state() == "Pending");
    const Got list = account.call("queryOpePending");
    REQUIRE(list.value.members.size() == 1);
    const Value& row = list.value.members.front().value;
    CHECK(row.integer_of("id_ope") == slow.id());
    CHECK(row.text_of("code_ope") == "domainCreate");
    CHECK(row.text_of("data_ope") == "slow.com");
    CHECK(row.text_of("date_ope") == "2026-03-02 09:00:00");
    account.pass(std::chrono::milliseconds(1));
    CHECK(account.call("queryOpePending").value.members.empty());
    CHECK(account.call("queryOpe", {std::to_string(slow.id())}).state() == "Done");
    CHECK(account.shown("slow.com", "status") == "ACTIVE, DELEGATED");
}

TEST_CASE("an order that fails gives the money back and leaves the domain in error") {
    SandboxAccount account;
    const Got now = account.order("failnow.com", account.owner);
    CHECK(now.state() == "Failed");
    CHECK_FALSE(now.value.text_of("MESSAGE").empty());
    CHECK(account.balance() == "10000.00");
    const Got later = account.order("fail.com", account.owner);
    CHECK(later.state() == "Pending");
    CHECK(account.balance() == "9990.50");
    account.pass(std::chrono::seconds(5));
    CHECK(account.call("queryOpe", {std::to_string(later.id())}).state() == "Failed");
    CHECK(account.shown("fail.com", "status") == "ERROR");
    CHECK(account.balance() == "10000.00");
    CHECK(account.order("fail.com", account.owner).state() == "Pending");
}

TEST_CASE("an asynchronous session is told Pending of everything") {
    SandboxAccount account;
    account.call("sessionSetPreference", {"sync", "0"});
    const Got got = account.order("example.com", account.owner);
    CHECK(got.state() == "Pending");
    account.pass(std::chrono::seconds(5));
    CHECK(account.call("queryOpe", {std::to_string(got.id())}).state() == "Done");
}

TEST_CASE("a domain with a pending operation takes no other") {
    SandboxAccount account;
    REQUIRE(account.order("slow.com", account.owner).state() == "Pending");
    CHECK(account.order("slow.com", account.owner).code() == "E12-M1210");
}

TEST_CASE("taken, foreign and unsold names are refused") {
    SandboxAccount account;
    // By the registry, in an operation of its own, and nothing of it comes into the account.
    const Got taken = account.order("taken-name.com", account.owner);
    CHECK(taken.state() == "Failed");
    CHECK(account.call("queryOpe", {std::to_string(taken.id())}).state() == "Failed");
    CHECK(account.call("domainInfo", {"taken-name.com"}).code() == "E15-M1502");
    CHECK(account.order("example.zz", account.owner).code() == "E13-M1305");
    CHECK(account.order("example.com", account.owner).state() == "Done");
    CHECK(account.order("EXAMPLE.com", account.owner).code() == "E15-M1503");
    CHECK(account.call("domainInfo", {"elsewhere.com"}).code() == "E15-M1502");
}

TEST_CASE("years outside the extension's periods are refused") {
    SandboxAccount account;
    CHECK(account
              .call("domainCreate", {"example.lu", account.owner, "AB123", "AB123", "AB123", "", "",
                                     "", "", "", "1"})
              .code() == "E13-M1307");
    CHECK(account
              .call("domainCreate", {"example.lu", account.owner, "AB123", "AB123", "AB123", "", "",
                                     "", "", "", "2"})
              .state() == "Pending");
}

TEST_CASE("missing data of the owner fails the order when it is worked on") {
    SandboxAccount account;
    const Got got = account.order("example.aero", account.owner);
    CHECK(got.state() == "Pending");
    account.pass(std::chrono::seconds(5));
    const Got ended = account.call("queryOpe", {std::to_string(got.id())});
    CHECK(ended.state() == "Failed");
    CHECK(ended.value.text_of("MESSAGE").find("AERO_AUTHID") != std::string::npos);
}

TEST_CASE("a closed operation is refused with its documented code") {
    SandboxAccount account;
    account.answering->control("add-domain old.es");
    CHECK(account.call("domainTransferOwner", {"old.es", account.owner}).code() == "E12-M1204");
    const Got flags = account.call("queryOpeList", {"ES"});
    CHECK(flags.value.integer_of("domainTransferOwner") == 0);
    CHECK(flags.value.integer_of("domainCreate") == 1);
}

TEST_CASE("extension rules are told as they are applied") {
    SandboxAccount account;
    const Got de = account.call("domainTldInfo", {"de"});
    CHECK(de.value.text_of("PeriodCreate") == "1-1");
    CHECK(de.value.integer_of("HasZonecheck") == 1);
    CHECK(de.value.integer_of("HasRegistrarLock") == 0);
    CHECK(account.order("example.de", account.owner).code() == "E13-M1308");
    CHECK(account.call("domainTldInfo", {"zz"}).code() == "E13-M1305");
}

TEST_CASE("premium names have their price and are said to be premium") {
    SandboxAccount account;
    const Got price = account.call("queryDomainPrice", {"premium-tea.shop", ""});
    CHECK(price.value.text_of("Fee4Registration") == "1093.00");
    CHECK(price.value.integer_of("IsPremium") == 1);
    CHECK(account.order("premium-tea.shop", account.owner).state() == "Done");
    CHECK(account.balance() == "8907.00");
    CHECK(account.call("queryDomainPrice", {"tea.shop", ""}).value.integer_of("IsPremium") == 0);
}

TEST_CASE("a transfer is Pending first, wants its code and brings the domain") {
    SandboxAccount account;
    account.answering->control(
        "add-domain moving.com outside authID=secret-1 ns=a.example,b.example");
    const auto transfer = [&](const std::string& code) {
        return account.call("domainTransferIn", {"moving.com", code, account.owner, "AB123",
                                                 "AB123", "AB123", "", "", "", "", ""});
    };
    CHECK(transfer("").code() == "E10-M1001");
    const Got wrong = transfer("other-code");
    CHECK(wrong.state() == "Pending");
    account.pass(std::chrono::seconds(5));
    CHECK(account.call("queryOpe", {std::to_string(wrong.id())}).state() == "Failed");
    CHECK(account.order("moving.com", account.owner).state() == "Failed");
    const Got right = transfer("secret-1");
    account.pass(std::chrono::seconds(5));
    CHECK(account.call("queryOpe", {std::to_string(right.id())}).state() == "Done");
    CHECK(account.shown("moving.com", "status") == "ACTIVE, DELEGATED");
    CHECK(account.shown("moving.com", "authID") != "secret-1");
    CHECK(transfer("secret-1").code() == "E15-M1503");
}

TEST_CASE("who may be the owner of a transfer differs by extension") {
    SandboxAccount account;
    const auto transfer = [&](const std::string& domain, const std::string& owner) {
        return account.call("domainTransferIn",
                            {domain, "code", owner, "AB123", "AB123", "AB123",
                             "ns1.sandbox.example", "ns2.sandbox.example", "", "", ""});
    };
    CHECK(transfer("a.de", account.owner).code() == "E11-M1103");
    CHECK(transfer("a.de", "#AUTO#").state() == "Pending");
    CHECK(transfer("a.fr", "#AUTO#").code() == "E11-M1103");
    CHECK(transfer("a.com", "#AUTO#").state() == "Pending");
    account.pass(std::chrono::seconds(5));
    CHECK(account.shown("a.com", "idOwner") == "#AUTO#");
}

TEST_CASE("changes show in the domain") {
    SandboxAccount account;
    REQUIRE(account.order("example.com", account.owner).state() == "Done");
    const auto done = [&](const char* function, const Texts& texts) {
        return account.call(function, texts).state() == "Done";
    };
    const std::string code = account.shown("example.com", "authID");
    CHECK(done("domainSetPreference", {"example.com", "registrar_lock", "1"}));
    CHECK(done("domainSetPreference", {"example.com", "whois_privacy", "1"}));
    CHECK(done("domainSetPreference", {"example.com", "auto_renew", "1"}));
    CHECK(done("domainSetDNSsec", {"example.com", "1"}));
    CHECK(done("domainAuthID", {"example.com", "0"}));
    CHECK(done("domainZoneInit", {"example.com", "3"}));
    const Got info = account.call("domainInfo", {"example.com"});
    for (const char* flag : {"domainIsLock", "whoisPrivacy", "autoRenew", "IsSigned"}) {
        CAPTURE(flag);
        CHECK(info.value.integer_of(flag) == 1);
    }
    CHECK(info.value.text_of("authID") != code);
    const Got zone = account.call("queryZoneList", {"example.com"});
    REQUIRE_FALSE(zone.value.members.empty());
    CHECK(zone.value.members.front().value.text_of("value") == "192.0.2.3");
    CHECK(account.call("domainSetPreference", {"example.com", "registrar_lock", "2"}).code() ==
          "E10-M1001");
    CHECK(done("domainChangeDNS", {"example.com", "a.example.net", "b.example.net", "", "", ""}));
    CHECK(account.call("domainZoneInit", {"example.com", "3"}).code() == "E12-M1220");
    const Value record =
        Value::record("StructDSRecord",
                      {{"key", text("12345")}, {"type", text("2")}, {"digest", text("ABCDEF")}});
    CHECK(account
              .call_with("domainSetDNSSecExt",
                         {text("example.com"), Value::list("StructDSRecord", {record}), text("257"),
                          text("3"), text("13"), text("c2FuZGJveA==")})
              .state() == "Done");
    const Got again = account.call("domainInfo", {"example.com"});
    REQUIRE(again.value.find("DNSSEC") != nullptr);
    CHECK(again.value.find("DNSSEC")->text_of("algo") == "13");
}

TEST_CASE("a change of owner is Pending first") {
    SandboxAccount account;
    REQUIRE(account.order("example.com", account.owner).state() == "Done");
    const std::string next = account.new_contact(1);
    CHECK(account.call("domainTransferOwner", {"example.com", next}).state() == "Pending");
    CHECK(account.shown("example.com", "idOwner") == account.owner);
    account.pass(std::chrono::seconds(5));
    CHECK(account.shown("example.com", "idOwner") == next);
}

TEST_CASE("name servers that do not answer fail the DNS test") {
    SandboxAccount account;
    const auto order = [&](const std::string& server) {
        return account.call("domainCreate",
                            {server + "-test.fr", account.owner, "AB123", "AB123", "AB123",
                             server + ".example.net", "b.example.net", "", "", "", "1"});
    };
    CHECK(order("lame1").state() == "Failed");
    CHECK(order("good1").state() == "Done");
    CHECK(account
              .call("domainCreate", {"one.com", account.owner, "AB123", "AB123", "AB123",
                                     "only.example.net", "", "", "", "", "1"})
              .state() == "Failed");
}

TEST_CASE("a pending operation can be cancelled, an ended one cannot") {
    SandboxAccount account;
    const std::string id = std::to_string(account.order("slow.com", account.owner).id());
    CHECK_FALSE(account.call("cancelOpe", {id}).fault);
    CHECK(account.call("queryOpe", {id}).state() == "Cancelled");
    CHECK(account.balance() == "10000.00");
    CHECK(account.call("cancelOpe", {id}).code() == "E12-M1212");
    CHECK(account.call("cancelOpe", {"1"}).code() == "E12-M1211");
    CHECK(account.call("queryOpe", {"soon"}).code() == "E10-M1001");
}

TEST_CASE("operation numbers grow and are never given twice") {
    SandboxAccount account;
    std::set<std::int64_t> ids;
    std::int64_t highest = 0;
    for (const char* domain : {"a.com", "slow-b.com", "failnow-c.com", "d.com"}) {
        const std::int64_t id = account.order(domain, account.owner).id();
        CHECK(id > highest);
        highest = id;
        ids.insert(id);
    }
    CHECK(ids.size() == 4);
    account.answering.reset();
    account.answering.emplace(account.scratch / "state.db", account.settings, account.clock);
    CHECK(account.order("e.com", account.owner).id() > highest);
}

TEST_CASE("the list of domains is filtered by a wildcard in any letter case") {
    SandboxAccount account;
    for (const char* domain : {"a.com", "b.com", "c.net"}) account.order(domain, account.owner);
    account.answering->control("add-domain elsewhere.com outside");
    const auto count = [&](const char* filter) {
        return account.call("queryDomainList", {filter}).value.members.size();
    };
    CHECK(count("*") == 3);
    CHECK(count("") == 3);
    CHECK(count("*.COM") == 2);
    CHECK(count("c.net") == 1);
    CHECK(count("[ab].com") == 0);
}

TEST_CASE("the call log holds no secret, wherever it was put") {
    sandbox::Settings settings;
    settings.password = Secret("pass-phrase-7");
    SandboxCaller caller(settings);
    // The password in a wrong place, the session in a wrong place, a person's data as a filter.
    caller.call_bare("sessionOpen", {text("pass-phrase-7"), text("AB123"), text("EN")});
    REQUIRE(caller.log_in());
    caller.call_bare("domainInfo", {text("example.com"), text(caller.session)});
    caller.call_with("contactCreate", {contact_of(1, "Persona")});
    caller.call("queryContactList", {"Persona", "lastName"});
    caller.call("queryDomainPrice", {"moving.com", "epp-code-9"});
    caller.call("domainTransferIn", {"moving.com", "epp-code-9", "#AUTO#", "AB123", "AB123",
                                     "AB123", "", "", "", "", ""});
    const std::string log = caller.answering->list_calls(0).body;
    CHECK(log.find("pass-phrase-7") == std::string::npos);
    CHECK(log.find(caller.session) == std::string::npos);
    CHECK(log.find("epp-code-9") == std::string::npos);
    CHECK(log.find("Persona") == std::string::npos);
    CHECK(log.find("ada@example.net") == std::string::npos);
    CHECK(log.find("contact=isOwner:1") != std::string::npos);
    CHECK(log.find("domain=moving.com") != std::string::npos);
}

TEST_CASE("every call has one line in the log, refused ones too") {
    SandboxAccount account;
    account.order("example.com", account.owner);
    account.order("example.com", account.owner);
    const std::string log = account.answering->list_calls(2).body;
    CHECK(log.find("\tdomainCreate\texample.com\t") != std::string::npos);
    CHECK(log.find("\tDone 5000001\tsent\n") != std::string::npos);
    CHECK(log.find("\tfault E15-M1503\tsent\n") != std::string::npos);
    CHECK(log.find("sessionOpen") == std::string::npos);
}

TEST_CASE("the date of a reply follows the sandbox's clock") {
    SandboxAccount account;
    account.answering->control("advance 3600");
    const auto reply =
        account.answering->answer(soap::write_call({"hello", {{"p0", text(account.session)}}}));
    REQUIRE(reply.date.has_value());
    CHECK(*reply.date == account.clock.now().utc.time_since_epoch().count() + 3600 * 1000);
}
