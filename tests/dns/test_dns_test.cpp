#include "dns/dns_exchange.h"
#include "dns/dns_test.h"
#include "dns/loopback_net.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>

using namespace domspool;
using namespace domspool::test;

namespace {

using Kind = DnsFindingKind;

DnsTestResult tested(const std::string& domain, std::vector<std::string> hosts, int minimum = 2) {
    for (std::string& host : hosts) {
        if (host.find('.') == std::string::npos) host += ".hosting.test";
    }
    return test_name_servers(DomainName::from_stored(domain), hosts, minimum, net().settings());
}

// The findings of one kind, as people see them.
std::vector<std::string> texts(const DnsTestResult& result, Kind kind) {
    std::vector<std::string> found;
    for (const DnsFinding& finding : result.findings) {
        if (finding.kind == kind) found.push_back(to_text(finding));
    }
    return found;
}

}  // namespace

TEST_CASE("two good servers pass") {
    const DnsTestResult result = tested("good.example", {"ns1", "ns2"});
    CHECK(result.passed());
    CHECK(result.reason() == "");
    CHECK(texts(result, Kind::ok) ==
          std::vector<std::string>{"ok: ns1.hosting.test (127.0.0.21): answers over UDP and TCP "
                                   "with authority, serial 7",
                                   "ok: ns2.hosting.test (127.0.0.22): answers over UDP and TCP "
                                   "with authority, serial 7"});
}

TEST_CASE("capitals and last dots in the order change nothing") {
    CHECK(tested("good.example", {"NS1.Hosting.Test.", "ns2.hosting.test."}).passed());
}

TEST_CASE("servers that do not know the domain fail") {
    const DnsTestResult result = tested("lame.example", {"ns1", "ns2"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    CHECK(texts(result, Kind::failed) ==
          std::vector<std::string>{
              "failed: ns1.hosting.test (127.0.0.21): answers REFUSED, is not set up for "
              "lame.example",
              "failed: ns2.hosting.test (127.0.0.22): answers REFUSED, is not set up for "
              "lame.example"});
}

TEST_CASE("a server that only refers elsewhere is not authoritative") {
    const DnsTestResult result = tested("good.example", {"ns1", "a.nic.example"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    CHECK(result.reason().find("a.nic.example (127.0.0.20): is not authoritative for "
                               "good.example") != std::string::npos);
}

TEST_CASE("a name that is no zone of its own has no SOA") {
    const DnsTestResult result = tested("www.good.example", {"ns1", "ns2"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    const DnsTestResult inner = tested("hosting.test", {"a.nic.example"}, 1);
    CHECK(inner.reason() ==
          "failed: a.nic.example (127.0.0.20): has no SOA record for hosting.test, so serves no "
          "zone of that name");
}

TEST_CASE("serials that differ may be the same tomorrow; it is said who has which") {
    const DnsTestResult result = tested("stale.example", {"ns1", "stale"});
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason() ==
          "unknown: the serials differ: 6 at stale.hosting.test (127.0.0.23); 7 at "
          "ns1.hosting.test (127.0.0.21)");
}

TEST_CASE("servers of an older zone may get the NS records with it") {
    const DnsTestResult result = tested("moved.example", {"ns1", "stale"});
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason().find("unknown: stale.hosting.test (127.0.0.23): its NS records lack "
                               "ns1.hosting.test") != std::string::npos);
}

TEST_CASE("a server where nothing listens may be about to start") {
    const DnsTestResult result = tested("closed.example", {"ns1", "closed"});
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(texts(result, Kind::unknown) ==
          std::vector<std::string>{
              "unknown: closed.hosting.test (127.0.0.25): nothing listens over UDP",
              "unknown: closed.hosting.test (127.0.0.25): nothing listens over TCP"});
}

TEST_CASE("a server that is silent, while another answers, may answer tomorrow") {
    const DnsTestResult result = tested("silent.example", {"ns1", "silent"});
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason() ==
          "unknown: silent.hosting.test (127.0.0.26): no answer over UDP within 1 s; "
          "unknown: silent.hosting.test (127.0.0.26): no answer over TCP within 1 s");
}

TEST_CASE("SERVFAIL comes from a server in trouble, and may be gone tomorrow") {
    const DnsTestResult result = tested("broken.example", {"ns1", "stale"});
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason() == "unknown: stale.hosting.test (127.0.0.23): answers SERVFAIL");
}

TEST_CASE("a server that has not the zone yet, while another has it, may get it") {
    const DnsTestResult result = tested("half.example", {"ns1", "stale"});
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason() ==
          "unknown: stale.hosting.test (127.0.0.23): answers REFUSED, is not set up for "
          "half.example");
}

TEST_CASE("what may pass is asked three times, what is said for good once") {
    struct Case {
        const char* what;
        int code;   // of the answers
        int asked;  // over UDP
    };
    const Case cases[] = {{"SERVFAIL", 2, 3}, {"NXDOMAIN", 3, 1}, {"REFUSED", 5, 1}};
    for (const Case& each : cases) {
        CAPTURE(each.what);
        std::atomic<int> asked = 0;
        const ScriptedUdpServer server(kFreeAddress, net().port(),
                                       [&](const ScriptedUdpServer::Bytes& question) {
                                           ++asked;
                                           return std::vector<ScriptedUdpServer::Bytes>{
                                               answer_to(question, 0x84, each.code, 0, 0, {})};
                                       });
        const TcpForwarder over_tcp(kFreeAddress, net().port(), kFirstAddress);
        const DnsTestResult result = tested("elsewhere.example", {"free"}, 1);
        CHECK(result.verdict ==
              (each.asked > 1 ? DnsVerdict::not_known_now : DnsVerdict::not_possible));
        CHECK(asked == each.asked);
    }
}

TEST_CASE("a server that was silent three times is asked once by the next order of the run") {
    std::atomic<int> asked = 0;
    const ScriptedUdpServer server(kFreeAddress, net().port(), [&](const auto&) {
        ++asked;
        return std::vector<ScriptedUdpServer::Bytes>{};
    });
    const Poco::Net::ServerSocket over_tcp(Poco::Net::SocketAddress(kFreeAddress, net().port()));
    DnsSettings settings = net().settings();
    settings.silent = std::make_shared<SilentAddresses>();
    const auto packets_of_one_test = [&] {
        asked = 0;
        const DnsTestResult result =
            test_name_servers(DomainName::from_stored("later.example"),
                              {"ns1.hosting.test", "free.hosting.test"}, 2, settings);
        CHECK(result.verdict == DnsVerdict::not_known_now);
        return asked.load();
    };
    const int first = packets_of_one_test();
    CHECK(first == 3 * packets_of_one_test());
}

TEST_CASE("a server that answers when asked a third time passes") {
    std::atomic<int> asked = 0;
    const ScriptedUdpServer server(kFreeAddress, net().port(),
                                   [&](const ScriptedUdpServer::Bytes& question) {
                                       if (++asked <= 2)
                                           return std::vector<ScriptedUdpServer::Bytes>{
                                               answer_to(question, 0x84, 2, 0, 0, {})};
                                       return forwarded(question, net().port());
                                   });
    const TcpForwarder over_tcp(kFreeAddress, net().port(), kFirstAddress);
    CHECK(tested("later.example", {"ns1", "free"}).passed());
    CHECK(asked == 4);  // SOA three times, NS once
}

TEST_CASE("silence everywhere, the zone above too, is our own network's trouble") {
    const DnsTestResult result = tested("shop.cut", {"silent"}, 1);
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(texts(result, Kind::failed).empty());
    CHECK(result.reason().find("no server answered, those of the zone above neither") !=
          std::string::npos);
}

TEST_CASE("silence everywhere is not our own network's trouble when the zone above can be asked") {
    const DnsTestResult result = tested("silent.example", {"silent"}, 1);
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason().find("zone above") == std::string::npos);
}

