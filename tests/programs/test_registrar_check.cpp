// The doctor against a registrar that is well, and against each way in which it is not.
#include "support/shop.h"
#include "support/stub_registrar.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sys/stat.h>

using namespace domspool::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A shop with the folders `domain-orders init` made, the floor below the sandbox's balance.
struct Practice : Shop {
    using Shop::Shop;

    // No call that changes anything was made, and every session that was opened is closed.
    void require_harmless() {
        const std::set<std::string> harmless = {
            "sessionOpen",     "sessionClose",  "queryResellerAccount", "queryAllSessions",
            "queryOpePending", "domainTldInfo", "queryOpeList",         "queryDomainPrice",
            "queryDomainList", "domainInfo",    "queryContactList",     "contactInfo",
            "queryOpe",        "queryZoneList"};
        for (const SandboxCall& call : registrar().calls()) {
            CAPTURE(call.function);
            CHECK(harmless.contains(call.function));
        }
        CHECK(registrar().count_calls("sessionClose") == registrar().count_calls("sessionOpen"));
    }
};

}  // namespace

TEST_CASE("a shop that is well is told so, check by check") {
    Practice shop;
    const ProgramEnd end = shop.run("registrar-check", {});
    CAPTURE(end.out);
    CAPTURE(end.err);
    CHECK(end.code == 0);
    CHECK(end.err == "");
    for (const char* check :
         {"settings", "secret", "folders", "disk", "clock", "log", "ledger", "names", "tls",
          "login", "sessions", "balance", "wsdl", "extensions", "mail"}) {
        CAPTURE(check);
        CHECK(contains(end.out, std::string(" ") + check + " "));
    }
    CHECK_FALSE(contains(end.out, "wrong "));
    CHECK(shop.registrar().count_calls("sessionOpen") == 1);
    shop.require_harmless();
}

TEST_CASE("the doctor's JSON is one object per check") {
    Practice shop;
    const ProgramEnd end = shop.run("registrar-check", {"--json", "--deep"});
    CAPTURE(end.out);
    CAPTURE(end.err);
    CHECK(end.code == 0);
    const auto rows = json_lines(end.out);
    CHECK(rows.size() > 15);
    for (const auto& row : rows) {
        CAPTURE(row.at("text"));
        CHECK(row.at("verdict") != "wrong");
        CHECK((row.at("verdict") == "ok") == (row.at("next") == "(null)"));
    }
    CHECK(shop.registrar().count_calls("queryContactList") == 1);
    CHECK(shop.registrar().count_calls("queryOpePending") == 1);
    shop.require_harmless();
}

TEST_CASE("a wrong password is tried once, and does not show") {
    Practice shop;
    write_text(shop / "secret", "pw-of-somebody-else\n");
    const ProgramEnd end = shop.run("registrar-check", {"--deep"});
    CHECK(end.code == 69);
    CHECK(contains(end.err, "login: "));
    CHECK_FALSE(contains(end.out + end.err, "pw-of-somebody-else"));
    CHECK(shop.registrar().calls().size() == 1);
}

TEST_CASE("a secret that others may read is wrong, and the registrar is not asked with it") {
    Practice shop;
    REQUIRE(::chmod((shop / "secret").c_str(), 0644) == 0);
    const ProgramEnd end = shop.run("registrar-check", {});
    CAPTURE(end.err);
    CHECK(end.code == 77);
    CHECK(contains(end.err, "secret: "));
    CHECK(contains(end.out, "chmod"));
    CHECK(shop.registrar().calls().empty());
}

TEST_CASE("a registrar that cannot be reached ends the asking") {
    Practice shop;
    shop.registrar().stop();
    const ProgramEnd end = shop.run("registrar-check", {});
    CHECK(end.code == 75);
    CHECK(speaks_as_it_ends(end));
    CHECK(contains(end.out, "wrong    connection"));
    CHECK_FALSE(contains(end.out, " login "));
    CHECK(contains(end.out, " extensions "));
}

