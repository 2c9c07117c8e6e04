// The programs against a registrar written in PHP, from an order file to its end.
#include "dns/loopback_net.h"
#include "interop/php_registrar.h"
#include "sandbox/model/zone_above.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>

using namespace domspool::test;

namespace {

// A doubt may not be settled before the longest call has passed: the registrar might still be at
// it. With a syncDelay of 1 s that is 36 s (API, "Sessions"), and no setting makes it less.
constexpr std::chrono::seconds kLongestCall{36};

std::map<std::string, std::string> states_in(const Shop& shop) {
    std::map<std::string, std::string> states;
    for (const auto& [domain, order] : shop.orders()) states[domain] = order.at("state");
    return states;
}

using States = std::map<std::string, std::string>;

// The zones above the domains of this registrar, which are in no other DNS. None is signed.
std::vector<ScriptedUdpServer::Bytes> unsigned_everywhere(
    const ScriptedUdpServer::Bytes& question) {
    const auto answer = domspool::sandbox::answer_of_parent(
        question, [](const std::string&) { return domspool::sandbox::PublishedDs{}; });
    if (!answer) return {};
    return {*answer};
}

std::uint16_t port_of(const PhpRegistrar& registrar) {
    const std::string base = registrar.base();
    return static_cast<std::uint16_t>(std::stoi(base.substr(base.rfind(':') + 1)));
}

}  // namespace

TEST_CASE("an order file is registered, followed and settled at a registrar in PHP") {
    PhpRegistrar registrar;
    Shop shop(
        {{"registrar.endpoint", registrar.endpoint()}, {"registrar.sync_delay_seconds", "1"}});
    shop.write("secret", "sandbox\n");
    const std::string file = shop.write(
        "new.csv",
        registrations({"first.com", "slow-second.com", "crash-third.com", "exit-fourth.com"}));
    const ProgramEnd ordered = shop.run("domain-register", {file});
    INFO(ordered.out << ordered.err);
    CHECK(ordered.code == 1);  // Two are in doubt.
    CHECK(states_in(shop) == States{{"first.com", "done"},
                                    {"slow-second.com", "waiting"},
                                    {"crash-third.com", "in_doubt"},
                                    {"exit-fourth.com", "in_doubt"}});

    registrar.finish_all();
    const ProgramEnd early = shop.run("pending-check", {"--now"});
    CAPTURE(early.err);
    CHECK(states_in(shop).at("slow-second.com") == "done");
    shop.let_pass(kLongestCall + std::chrono::seconds(1));
    for (int pass = 0; pass < 3; ++pass) shop.run("pending-check", {"--now"});
    for (const auto& [domain, state] : states_in(shop)) {
        CAPTURE(domain);
        CHECK(state == "done");
        CHECK(registrar.count_calls("domainCreate " + domain) == 1);
    }
    CHECK(registrar.count_calls("contactCreate") == 1);
    CHECK(registrar.has_no_session());
}

