#include "dns/loopback_net.h"
#include "dns/ordered_servers.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::test;

using State = HostAddresses::State;

TEST_CASE("inside a domain means below it, not ending like it") {
    const auto domain = DomainName::from_stored("shop.example");
    CHECK(is_inside("ns1.shop.example", domain));
    CHECK(is_inside("shop.example", domain));
    CHECK_FALSE(is_inside("ns1.myshop.example", domain));
    CHECK_FALSE(is_inside("example", domain));
}

TEST_CASE("each server is looked for once, in the order given") {
    const auto servers = find_servers(DomainName::from_stored("good.example"),
                                      {"NS2.hosting.test.", "ns1.hosting.test", "ns2.hosting.test"},
                                      net().settings());
    REQUIRE(servers.size() == 2);
    CHECK(servers[0].name == "ns2.hosting.test");
    CHECK(servers[0].host.addresses == std::vector<std::string>{"127.0.0.22"});
    CHECK(servers[1].name == "ns1.hosting.test");
}

TEST_CASE("an inside server's address comes from the other servers first") {
    const auto servers = find_servers(DomainName::from_stored("inside.example"),
                                      {"ns.inside.example", "ns1.hosting.test"}, net().settings());
    REQUIRE(servers.size() == 2);
    CHECK(servers[0].host.addresses == std::vector<std::string>{"127.0.0.22"});
    CHECK(servers[0].source == "ns1.hosting.test");
}

TEST_CASE("an inside server's address comes from the glue of the zone above") {
    const auto servers = find_servers(DomainName::from_stored("glue.example"),
                                      {"a.glue.example", "b.glue.example"}, net().settings());
    REQUIRE(servers.size() == 2);
    CHECK(servers[0].host.addresses == std::vector<std::string>{"127.0.0.21"});
    CHECK(servers[1].host.addresses == std::vector<std::string>{"127.0.0.22"});
    CHECK(servers[0].source == "the zone above");
}

TEST_CASE("an inside server is not called unknown to all while the zone above is down") {
    const auto servers =
        find_servers(DomainName::from_stored("shop.shut"), {"ns.shop.shut"}, net().settings());
    REQUIRE(servers.size() == 1);
    CHECK(servers[0].host.state == State::not_known_now);
}