TEST_CASE("a server without TCP fails") {
    const DnsTestResult result = tested("udponly.example", {"ns1", "udponly"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    CHECK(texts(result, Kind::failed) ==
          std::vector<std::string>{
              "failed: udponly.hosting.test (127.0.0.24): nothing listens over TCP"});
}

TEST_CASE("NS records other than the order fail, with what is lacking and what is too much") {
    const DnsTestResult result = tested("wrong.example", {"ns1", "ns2"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    const auto failed = texts(result, Kind::failed);
    REQUIRE(failed.size() == 4);
    CHECK(failed[0] ==
          "failed: ns1.hosting.test (127.0.0.21): its NS records lack "
          "ns2.hosting.test, which is ordered");
    CHECK(failed[1] ==
          "failed: ns1.hosting.test (127.0.0.21): its NS records name "
          "old.hosting.test, which is not ordered");
}

TEST_CASE("two names at one address fail") {
    const DnsTestResult result = tested("same.example", {"ns1", "same"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    CHECK(result.reason() == "failed: 127.0.0.21: all name servers are at this one address");
}

TEST_CASE("a second family on one of them does not hide the one address") {
    const DnsTestResult result = tested("both.example", {"ns1", "both"});
    CHECK(result.reason() == "failed: 127.0.0.21: all name servers are at this one address");
}

TEST_CASE("a server with IPv6 only passes where there is IPv6") {
    const DnsTestResult result = tested("six.example", {"ns1", "six"});
    CHECK(result.passed());
    if (has_route_to("::1", net().settings())) {
        const auto ok = texts(result, Kind::ok);
        REQUIRE(ok.size() == 2);
        CHECK(ok[1] ==
              "ok: six.hosting.test (::1): answers over UDP and TCP with authority, "
              "serial 7");
        CHECK(tested("onlysix.example", {"six"}, 1).passed());
    }
}

TEST_CASE("an address without a route is a note beside one that was asked") {
    if (has_route_to("2001:db8::1", net().settings())) {
        MESSAGE("this machine has a route to everywhere in IPv6, so there is nothing to see");
        return;
    }
    const DnsTestResult result = tested("far.example", {"ns1", "far"});
    CHECK(result.passed());
    CHECK(texts(result, Kind::note) ==
          std::vector<std::string>{
              "note: far.hosting.test (2001:db8::1): not asked: this machine has no route to it"});
    CHECK(tested("far.example", {"far", "far2"}).verdict == DnsVerdict::not_known_now);
}

TEST_CASE("a server without any address fails") {
    const DnsTestResult result = tested("good.example", {"ns1", "nobody"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    CHECK(result.reason().find("failed: nobody.hosting.test: has no address") != std::string::npos);
}

TEST_CASE("an alias as name server passes with a note") {
    const DnsTestResult result = tested("alias.example", {"ns1", "alias"});
    CHECK(result.passed());
    CHECK(texts(result, Kind::note) ==
          std::vector<std::string>{"note: alias.hosting.test: is only an alias (CNAME) of "
                                   "ns2.hosting.test; some registries refuse that"});
}

TEST_CASE("a server inside the domain passes by what the other one says") {
    const DnsTestResult result = tested("inside.example", {"ns1", "ns.inside.example"});
    CHECK(result.passed());
    CHECK(texts(result, Kind::note) ==
          std::vector<std::string>{"note: ns.inside.example: lies inside the domain; its address "
                                   "is told by ns1.hosting.test"});
}

TEST_CASE("servers inside the domain only pass by the glue of the zone above") {
    CHECK(tested("glue.example", {"a.glue.example", "b.glue.example"}).passed());
}

TEST_CASE("servers inside the domain that nobody knows fail, and it is said what to do") {
    const DnsTestResult result = tested("lost.example", {"a.lost.example", "b.lost.example"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    const auto failed = texts(result, Kind::failed);
    REQUIRE(failed.size() == 2);
    CHECK(failed[0] ==
          "failed: a.lost.example: has no address: lies inside the domain, and neither the other "
          "servers nor the zone above nor the resolver know its address; the host must be made "
          "known to the registry first");
}

TEST_CASE("fewer servers than the extension wants fail, doubled names counted once") {
    CHECK(tested("good.example", {"ns1", "ns2"}, 3).reason() ==
          "failed: 2 name server(s) ordered, the extension wants at least 3");
    CHECK(tested("good.example", {"ns1", "NS1"}, 2).verdict == DnsVerdict::not_possible);
    CHECK(tested("good.example", {}, 0).verdict == DnsVerdict::not_possible);
}

TEST_CASE("without a resolver the test cannot be made now") {
    DnsSettings settings = net().settings();
    settings.resolver = kClosedAddress;
    const DnsTestResult result =
        test_name_servers(DomainName::from_stored("good.example"),
                          {"ns1.hosting.test", "ns2.hosting.test"}, 2, settings);
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason().find("unknown: ns1.hosting.test: its address cannot be found out now: "
                               "the resolver 127.0.0.25") != std::string::npos);
}

TEST_CASE("a server with thousands of addresses is tested at a few, by a few threads") {
    DnsTestResult result;
    const std::size_t threads = most_threads_during([&] {
        result = tested("good.example", {"ns1", "many"});
    });
    CHECK(threads <= 30);
    CHECK(result.verdict == DnsVerdict::not_possible);
    const auto notes = texts(result, Kind::note);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0] == "note: many.hosting.test: has 4000 addresses; only 8 of them are asked");
    std::set<std::string> asked;
    for (const DnsFinding& finding : result.findings) {
        if (finding.server == "many.hosting.test") asked.insert(finding.address);
    }
    asked.erase("");
    CHECK(asked.size() == 8);
}

TEST_CASE("servers that no time was left for have not failed") {
    DnsSettings settings = net().settings();
    settings.timeout_seconds = 30;
    settings.until = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
    const DnsTestResult result =
        test_name_servers(DomainName::from_stored("silent.example"),
                          {"ns1.hosting.test", "silent.hosting.test"}, 2, settings);
    CHECK(result.verdict == DnsVerdict::not_known_now);
    CHECK(result.reason().find("silent.hosting.test (127.0.0.26): not answered before the time") !=
          std::string::npos);
}

TEST_CASE("aliases that go round are a fault of the server, and told as that") {
    const DnsTestResult result = tested("good.example", {"ns1", "round"});
    CHECK(result.verdict == DnsVerdict::not_possible);
    CHECK(result.reason().find("failed: round.hosting.test: has no address: its aliases (CNAME) go "
                               "round, or on and on") != std::string::npos);
}

TEST_CASE("a zone that names thousands of servers is told in a few words") {
    const DnsTestResult result = tested("crowd.example", {"a.nic.example"}, 1);
    CHECK(result.verdict == DnsVerdict::not_possible);
    CHECK(result.reason().find(" and 1992 more, which is not ordered") != std::string::npos);
    CHECK(result.reason().size() < 1000);
}