TEST_CASE("all four kinds and pending-check go to their ends at a registrar in PHP") {
    PhpRegistrar registrar;
    const ScriptedUdpServer parents("127.0.0.1", port_of(registrar), unsigned_everywhere);
    Shop shop({{"registrar.endpoint", registrar.endpoint()}, {"checks.dns_test", "never"}});
    shop.write("secret", "sandbox\n");
    const std::string person =
        ",Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN\n";
    const std::string names =
        ",owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,"
        "owner.phone,owner.email,owner.language\n";
    const auto order = [&](const std::string& kind, const std::string& text) {
        const ProgramEnd end = shop.run("domain-" + kind, {shop.write(kind + ".csv", text)});
        CAPTURE(end.err);
        CHECK(end.code == 0);
        for (int pass = 0; pass < 3; ++pass) {
            registrar.finish_all();
            CHECK(shop.run("pending-check", {"--now"}).code == 0);
        }
    };
    order("register", "domain,years,dnssec,lock" + names + "slow-new.com,2,on,on" + person +
                          "plain.com,1,," + person);
    order("transfer",
          "domain,auth_code,nameservers,zone_template,dnssec,privacy,auto_renew" + names +
              "moved.com,00 code & <more>,ns1.registrar.example ns2.registrar.example,3,"
              "257 3 13 "
              "Z12YSU+2li7g4hLGLAuJCNONIYwyrpQkpUKv2X0pGx/A0YNIVqjUIyDoY0Fqnhpowa8gAxSb2psCbcod0r"
              "tGHw==,on,on" +
              person);
    order("trade", "domain" + names + "slow-new.com,Ida" + person.substr(5));
    order("nameservers", "domain,nameservers\nplain.com,ns1.example.net ns2.example.net\n");

    const ProgramEnd list = shop.run("domain-orders", {"list", "--json"});
    const auto orders = json_lines(list.out);
    CHECK(orders.size() == 5);
    for (const auto& row : orders) {
        CAPTURE(row.at("order"));
        CAPTURE(row.at("message"));
        CHECK(row.at("state") == "done");
    }
    for (const char* call : {"domainCreate slow-new.com", "domainSetDNSsec slow-new.com",
                             "domainTransferIn moved.com", "domainAuthID moved.com",
                             "domainSetDNSSecExt moved.com", "domainTransferOwner slow-new.com",
                             "domainChangeDNS plain.com", "domainZoneInit moved.com"}) {
        CAPTURE(std::string(call));
        CHECK(registrar.count_calls(call) == 1);
    }
    CHECK(registrar.count_calls("domainSetPreference slow-new.com") == 1);
    CHECK(registrar.count_calls("domainSetPreference moved.com") == 2);
    CHECK(registrar.count_calls("contactCreate") == 2);  // Nora for three orders, Ida for one.
    CHECK(registrar.count_calls("queryOpePending") > 0);
    CHECK(registrar.has_no_session());
}

TEST_CASE("an EPP code of 64 characters arrives as it was written, zeros, blanks and signs") {
    PhpRegistrar registrar;
    const ScriptedUdpServer parents("127.0.0.1", port_of(registrar), unsigned_everywhere);
    Shop shop({{"registrar.endpoint", registrar.endpoint()}, {"checks.dns_test", "never"}});
    shop.write("secret", "sandbox\n");
    std::string code = "00012 & <b>'$HOME' ; %s \\n 0  1";
    code.resize(64, 'x');
    const std::string csv =
        "domain,auth_code,nameservers,new_auth_code,owner.firstName,owner.lastName,owner.address1,"
        "owner.zipCode,owner.city,owner.country,owner.phone,owner.email,owner.language\n"
        "a-shop.com,\"" +
        code +
        "\",ns1.example.net ns2.example.net,no,Nora,Field,1 Mill Lane,75001,Paris,FR,"
        "+33 123456789,nora@example.net,EN\n";
    const std::string yaml =
        "orders:\n- domain: b-shop.com\n  auth_code: \"" + std::string("00 \\\" 0") +
        "\"\n  nameservers: [ns1.example.net, ns2.example.net]\n  new_auth_code: no\n"
        "  owner: {firstName: Nora, lastName: Field, address1: 1 Mill Lane, zipCode: \"75001\",\n"
        "          city: Paris, country: FR, phone: +33 123456789, email: nora@example.net,\n"
        "          language: EN}\n...\n";
    for (const auto& [name, text] : {std::pair{"codes.csv", csv}, {"codes.yaml", yaml}}) {
        const ProgramEnd end = shop.run("domain-transfer", {shop.write(name, text)});
        CAPTURE(end.err);
        CHECK(end.code == 0);
    }
    CHECK(registrar.value_of("a-shop.com", "authID") == code);
    CHECK(registrar.value_of("b-shop.com", "authID") == "00 \" 0");
}
