// Orders that ask the DNS, with real name servers on loopback, through the programs.
#include "dns/loopback_net.h"
#include "store/connection.h"
#include "support/holds.h"
#include "support/shop.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

using namespace domspool;
using namespace domspool::test;
using namespace std::chrono_literals;

namespace {

const std::string kRoot = "127.0.0.40", kFirst = "127.0.0.41", kSecond = "127.0.0.42",
                  kLate = "127.0.0.43";

std::string zone(const std::string& origin, const std::string& servers, const std::string& more) {
    std::string text =
        "$ORIGIN " + origin + ".\n$TTL 3600\n@ SOA a.nic.test. h.example. 1 7200 3600 604800 300\n";
    return text + servers + more;
}

const std::string kNic = "@ NS a.nic.test.\n";
const std::string kHosts = "@ NS ns1.hosting.test.\n@ NS ns2.hosting.test.\n";
const std::string kHostsOfLate = "@ NS ns1.hosting.test.\n@ NS late.hosting.test.\n";

std::string delegated(const std::string& name) {
    return name + " NS ns1.hosting.test.\n" + name + " NS ns2.hosting.test.\n";
}

// .fr wants a DNS test, .org does not. The two servers know ready.fr and the signed keyed.org, and
// nothing of lame.fr; the second server of late.fr is not there yet. The zone above has a DS of
// slow-signed.org, for two seconds.
struct SmallNet {
    SmallNet()
        : port(free_port(kRoot)),
          key(make_key(scratch / "keys", "keyed.org", KeyUse::signs_keys)),
          root(zones_above("slow-signed 2 DS 12345 13 2 " + std::string(64, 'a') + "\n")),
          hosts(scratch / "hosts", {kFirst, kSecond}, port,
                {{"ready.fr", zone("ready.fr", kHosts, "")},
                 {"late.fr", zone("late.fr", kHostsOfLate, "")},
                 {"keyed.org", sign_zone(scratch / "keys", "keyed.org",
                                         zone("keyed.org", kHosts, ""), {key})}}) {}

    std::unique_ptr<NsdServer> zones_above(const std::string& more_of_org) const {
        const std::map<std::string, std::string> zones = {
            {"",
             "$TTL 3600\n. SOA a.nic.test. h.example. 1 7200 3600 604800 300\n"
             ". NS a.nic.test.\ntest. NS a.nic.test.\nfr. NS a.nic.test.\n"
             "org. NS a.nic.test.\na.nic.test. A " +
                 kRoot + "\n"},
            {"test", zone("test", kNic,
                          "a.nic A " + kRoot + "\nns1.hosting A " + kFirst + "\nns2.hosting A " +
                              kSecond + "\nlate.hosting A " + kLate + "\n")},
            {"fr", zone("fr", kNic, delegated("ready"))},
            {"org", zone("org", kNic,
                         delegated("moving") + delegated("keyed") + delegated("slow-signed") +
                             more_of_org)}};
        return std::make_unique<NsdServer>(scratch / "root", std::vector<std::string>{kRoot}, port,
                                           zones);
    }

    // The registry has these records now, and no others of signed domains.
    void publish(const std::string& more_of_org) {
        root.reset();
        root = zones_above(more_of_org);
    }
    void take_ds_away() { publish(""); }
    std::string ds_of_keyed() const { return key.ds_line + "\n"; }
    static std::string unfitting_ds(const std::string& name) {
        return name + " 2 DS 12345 13 2 " + std::string(64, 'a') + "\n";
    }

    SettingChanges settings() const {
        return {{"dns.resolver", kRoot},
                {"dns.port", std::to_string(port)},
                {"dns.timeout_seconds", "2"}};
    }