TEST_CASE("sessions left over are named, and no id is shown whole") {
    Practice shop;
    shop.registrar().control("open-sessions 2\nadvance 600");
    const ProgramEnd end = shop.run("registrar-check", {"--json"});
    CAPTURE(end.out);
    CHECK(end.code == 0);
    CHECK(end.err == "");
    std::size_t left_over = 0;
    for (const auto& row : json_lines(end.out)) {
        if (row.at("check") != "sessions" || row.at("verdict") != "warning") continue;
        ++left_over;
        CHECK(contains(row.at("text"), "idle for 10 min"));
    }
    CHECK(left_over == 2);
    shop.require_harmless();
}

TEST_CASE("an error in the middle leaves no session behind") {
    Practice shop;
    shop.registrar().control("misbehave queryAllSessions:empty_500");
    const ProgramEnd end = shop.run("registrar-check", {});
    CAPTURE(end.err);
    CHECK(end.code == 75);
    CHECK(contains(end.err, "sessions: "));
    CHECK(contains(end.out, " balance "));
    shop.require_harmless();
}

TEST_CASE("a WSDL whose parts stand in another order is found before anything is ordered") {
    Practice shop;
    StubRegistrar other;
    other.server().next(replies(200, R"(<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">
        <message name="In"><part name="IDOpe"/><part name="IDSession"/></message>
        <portType name="P">
        <operation name="queryOpe"><input message="In"/></operation>
        </portType></definitions>)"));
    other.always("queryResellerAccount",
                 answer_xml("queryResellerAccount",
                            "<return><BALANCE_AMOUNT>100.00</BALANCE_AMOUNT></return>"));
    other.always("queryAllSessions", answer_xml("queryAllSessions", "<return/>"));
    shop.write_settings(
        {{"registrar.endpoint", other.settings().endpoint}, {"ledger", shop / "other.db"}});
    REQUIRE(shop.run("domain-orders", {"init"}).code == 0);
    const ProgramEnd end = shop.run("registrar-check", {});
    CAPTURE(end.out);
    CHECK(end.code == 1);
    CHECK(contains(end.err, "wsdl: queryOpe: published IDOpe IDSession; sent IDSession IDOpe"));
    CHECK(contains(end.err, "wsdl: domainCreate: not published"));
    CHECK(other.count("sessionOpen") == 1);
    CHECK(other.count("sessionClose") == 1);
}

TEST_CASE("the ledger of another account is wrong") {
    Practice shop;
    shop.write_settings({{"registrar.reseller_id", "ZZ999"}});
    const ProgramEnd end = shop.run("registrar-check", {"--check"});
    CHECK(end.code == 78);
    CHECK(contains(end.err, "ledger: "));
    CHECK(shop.registrar().calls().empty());
}

TEST_CASE("a folder that others may write to is named with the command that mends it") {
    Practice shop;
    REQUIRE(::chmod((shop / "spool/active").c_str(), 0777) == 0);
    const ProgramEnd end = shop.run("registrar-check", {"--check"});
    CHECK(end.code == 77);
    CHECK(contains(end.out, "chmod 0700"));
}

TEST_CASE("the rules of .aero are told as the registrar and the sheet have them") {
    Practice shop;
    const ProgramEnd end = shop.run("registrar-check", {"--extension", ".aero"});
    CAPTURE(end.out);
    CHECK(end.code == 0);
    CHECK(end.err == "");
    CHECK(contains(end.out, "1 to 5 years"));
    CHECK(contains(end.out, "registration 49.00 EUR"));
    CHECK(contains(end.out, "trade 25.00 EUR"));
    CHECK(contains(end.out, "additional.AERO_AUTHID, additional.AERO_AUTHKEY"));
    CHECK(contains(end.out, "register 7"));
    shop.require_harmless();
}

TEST_CASE("an extension nobody can write is a usage error, one nobody sells a refusal") {
    Practice shop;
    CHECK(shop.run("registrar-check", {"--extension", "a_b"}).code == 64);
    const ProgramEnd unknown = shop.run("registrar-check", {"--extension", "example"});
    CHECK(unknown.code == 69);
    CHECK(speaks_as_it_ends(unknown));
    shop.require_harmless();
}
