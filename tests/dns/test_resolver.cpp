#include "dns/loopback_net.h"
#include "dns/resolver.h"
#include "util/failure.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

using State = HostAddresses::State;

TEST_CASE("the system's resolvers are read from resolv.conf") {
    CHECK(addresses_in_resolv_conf("# nameserver 192.0.2.9\nsearch example.com\n"
                                   "nameserver 192.0.2.1\n  nameserver\t2001:db8::53 \n"
                                   "nameserver nonsense\noptions edns0\n") ==
          std::vector<std::string>{"192.0.2.1", "2001:db8::53"});
    CHECK(addresses_in_resolv_conf("").empty());
}

TEST_CASE("resolvers given in the settings are taken as they are") {
    CHECK(resolver_addresses({"192.0.2.1, 2001:db8::53  192.0.2.2", 53, 5}) ==
          std::vector<std::string>{"192.0.2.1", "2001:db8::53", "192.0.2.2"});
    CHECK_THROWS_AS(resolver_addresses({"resolver.example", 53, 5}), RunFailure);
    CHECK_THROWS_AS(resolver_addresses({"", 53, 5}), RunFailure);
}

TEST_CASE("a host has the addresses of both families") {
    const HostAddresses host = resolve_host("both.hosting.test", net().settings());
    CHECK(host.state == State::found);
    CHECK(host.addresses == std::vector<std::string>{"127.0.0.21", "::1"});
    CHECK(host.alias_of.empty());
}

TEST_CASE("an alias is seen as one") {
    const HostAddresses host = resolve_host("alias.hosting.test", net().settings());
    CHECK(host.state == State::found);
    CHECK(host.addresses == std::vector<std::string>{"127.0.0.22"});
    CHECK(host.alias_of == "ns2.hosting.test");
}

TEST_CASE("a host that does not exist is not one that cannot be asked for") {
    CHECK(resolve_host("nobody.hosting.test", net().settings()).state == State::none);

    DnsSettings settings = net().settings();
    settings.resolver = kClosedAddress;
    const HostAddresses host = resolve_host("ns1.hosting.test", settings);
    CHECK(host.state == State::not_known_now);
    CHECK(host.reason == "the resolver 127.0.0.25: nothing listens over UDP");
}

TEST_CASE("a resolver that refuses knows nothing") {
    DnsSettings settings = net().settings();
    settings.resolver = kFirstAddress;
    const HostAddresses host = resolve_host("ns1.hosting.test", settings);
    CHECK(host.state == State::not_known_now);
    CHECK(host.reason == "the resolver 127.0.0.21 answers REFUSED");
}

TEST_CASE("the second resolver is asked when the first is down") {
    DnsSettings settings = net().settings();
    settings.resolver = kClosedAddress + " " + kFirstAddress + " " + kRootAddress;
    CHECK(resolve_host("ns1.hosting.test", settings).addresses ==
          std::vector<std::string>{"127.0.0.21"});
}

TEST_CASE("of many addresses a few are taken, of both families") {
    const HostAddresses many = resolve_host("many.hosting.test", net().settings());
    CHECK(many.state == State::found);
    CHECK(many.addresses.size() == kMostAddresses);
    CHECK(many.left_out == 4000 - kMostAddresses);
    const HostAddresses both = resolve_host("both-many.hosting.test", net().settings());
    REQUIRE(both.addresses.size() == kMostAddresses);
    CHECK(both.left_out == 40 - kMostAddresses);
    CHECK(both.addresses[3].find(':') == std::string::npos);
    CHECK(both.addresses[4].find(':') != std::string::npos);
}

TEST_CASE("few addresses are all taken, however the families share them") {
    HostAddresses host;
    take_few(host, {"::1", "::2", "::3", "::4", "::5", "::6", "::7", "192.0.2.1"});
    CHECK(host.addresses.size() == 8);
    CHECK(host.addresses[0] == "192.0.2.1");
    CHECK(host.left_out == 0);
    take_few(host, {"::1", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5",
                    "192.0.2.6", "192.0.2.7", "192.0.2.8"});
    CHECK(host.addresses.size() == 8);
    CHECK(host.addresses[7] == "::1");
    CHECK(host.left_out == 1);
}

TEST_CASE("aliases that go round, or on and on, lead nowhere") {
    for (const char* name : {"round.hosting.test", "far0-away.hosting.test"}) {
        CAPTURE(name);
        const HostAddresses host = resolve_host(name, net().settings());
        CHECK(host.state == State::none);
        CHECK(host.addresses.empty());
    }
    CHECK(resolve_host("far18-away.hosting.test", net().settings()).addresses ==
          std::vector<std::string>{"127.0.0.21"});
}