    Scratch scratch;
    std::uint16_t port;
    MadeKey key;
    std::unique_ptr<NsdServer> root;
    NsdServer hosts;
};

const std::string kServers = "ns1.hosting.test ns2.hosting.test";
// Not those the zone above shows of any domain.
const std::string kOtherServers = "ns1.hosting.test ns3.hosting.test";

std::string registration(const std::string& domain, const std::string& servers = kServers) {
    return "domain,years,nameservers,owner.firstName,owner.lastName,owner.address1,owner.zipCode,"
           "owner.city,owner.country,owner.phone,owner.email,owner.language\n" +
           domain + ",1," + servers +
           ",Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN\n";
}

std::string transfer(const std::string& domain) {
    return "domain,auth_code,owner.firstName,owner.lastName,owner.address1,owner.zipCode,"
           "owner.city,owner.country,owner.phone,owner.email,owner.language\n" +
           domain +
           ",code-1,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN\n";
}

std::string transfer_to(const std::string& domain, const std::string& servers,
                        const std::string& dnssec = "") {
    return "domain,auth_code,nameservers,dnssec,owner.firstName,owner.lastName,owner.address1,"
           "owner.zipCode,owner.city,owner.country,owner.phone,owner.email,owner.language\n" +
           domain + ",code-1," + servers + "," + dnssec +
           ",Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN\n";
}

std::string change(const std::string& domain, const std::string& dnssec) {
    return "domain,nameservers,dnssec\n" + domain + "," + kServers + "," + dnssec + "\n";
}

// What the registrar keeps of a domain.
std::string kept_by_registrar(Shop& shop, const std::string& domain) {
    store::Connection state(shop.registrar().state_file(), {});
    store::Statement& row = state.prepare("SELECT fields FROM domains WHERE name = $1");
    row.bind(domain);
    REQUIRE(row.next_row());
    return row.text(0);
}

SandboxDomain domain_at_registrar(Shop& shop, const std::string& name) {
    for (const SandboxDomain& domain : shop.registrar().domains()) {
        if (domain.name == name) return domain;
    }
    throw std::runtime_error("the registrar does not know " + name);
}

}  // namespace

TEST_CASE("name servers that are ready pass the DNS test, lame ones fail before the order") {
    const SmallNet net;
    Shop shop(net.settings());
    const ProgramEnd ready =
        shop.run("domain-register", {shop.write("ready.csv", registration("ready.fr"))});
    CHECK_MESSAGE(ready.code == 0, ready.err);
    const ProgramEnd lame =
        shop.run("domain-register", {shop.write("lame.csv", registration("lame.fr"))});
    CHECK(lame.code == 1);
    auto orders = shop.orders();
    CHECK(orders.at("ready.fr").at("state") != "failed");
    CHECK(orders.at("lame.fr").at("state") == "failed");
    CHECK(holds(orders.at("lame.fr").at("message"), "ns1.hosting.test (" + kFirst + ")"));
    CHECK(holds(orders.at("lame.fr").at("message"), "ns2.hosting.test (" + kSecond + ")"));
    CHECK(shop.registrar().count_calls("domainCreate") == 1);
}

TEST_CASE("an order waits for one of its servers, and goes out in the run that finds it there") {
    const SmallNet net;
    Shop shop(net.settings());
    const std::string servers = "ns1.hosting.test late.hosting.test";
    const std::string file = shop.write("late.csv", registration("late.fr", servers));
    const ProgramEnd early = shop.run("domain-register", {file});
    CHECK(early.code == 75);
    CHECK(speaks_as_it_ends(early));
    CHECK(shop.orders().at("late.fr").at("state") == "accepted");
    CHECK(holds(shop.orders().at("late.fr").at("message"), "late.hosting.test (" + kLate + ")"));
    CHECK(shop.registrar().count_calls("domainCreate") == 0);

    const NsdServer there(net.scratch / "late", {kLate}, net.port,
                          {{"late.fr", zone("late.fr", kHostsOfLate, "")}});
    const ProgramEnd next = shop.run("domain-register", {file});
    CHECK_MESSAGE(next.code == 0, next.err);
    CHECK(shop.registrar().count_calls("domainCreate") == 1);
}

TEST_CASE("without DNS an order that needs its test stays accepted, and the exit code tells") {
    Shop shop({{"dns.resolver", "127.0.0.49"},
               {"dns.port", std::to_string(free_port(kRoot))},
               {"dns.timeout_seconds", "1"}});
    const ProgramEnd end =
        shop.run("domain-register", {shop.write("orders.csv", registration("ready.fr"))});
    CHECK(end.code == 75);
    CHECK(speaks_as_it_ends(end));
    CHECK(shop.orders().at("ready.fr").at("state") == "accepted");
    CHECK(holds(shop.orders().at("ready.fr").at("message"), "DNS test"));
    CHECK(shop.registrar().count_calls("domainCreate") == 0);
}

TEST_CASE("a transfer without name servers sends those the parent shows, or is held") {
    const SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control("add-domain moving.org outside authID=code-1");
    const std::string file = shop.write("transfer.csv", transfer("moving.org"));
    const ProgramEnd end = shop.run("domain-transfer", {file});
    CHECK_MESSAGE(end.code == 0, end.err);
    bool was_sent = false;
    for (const SandboxCall& call : shop.registrar().calls()) {
        if (call.function != "domainTransferIn") continue;
        was_sent = holds(call.parameters, "ns1.hosting.test") &&
                   holds(call.parameters, "ns2.hosting.test");
    }
    CHECK(was_sent);

    shop.write_settings(
        {{"dns.port", std::to_string(free_port(kRoot))}, {"dns.timeout_seconds", "1"}});
    const ProgramEnd blind =
        shop.run("domain-transfer", {shop.write("blind.csv", transfer("blind.org"))});
    CHECK(blind.code == 1);
    CHECK(shop.orders().at("blind.org").at("state") == "held");
    CHECK(shop.registrar().count_calls("domainTransferIn") == 1);
}

TEST_CASE("a lame server is refused before a domain's servers change") {
    const SmallNet net;
    SettingChanges settings = net.settings();
    settings["checks.dns_test"] = "always";
    Shop shop(settings);
    shop.registrar().control("add-domain lame.org ns=ns1.example.net,ns2.example.net");
    const ProgramEnd end =
        shop.run("domain-nameservers", {shop.write("lame.csv", change("lame.org", ""))});
    CHECK(end.code == 1);
    CHECK(shop.orders().at("lame.org").at("state") == "failed");
    CHECK(holds(shop.orders().at("lame.org").at("message"),
                "ns1.hosting.test (" + kFirst + "): answers REFUSED"));
    CHECK(shop.registrar().count_calls("domainChangeDNS") == 0);
}

TEST_CASE("a signed domain is unsigned, waits for its DS to be forgotten, then changes servers") {
    SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control(
        "add-domain slow-signed.org ns=ns1.example.net,ns2.example.net IsSigned=1");
    const std::string file = shop.write("unsign.csv", change("slow-signed.org", "off"));
    const ProgramEnd begun = shop.run("domain-nameservers", {file});
    CHECK_MESSAGE(begun.code == 0, begun.err);
    CHECK(shop.orders().at("slow-signed.org").at("state") == "waiting");

    net.take_ds_away();
    const auto gone_at = std::chrono::steady_clock::now();
    const ProgramEnd pass = shop.run("pending-check", {"--now"});
    CHECK_MESSAGE(pass.code == 0, pass.err);
    CHECK_FALSE(domain_at_registrar(shop, "slow-signed.org").is_signed);
    auto order = shop.orders().at("slow-signed.org");
    CHECK(order.at("state") == "in_progress");
    CHECK(holds(order.at("message"), "the DS is gone"));

    while (shop.registrar().count_calls("domainChangeDNS") == 0) {
        const auto since = std::chrono::steady_clock::now() - gone_at;
        REQUIRE(since < 60s);
        shop.run("pending-check", {"--now"});
        shop.run("spool-run", {});
        std::this_thread::sleep_for(100ms);
    }
    CHECK(std::chrono::steady_clock::now() - gone_at >= 2s);
    shop.run("pending-check", {"--now"});
    CHECK(shop.orders().at("slow-signed.org").at("state") == "done");
    CHECK(domain_at_registrar(shop, "slow-signed.org").nameservers == kServers);
    CHECK(shop.registrar().count_calls("domainSetDNSsec") == 1);
    CHECK(shop.registrar().count_calls("domainChangeDNS") == 1);
}

TEST_CASE("after a change of servers the key they hold goes to the registry, with its DS") {
    const SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control("add-domain keyed.org ns=ns1.example.net,ns2.example.net");
    const ProgramEnd end =
        shop.run("domain-nameservers", {shop.write("keys.csv", change("keyed.org", "auto"))});
    CHECK_MESSAGE(end.code == 0, end.err);
    CHECK(shop.orders().at("keyed.org").at("state") == "done");
    CHECK(domain_at_registrar(shop, "keyed.org").is_signed);
    // "keyed.org. IN DS TAG ALGORITHM DIGEST_TYPE DIGEST", made by ldns-keygen.
    std::istringstream ds(net.key.ds_line);
    std::string word;
    std::vector<std::string> words;
    while (ds >> word) words.push_back(word);
    REQUIRE(words.size() >= 4);
    const std::string expected =
        words[words.size() - 4] + " " + words[words.size() - 2] + " " + words[words.size() - 1];
    const std::string kept = kept_by_registrar(shop, "keyed.org");
    CAPTURE(kept);
    CHECK(holds(kept, expected));
    CHECK(shop.registrar().count_calls("domainSetDNSSecExt") == 1);
}

TEST_CASE("keys are not kept by servers that have none for the DS in the parent") {
    SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control(
        "add-domain slow-signed.org ns=ns1.example.net,ns2.example.net IsSigned=1");
    const ProgramEnd end =
        shop.run("domain-nameservers", {shop.write("keep.csv", change("slow-signed.org", "keep"))});
    CHECK(end.code == 1);
    CHECK(shop.orders().at("slow-signed.org").at("state") == "failed");
    CHECK(holds(shop.orders().at("slow-signed.org").at("message"), "DS in the parent"));
    CHECK(shop.registrar().count_calls("domainChangeDNS") == 0);
}

TEST_CASE("keys are not taken from servers the zone above does not show yet") {
    const SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control("add-domain keyed.org ns=ns1.example.net,ns2.example.net");
    const std::string early =
        "domain,nameservers,dnssec\nkeyed.org,ns1.hosting.test a.nic.test,auto\n";
    const ProgramEnd end = shop.run("domain-nameservers", {shop.write("early.csv", early)});
    CHECK_MESSAGE(end.code == 0, end.err);
    CHECK(shop.orders().at("keyed.org").at("state") == "in_progress");
    CHECK(holds(shop.orders().at("keyed.org").at("message"),
                "does not show the ordered name servers"));
    CHECK(shop.registrar().count_calls("domainSetDNSSecExt") == 0);
}

TEST_CASE("a signed domain is not transferred to servers that do not fit its DS") {
    const SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control("add-domain slow-signed.org outside authID=code-1");
    for (const char* dnssec : {"", "on", "off", "auto", "keep"}) {
        CAPTURE(dnssec);
        const std::string file =
            shop.write("move.csv", transfer_to("slow-signed.org", kOtherServers, dnssec));
        const ProgramEnd dry = shop.run("domain-transfer", {"--dry-run", file});
        CHECK(dry.code == 1);
        CHECK(holds(dry.out, "would fail"));
        CHECK(holds(dry.out, "nameservers 'keep'"));
        const ProgramEnd end = shop.run("domain-transfer", {file});
        CHECK(end.code == 1);
        CHECK(holds(end.out, "DS in the parent"));
        CHECK(holds(end.out, "domain-nameservers and dnssec 'off'"));
    }
    CHECK(shop.registrar().count_calls("domainTransferIn") == 0);
    CHECK(shop.registrar().count_calls("contactCreate") == 0);

    // The next move that was told.
    const ProgramEnd kept = shop.run(
        "domain-transfer", {shop.write("keep.csv", transfer_to("slow-signed.org", "keep"))});
    CHECK_MESSAGE(kept.code == 0, kept.err);
    CHECK(shop.registrar().count_calls("domainTransferIn") == 1);
}

TEST_CASE(
    "a signed domain goes to servers that have the key of its DS, by transfer and by change") {
    SmallNet net;
    net.publish(net.ds_of_keyed());
    Shop shop(net.settings());
    shop.registrar().control("add-domain keyed.org outside authID=code-1");
    const ProgramEnd moved =
        shop.run("domain-transfer", {shop.write("move.csv", transfer_to("keyed.org", kServers))});
    CHECK_MESSAGE(moved.code == 0, moved.err);
    CHECK(shop.registrar().count_calls("domainTransferIn") == 1);

    Shop other(net.settings());
    other.registrar().control("add-domain keyed.org ns=ns1.example.net,ns2.example.net");
    const ProgramEnd changed =
        other.run("domain-nameservers", {other.write("change.csv", change("keyed.org", ""))});
    CHECK_MESSAGE(changed.code == 0, changed.err);
    CHECK(other.orders().at("keyed.org").at("state") == "done");
}

TEST_CASE("what the registrar says of signatures is not believed against the parent") {
    const SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control(
        "add-domain slow-signed.org ns=ns1.example.net,ns2.example.net IsSigned=0");
    for (const char* dnssec : {"", "on", "auto", "keep"}) {
        CAPTURE(dnssec);
        const ProgramEnd end = shop.run(
            "domain-nameservers", {shop.write("change.csv", change("slow-signed.org", dnssec))});
        CHECK(end.code == 1);
        CHECK(holds(end.out, "DS in the parent"));
        CHECK(holds(end.out, "order dnssec 'off' first"));
    }
    CHECK(shop.registrar().count_calls("domainChangeDNS") == 0);
}

TEST_CASE("a domain is perhaps signed while its parent is silent: held in the end, never failed") {
    SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control(
        "add-domain moving.org ns=ns1.example.net,ns2.example.net\n"
        "add-domain slow-signed.org outside authID=code-1");
    net.root.reset();
    const ProgramEnd first =
        shop.run("domain-nameservers", {shop.write("change.csv", change("moving.org", ""))});
    CHECK(first.code == 75);
    CHECK(speaks_as_it_ends(first));
    const ProgramEnd move = shop.run(
        "domain-transfer", {shop.write("move.csv", transfer_to("slow-signed.org", kOtherServers))});
    CHECK(move.code == 75);
    for (const char* domain : {"moving.org", "slow-signed.org"}) {
        CHECK(shop.orders().at(domain).at("state") == "accepted");
        CHECK(holds(shop.orders().at(domain).at("message"), "is not known now"));
    }
    shop.run("spool-run", {});
    shop.run("spool-run", {});
    for (const char* domain : {"moving.org", "slow-signed.org"}) {
        CHECK(shop.orders().at(domain).at("state") == "held");
    }
    CHECK(shop.registrar().count_calls("domainChangeDNS") == 0);
    CHECK(shop.registrar().count_calls("domainTransferIn") == 0);

    net.take_ds_away();
    shop.run("domain-orders", {"release", "moving.org"});
    const ProgramEnd later = shop.run("spool-run", {});
    CHECK_MESSAGE(later.code == 0, later.err);
    CHECK(shop.orders().at("moving.org").at("state") == "done");
}

TEST_CASE("a domain signed after a lost answer gets no second sending") {
    SmallNet net;
    Shop shop(net.settings());
    shop.registrar().control("add-domain moving.org ns=ns1.example.net,ns2.example.net");
    shop.registrar().control("misbehave domainChangeDNS:html_502");
    shop.run("domain-nameservers", {shop.write("change.csv", change("moving.org", ""))});
    REQUIRE(shop.orders().at("moving.org").at("state") == "in_doubt");
    net.publish(SmallNet::unfitting_ds("moving"));
    shop.let_pass(2min);
    for (int look = 0; look < 3; ++look) shop.run("pending-check", {"--now"});
    shop.run("spool-run", {});
    CHECK(shop.orders().at("moving.org").at("state") == "held");
    CHECK(holds(shop.orders().at("moving.org").at("message"), "DS in the parent"));
    CHECK(shop.registrar().count_calls("domainChangeDNS") == 1);
}

TEST_CASE("in a rehearsal the registrar's own DNS tells of signed domains") {
    Shop shop;
    shop.registrar().control("add-domain signed.org outside authID=code-1 ds=17_2_" +
                             std::string(64, 'A') +
                             "\nadd-domain plain.org outside authID=code-1\n"
                             "add-domain unsign.org ns=ns1.example.net,ns2.example.net IsSigned=1");
    const ProgramEnd refused = shop.run(
        "domain-transfer", {shop.write("signed.csv", transfer_to("signed.org", kServers))});
    CHECK(refused.code != 0);  // Whether these servers are known depends on the machine's resolver.
    CHECK(holds(refused.out, "DS in the parent"));
    CHECK(shop.registrar().count_calls("domainTransferIn") == 0);
    const ProgramEnd sent =
        shop.run("domain-transfer", {shop.write("plain.csv", transfer_to("plain.org", kServers))});
    CHECK_MESSAGE(sent.code == 0, sent.err);
    shop.run("domain-nameservers", {shop.write("unsign.csv", change("unsign.org", "off"))});
    const auto begun = std::chrono::steady_clock::now();
    while (shop.orders().at("unsign.org").at("state") != "done") {
        REQUIRE(std::chrono::steady_clock::now() - begun < 60s);
        shop.let_pass(10min);
        shop.run("pending-check", {"--now"});
        shop.run("spool-run", {});
    }
    CHECK(domain_at_registrar(shop, "unsign.org").nameservers == kServers);
    CHECK(shop.registrar().count_calls("domainSetDNSsec") == 1);
    CHECK(shop.registrar().count_calls("domainTransferIn") == 1);
}
